"""The folder for what was found once: `MLPLATFORM_CACHE`, or where the system keeps caches of programs.

It can be deleted at any time. Nothing in it is of more than one machine.
"""

from __future__ import annotations

import os
import sys
import time

from mlplatform.fast.switch import plain_requested, report_unused

CACHE_VARIABLE = "MLPLATFORM_CACHE"
"""Another folder; `0`, `off` or nothing: no cache."""
_OFF = ("", "0", "off", "no", "false")
_OTHERS_WRITE = 0o022
_UNUSED_DAYS = 30
ENDING = ".code"
"""Of the names of files in it; while one is written, its name goes on with the number of the process."""


def cache_folder() -> str | None:
    """The folder, which need not exist; None where nothing is to be kept."""
    asked = os.environ.get(CACHE_VARIABLE)
    if plain_requested() or (asked is not None and asked.strip().lower() in _OFF):
        return None
    if asked is not None:
        return os.path.abspath(os.path.expanduser(asked))
    folder = os.path.join(_system_folder(), "mlplatform")
    return folder if os.path.isabs(folder) else None


def _system_folder() -> str:
    """Where the system keeps caches: https://specifications.freedesktop.org/basedir-spec/latest/ on Linux."""
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches")
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    # "All paths must be absolute. … If an implementation encounters a relative path it should … ignore it."
    return chosen if os.path.isabs(chosen) else os.path.expanduser("~/.cache")


def make_folder(folder: str) -> bool:
    """Make a folder for this user alone; false where that fails, or where somebody else's is there."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as error:
        report_unused("the cache", f"{folder}: {error.strerror}")
        return False
    return own_folder(folder)


def own_folder(folder: str) -> bool:
    """True if a folder is there and nobody else can put code into it."""
    try:
        found = os.stat(folder)
    except OSError:
        return False
    if sys.platform != "win32" and (found.st_uid != os.geteuid() or found.st_mode & _OTHERS_WRITE):
        report_unused("the cache", f"{folder} belongs to another user, or others may write to it")
        return False
    return True


def forget_unused(folder: str) -> None:
    """Remove what nobody has read or written for 30 days: an environment that is gone, or an SDK's former version.

    Where the system does not note when a file is read, one that is in use is removed too, and is made anew.
    """
    oldest = time.time() - _UNUSED_DAYS * 24 * 3600
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                found = entry.stat(follow_symlinks=False)
                unused = max(found.st_atime, found.st_mtime) < oldest
                if unused and _is_ours(entry.name) and entry.is_file(follow_symlinks=False):
                    os.unlink(entry.path)
    except OSError as error:  # another process removes it too, or has it open
        report_unused("tidying of the cache", f"{folder}: {error.strerror}")


def _is_ours(name: str) -> bool:
    """Whether a file's name is one that is given here: the folder may be one where somebody keeps other things."""
    head, ending, process = name.rpartition(ENDING)
    named = f"-{sys.implementation.name}-" in head
    return bool(ending) and named and (not process or process.removeprefix(".").isdecimal())


def folder_size(folder: str) -> int:
    """Bytes of the files in a folder; 0 where there is none."""
    try:
        with os.scandir(folder) as entries:
            return sum(entry.stat().st_size for entry in entries if entry.is_file())
    except OSError:
        return 0
