"""What programs in containers need of a store: a listing, parts of objects, and writing whole ones.

Arrow's own file systems ask for more than such a program may have: that of S3 looks at objects and at buckets of other
regions, that of Azure at the access list of an account's `dfs` address, which needs more than a reader's role and a
private endpoint of its own (`CheckIfHierarchicalNamespaceIsEnabled` in Arrow's azurefs.cc, 2026-11).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from typing_extensions import Buffer

_BLOCK = 4 * 2**20
"""Bytes of one request."""


@dataclass(frozen=True)
class Listed:
    """An object of a store."""

    name: str
    """Its name, from the store's root."""

    size: int
    """Bytes."""


class ObjectStore(Protocol):
    """A bucket or container. Each method raises `OSError` where the store refuses or does not answer."""

    def listed(self, prefix: str) -> Iterator[Listed]:
        """The objects whose names begin so, each once."""
        ...

    def read(self, name: str, start: int, end: int) -> bytes:
        """The bytes of an object from `start` to before `end`, at least one."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Make or replace an object."""
        ...


class _Parts(io.RawIOBase):
    """An object as a file."""

    def __init__(self, store: ObjectStore, found: Listed) -> None:
        self._store, self._found, self._at = store, found, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._found.size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Buffer, /) -> int:
        view = memoryview(buffer)
        end = min(self._at + len(view), self._found.size)
        if end <= self._at:
            return 0
        data = self._store.read(self._found.name, self._at, end)
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


def open_object(store: ObjectStore, found: Listed) -> io.BufferedReader:
    """An object as a file that is read block by block."""
    return io.BufferedReader(_Parts(store, found), _BLOCK)
