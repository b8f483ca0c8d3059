"""Code kept in one file between processes: for each source file what was made of it, and the time and size it had then.

A file is written as a whole beside the old one and then renamed, so that each process reads a whole file, and of two
processes that write at once the later one wins. What does not fit is left out: another interpreter, another version of
this format, a source that has changed, bytes that have.
"""

from __future__ import annotations

import atexit
import marshal
import os
import sys
from contextlib import suppress
from importlib.util import MAGIC_NUMBER
from io import FileIO
from typing import Any
from zlib import crc32

from mlplatform.fast.cache_folder import ENDING, cache_folder, forget_unused, make_folder, own_folder
from mlplatform.fast.switch import report_unused

Stamp = tuple[str, int, int]
"""A source file: its path, its time of change in nanoseconds, its size."""

_HEAD = b"mlplatform code 1\n" + MAGIC_NUMBER
_NUMBERS = 12
_LARGEST = 100_000_000
"""Bytes; a file that would become larger is begun anew with what the process used."""
_STANDARD = (0, 1, 2)


class CodeStore:
    """Values of one file by name; a value is anything that `marshal` writes."""

    def __init__(self, name: str, version: str) -> None:
        """Open a file; no file, or one that does not fit, is empty.

        Args:
            name: of the file.
            version: of what its sources belong to, for example of an SDK; values of another version are left out.
        """
        self._version = version
        self._process = os.getpid()
        self._file: FileIO | None = None
        self._index: dict[str, tuple[Stamp, int, int, int]] = {}
        self._start = 0
        self._used: set[str] = set()
        self._new: dict[str, tuple[Stamp, Any, bytes | None]] = {}
        folder = cache_folder()
        self._path = folder and os.path.join(folder, f"{name}-{sys.implementation.cache_tag}{ENDING}")
        if folder and self._path:
            if own_folder(folder):
                self._open(self._path)
            atexit.register(self.save)

    @property
    def on(self) -> bool:
        """False where nothing is kept."""
        return bool(self._path)

    def _open(self, path: str) -> None:
        try:
            # what is read piece by piece is not held in memory; the process ends with it
            file = open(path, "rb", buffering=0)  # noqa: SIM115
            if file.fileno() in _STANDARD:
                # it took the place of a closed stream, where others write, or put another file
                file.close()
                self._path = None
                return
            head = file.read(len(_HEAD) + _NUMBERS)
            length, total, check = (
                int.from_bytes(head[at : at + 4], "little") for at in range(len(_HEAD), len(_HEAD) + _NUMBERS, 4)
            )
            listed = file.read(length)
            if head[: len(_HEAD)] != _HEAD or os.fstat(file.fileno()).st_size != total or crc32(listed) != check:
                return
            version, index = marshal.loads(listed)
        except (OSError, ValueError, EOFError, TypeError):
            return
        if version == self._version:
            self._file, self._index, self._start = file, index, len(head) + length

    def stamp(self, name: str) -> Stamp | None:
        """The source that a value was made of, as it was then."""
        found = self._index.get(name)
        return found and found[0]

    def get(self, name: str, stamp: Stamp) -> object:
        """The value of a name, if it was made of this very source; else None."""
        if name in self._new:
            made_of, value, _ = self._new[name]
            return value if made_of == stamp else None
        found = self._index.get(name)
        if found is None or found[0] != stamp:
            return None
        _, at, length, check = found
        blob = self._part(at, length)
        if crc32(blob) != check:
            return None
        self._used.add(name)
        return marshal.loads(blob)

    def _part(self, at: int, length: int) -> bytes:
        if self._file is None:
            return b""
        if sys.platform == "win32":
            self._file.seek(self._start + at)
            return self._file.read(length)
        # threads and a fork share the file's position
        return os.pread(self._file.fileno(), length, self._start + at)

    def put(self, name: str, stamp: Stamp, value: object, blob: bytes | None = None) -> None:
        """Keep a value for later processes; `blob` is what `marshal` writes of it, where that is known."""
        if self._path:
            self._new[name] = (stamp, value, blob)

    def save(self) -> None:
        """Write the file, if there is something new in this process; what cannot be written is no error."""
        if not self._new or not self._path or os.getpid() != self._process:
            return
        kept = {name: entry for name, entry in self._index.items() if name not in self._new}
        new = [(name, stamp, blob or marshal.dumps(value)) for name, (stamp, value, blob) in self._new.items()]
        if sum(len(blob) for _, _, blob in new) + sum(length for _, _, length, _ in kept.values()) > _LARGEST:
            kept = {name: entry for name, entry in kept.items() if name in self._used}
        values = [(name, stamp, self._part(at, length)) for name, (stamp, at, length, _) in kept.items()]
        self._new.clear()
        if make_folder(os.path.dirname(self._path)):
            _replace_file(self._path, _whole_file(self._version, [*values, *new]))
            forget_unused(os.path.dirname(self._path))

    def close(self) -> None:
        """Write what is new, and let go of the file: nothing is found afterwards."""
        self.save()
        if self._file:
            self._file.close()
            self._file = None


def _whole_file(version: str, values: list[tuple[str, Stamp, bytes]]) -> list[bytes]:
    """The parts of a file, in order; joined they would need their memory twice."""
    # the places are counted from the end of the list, whose length depends on them
    index: dict[str, tuple[Stamp, int, int, int]] = {}
    at = 0
    for name, stamp, blob in values:
        index[name] = (stamp, at, len(blob), crc32(blob))
        at += len(blob)
    listed = marshal.dumps((version, index))
    total = len(_HEAD) + _NUMBERS + len(listed) + at
    numbers = b"".join(number.to_bytes(4, "little") for number in (len(listed), total, crc32(listed)))
    return [_HEAD, numbers, listed, *(blob for _, _, blob in values)]


def _replace_file(path: str, parts: list[bytes]) -> None:
    beside = f"{path}.{os.getpid()}"
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.writelines(parts)
        os.replace(beside, path)
    except OSError as error:
        report_unused("the cache", f"{path}: {error.strerror}")
        with suppress(OSError):
            os.unlink(beside)
