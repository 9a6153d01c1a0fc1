"""``dedup completion``: the script that teaches a shell to complete commands, options and their values."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from dedup.cli.group import COMPLETION, group


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that makes SHELL complete the commands of dedup, their options and values.

    For bash, in ~/.bashrc: eval "$(dedup completion bash)". For zsh the same in ~/.zshrc, with zsh. For fish, in
    ~/.config/fish/config.fish: dedup completion fish | source
    """
    kind = get_completion_class(shell)
    assert kind is not None, shell
    click.echo(kind(group, {}, "dedup", COMPLETION).source())
