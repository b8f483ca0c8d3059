"""Code kept in one file between processes: for each source file what was made of it, and the time and size it had then.

A file is written as a whole beside the old one and then renamed, so that each process reads a whole file, and of two
processes that write at once the later one wins. What does not fit is left out: another interpreter, another version of
this format, a source that has changed, bytes that have.

Values that are always used together are written as one: they share their texts, and are read in two thirds of the time.
"""

from __future__ import annotations

import atexit
import marshal
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import MAGIC_NUMBER
from io import FileIO
from typing import Any
from zlib import crc32

from mlplatform.fast.cache_folder import ENDING, cache_folder, forget_unused, make_folder, own_folder
from mlplatform.fast.switch import report_unused

Stamp = tuple[str, int, int]
"""A source file: its path, its time of change in nanoseconds, its size."""

_HEAD = b"mlplatform code 3\n" + MAGIC_NUMBER
_NUMBERS = 12
_APART = "-"
"""Group of a value that is used with several groups, or without its former one."""
_ALONE = ("", _APART)
_MOST_MOVED = 20
"""Values that are used together and stand alone; more of them are written anew, together."""
_LARGEST = 100_000_000
"""Bytes; a file that would become larger is begun anew with what the process used."""
_STANDARD = (0, 1, 2)


Place = tuple[Stamp, int, int, int, str, int]
"""Source, place in the file, length and sum of bytes; the group that a value is written with, empty where it stands
alone, and its position in that."""


_Alone = tuple[str, Stamp, bytes, str]
"""A value that stands alone: name, source, what `marshal` writes of it, and its group."""


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
        self.group = ""
        """What is used from now on is used together with all else of this group; empty: alone."""
        self._index: dict[str, Place] = {}
        self._start = 0
        self._used: set[str] = set()
        self._new: dict[str, tuple[Stamp, Any, bytes | None, str]] = {}
        self._loaded: dict[int, list[Any]] = {}
        self._moved: dict[str, str] = {}
        self._groups: dict[str, bool] = {}
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
            made_of, value, _, _ = self._new[name]
            return value if made_of == stamp else None
        found = self._index.get(name)
        if found is None or found[0] != stamp:
            return None
        _, at, length, check, group, position = found
        values = self._loaded.get(at)
        if values is None or values[position] is None:
            loaded = self._read(at, length, check)
            if loaded is None:
                return None
            if not group and self.group:
                self._moved[name] = self.group
            elif group not in _ALONE:
                self._groups.setdefault(group, group == self.group)
            values = [loaded] if group in _ALONE else list(loaded)
            self._loaded[at] = values
        self._used.add(name)
        # it belongs to its user from now on
        value, values[position] = values[position], None
        return value

    def _read(self, at: int, length: int, check: int) -> Any:  # noqa: ANN401 - any value
        """What stands at a place; None where its bytes have changed."""
        blob = self._part(at, length)
        return marshal.loads(blob) if crc32(blob) == check else None

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
            apart = name in self._index and self._index[name][4] == _APART
            self._new[name] = (stamp, value, blob, _APART if apart else self.group)

    def save(self) -> None:
        """Write the file, if there is something new in this process; what cannot be written is no error."""
        misplaced = dict(self._misplaced())
        if (
            not (self._new or misplaced or len(self._moved) > _MOST_MOVED)
            or not self._path
            or os.getpid() != self._process
        ):
            return
        self._moved |= misplaced
        alone, together = self._values()
        self._new.clear()
        self._moved.clear()
        self._groups.clear()
        if make_folder(os.path.dirname(self._path)):
            _replace_file(self._path, _whole_file(self._version, alone, together))
            forget_unused(os.path.dirname(self._path))

    def _misplaced(self) -> Iterator[tuple[str, str]]:
        """Values of groups of which this process had little use, and where they stand better.

        Read for one that others use without the rest, what was used stands apart; read in its own time, the rest alone.
        """
        for group, in_time in self._groups.items():
            members = {name for name, place in self._index.items() if place[4] == group}
            used = members & self._used
            if len(used) * 4 < len(members) * 3:  # the smallest spec uses nine of ten
                yield from ((name, "") for name in members - used) if in_time else ((name, _APART) for name in used)

    def _values(self) -> tuple[list[_Alone], dict[str, dict[str, tuple[Stamp, object]]]]:
        """Everything to write: values that stand alone, and the others by their groups."""
        old = {name: place for name, place in self._index.items() if name not in self._new}
        size = sum({at: length for _, at, length, *_ in old.values()}.values())
        if size + sum(len(blob or b"") for _, _, blob, _ in self._new.values()) > _LARGEST:
            old = {name: place for name, place in old.items() if name in self._used}
        alone: list[_Alone] = []
        together: dict[str, dict[str, tuple[Stamp, object]]] = {}
        # read anew: what was handed out may have changed
        groups: dict[int, Any] = {}
        for name, (stamp, at, length, check, group, position) in old.items():
            if (wanted := self._moved.get(name, group)) == group and group in _ALONE:
                alone.append((name, stamp, self._part(at, length), group))
                continue
            if at not in groups:
                groups[at] = self._read(at, length, check)
            if groups[at] is None:
                continue
            value = groups[at] if group in _ALONE else groups[at][position]
            if wanted in _ALONE:
                alone.append((name, stamp, marshal.dumps(value), wanted))
            else:
                together.setdefault(wanted, {})[name] = stamp, value
        for name, (stamp, value, blob, group) in self._new.items():
            if group in _ALONE:
                alone.append((name, stamp, blob or marshal.dumps(value), group))
            else:
                together.setdefault(group, {})[name] = stamp, value
        return alone, together

    def close(self) -> None:
        """Write what is new, and let go of the file: nothing is found afterwards."""
        self.save()
        if self._file:
            self._file.close()
            self._file = None


def _whole_file(
    version: str,
    alone: Sequence[_Alone],
    together: Mapping[str, Mapping[str, tuple[Stamp, object]]],
) -> list[bytes]:
    """The parts of a file, in order; joined they would need their memory twice."""
    # the places are counted from the end of the list, whose length depends on them
    index: dict[str, Place] = {}
    blobs: list[bytes] = []
    at = 0

    def add(blob: bytes, stamps: Mapping[str, Stamp], group: str) -> None:
        nonlocal at
        check = crc32(blob)
        for position, (name, stamp) in enumerate(stamps.items()):
            index[name] = (stamp, at, len(blob), check, group, position)
        blobs.append(blob)
        at += len(blob)

    for name, stamp, blob, group in alone:
        add(blob, {name: stamp}, group)
    for group, values in together.items():
        blob = marshal.dumps([value for _, value in values.values()])
        add(blob, {name: stamp for name, (stamp, _) in values.items()}, group)
    listed = marshal.dumps((version, index))
    total = len(_HEAD) + _NUMBERS + len(listed) + at
    numbers = b"".join(number.to_bytes(4, "little") for number in (len(listed), total, crc32(listed)))
    return [_HEAD, numbers, listed, *blobs]


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
