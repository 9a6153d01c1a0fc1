"""Ctrl-C ends a run within a second, whatever the run is doing.

Python raises KeyboardInterrupt only between two steps of the main thread, which may be deep in a compiled loop or
waiting for worker threads. So the operating system's signal also wakes a watcher, which ends the process itself if
the orderly way takes too long.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

INTERRUPTED = 130
_GRACE_SECONDS = 0.6
_seen = threading.Event()


def seen() -> bool:
    """Say whether the person asked to stop."""
    return _seen.is_set()


def leave() -> NoReturn:
    """End the process at once with 130; neither worker threads nor a pipe that nobody reads can hold it.

    What stdout still buffers is dropped: flushing it could wait for ever.
    """
    if output := sys.modules.get("dedup.cli.output"):
        output.discard_unfinished()
    with contextlib.suppress(OSError):
        os.write(2, b"dedup: interrupted\n")
    os._exit(INTERRUPTED)


@contextlib.contextmanager
def within_a_second() -> Iterator[None]:
    """Watch for SIGINT while the block runs; a run outside the main thread, or on Windows, is not watched."""
    if os.name == "nt" or threading.current_thread() is not threading.main_thread():
        yield
        return
    heard, told = os.pipe()
    os.set_blocking(told, False)
    before = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    done = threading.Event()
    threading.Thread(target=_watch, args=(heard, done), daemon=True).start()
    try:
        yield
    finally:
        done.set()
        signal.set_wakeup_fd(before)
        os.close(told)


def _watch(heard: int, done: threading.Event) -> None:
    """Wait for SIGINT; then give the main thread its grace and end the process if that was not enough."""
    while number := os.read(heard, 1):
        if number[0] == signal.SIGINT:
            _seen.set()
            if not done.wait(_GRACE_SECONDS):
                leave()
    os.close(heard)
