"""Standard output and standard error of the command: their encoding, remarks, and an end that is no traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def prepare() -> None:
    """Make output the same bytes on every system and for every locale. Ends the command if there is no output."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", newline="\n", errors="backslashreplace")
    if sys.stdout is None:  # so it is if the shell has closed it
        say("standard output is closed")
        sys.exit(1)


def say(line: str) -> None:
    """One line on standard error, if there is one that takes it."""
    if sys.stderr is not None:
        with suppress(OSError):
            print("dragoman: " + " ".join(line.splitlines()), file=sys.stderr)


@contextmanager
def ending() -> Iterator[None]:
    """Ends the command with a status, and a line at most, if it is stopped or if its output can go nowhere."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
        return
    except BrokenPipeError:  # the reader of our output has seen enough, as `head` has
        status = 0
    except KeyboardInterrupt:
        say("stopped")
        status = 130
    except OSError as error:  # readers answer for what they read, so that this is what is written
        say(f"{error.filename or 'standard output'}: {error.strerror or error}")
        status = 1
    # What is still to be written would raise once more when Python ends.
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)
