"""The standard streams as a command finds them: any of them may be closed, full, or a pipe that nobody reads."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from typing import IO, NoReturn

_DEVICE_TROUBLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EBADF})
"""Errors of a disk or stream, which no program can do anything about."""


class _ClosedOutput(io.TextIOBase):
    """Standard output where it is closed: writing fails, as it does on every other output that takes nothing."""

    encoding = "utf-8"

    def write(self, text: str) -> NoReturn:
        del text
        raise OSError(errno.EBADF, "it is closed")


def open_streams() -> None:
    """Give every standard stream an object and a descriptor, and let no character stop a message.

    A file that is opened while a descriptor is free would get its number, and a subprocess would write into it.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            if os.open(os.devnull, os.O_RDWR) != number:  # the lowest free number
                return
    if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison] - Python says so where it is closed
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - as long as the process
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.stdout = _ClosedOutput()
    if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def output_trouble(error: OSError) -> str:
    """One sentence where an error is about a full disk or a stream that takes nothing; empty for any other."""
    if error.errno not in _DEVICE_TROUBLE:
        return ""
    reason = error.strerror or type(error).__name__
    if isinstance(error.filename, str):
        return f"{error.filename}: cannot be written: {reason}; free some space, or choose another place"
    return f"standard output cannot be written: {reason}; free some space, or write to a file with -o"


def give_up_output() -> None:
    """Let nothing more be written to standard output: Python flushes again at exit, and would complain there."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def say(text: str, stream: IO[str] | None = None) -> None:
    """Print a last message to standard error, which may be full itself."""
    with suppress(OSError, ValueError):
        print(text, file=stream or sys.stderr, flush=True)
