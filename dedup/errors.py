"""Everything that can go wrong, as one tree; each message says where, what was met, what was wanted and what to do.

DedupError
├── InputError       a record or file cannot be used
├── SettingsError    a setting has a value it cannot have
├── SketchMismatch   two sketches were made with different settings
└── MissingExtra     a feature needs a package that is not installed
"""

from __future__ import annotations


class DedupError(Exception):
    """The root of every error a user can cause."""

    exit_code = 2


class InputError(DedupError):
    """A record or file that cannot be used, named by ``where`` (``file:line``) and ``reason``."""

    exit_code = 3

    def __init__(self, where: str, reason: str) -> None:
        self.where = where
        self.reason = reason
        super().__init__(f"{where}: {reason}")


class SettingsError(DedupError):
    """A setting ``name`` with a ``value`` outside what is ``allowed``."""

    def __init__(self, name: str, value: object, allowed: str) -> None:
        self.name = name
        self.value = value
        self.allowed = allowed
        super().__init__(f"{name} is {value!r}; it can be {allowed}")


class SketchMismatch(DedupError):
    """Two sketches made with different settings, which cannot be compared."""

    def __init__(self, ours: object, theirs: object) -> None:
        self.ours = ours
        self.theirs = theirs
        super().__init__(
            f"sketches differ in their settings: {ours} against {theirs}; sketch both with the same settings"
        )


class MissingExtra(DedupError):
    """A ``feature`` whose optional ``package`` is not installed; ``extra`` is the extra that brings it."""

    def __init__(self, feature: str, package: str, extra: str = "") -> None:
        self.feature = feature
        self.package = package
        self.extra = extra
        install = f"'samestory[{extra}]'" if extra else package
        super().__init__(f"{feature} needs the package {package!r}; install it with: pip install {install}")
