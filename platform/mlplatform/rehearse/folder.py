"""The throwaway folder of a rehearsal, which is gone after it, however it ends."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from mlplatform.rehearse.signals import signals_held, signals_raise


@contextmanager
def throwaway_folder(stack: str, *, keep: bool) -> Generator[Path]:
    """A new folder in the system's folder for temporary files (`TMPDIR`), readable by its owner alone.

    Args:
        stack: part of its name.
        keep: leave it.
    """
    with signals_raise():
        with signals_held():
            folder = Path(tempfile.mkdtemp(prefix=f"mlplatform-rehearsal-{stack}-"))
        try:
            yield folder
        finally:
            if not keep:
                with signals_held():
                    remove_folder(folder)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it, also what a program made read-only; says what cannot be removed."""
    shutil.rmtree(folder, onerror=_again)
    if folder.exists():
        print(f"{folder}: could not be removed; it holds the state of a rehearsal, remove it by hand", file=sys.stderr)


def _again(remove: Callable[[str], object], path: str, error: object) -> None:
    """Remove something once more after its folder was made writable; what still fails is told by the caller."""
    del error
    try:
        for place in (os.path.dirname(path), path):
            if not os.path.islink(place):
                os.chmod(place, os.stat(place).st_mode | stat.S_IRWXU)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            remove(path)
    except OSError:
        return
