"""The command line: one file a command, each thin, each loading what it needs only when it runs."""

from dedup.cli.guard import main

__all__ = ["main"]
