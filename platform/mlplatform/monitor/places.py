"""Files and folders, local or in a cloud's store.

Arrow has no types, so it stays in here.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from mlplatform.services.stores import SCHEMES, open_store
from mlplatform.services.stores.port import Listed, ObjectStore, open_object

_HOUR = re.compile(r"/(\d{4})/(\d{2})/(\d{2})(?:/(\d{2}))?/[^/]*$")


class Unreadable(Exception):
    """A place that cannot be read or written; the text says which and why."""


class _Disk:
    """The local disk as a store: names are paths."""

    def listed(self, prefix: str) -> Iterator[Listed]:
        """The files of a folder, which ends in a slash, and below; of anything else, the file itself."""
        found = Path(prefix)
        files = (each for each in found.rglob("*") if each.is_file()) if prefix.endswith("/") else (found,)
        yield from (Listed(str(each), each.stat().st_size) for each in files if each.is_file())

    def read(self, name: str, start: int, end: int) -> bytes:
        """A part of a file."""
        with Path(name).open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    def write(self, name: str, data: bytes) -> None:
        """Make or replace a file, and its folder."""
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)


class MonitorPlace:
    """A folder, or a local file.

    Args:
        address: a path, or an address of a store such as `s3://bucket/capture/fraud-scorer`.
        environment: variables that say who the process is. Omitted: its own.
        store: the store with the folder, which `address` then names. Omitted: by its address.

    Raises:
        Unreadable: the address has no known form, or nobody says who the process is.
    """

    def __init__(
        self, address: str, *, environment: Mapping[str, str] | None = None, store: ObjectStore | None = None
    ) -> None:
        self.address = address.rstrip("/")
        try:
            if store is not None:
                self._store, self._folder = store, self.address
            elif address.startswith(SCHEMES):
                self._store, self._folder = open_store(self.address, environment or os.environ)
            elif "://" in address:
                raise ValueError(f"expected a path, or an address that begins with {', '.join(SCHEMES)}")
            else:
                self._store, self._folder = _Disk(), str(Path(address).resolve())
        except (ValueError, OSError) as error:
            raise Unreadable(f"{address}: {_words(error)}") from None
        self._sizes: dict[str, Listed] = {}

    def files(self, *endings: str) -> list[str]:
        """The files of these endings in the folder and below, by name; the file itself if it is a local one.

        A folder that is not there has none: a store has no folders without files.

        Raises:
            Unreadable: it may not be listed.
        """
        try:
            found = list(self._store.listed(f"{self._folder}/" if self._folder else ""))
            if not found and isinstance(self._store, _Disk):
                found = list(self._store.listed(self._folder))
        except OSError as error:
            raise Unreadable(f"{self.address}: {_words(error)}") from None
        self._sizes |= {each.name: each for each in found}
        return sorted(each.name for each in found if each.name.endswith(endings))

    def lines(self, file: str) -> Iterator[str]:
        """The lines of one of the files, as far as they are text."""
        try:
            with open_object(self._store, self._sizes[file]) as stream:
                # some programs begin a file with a mark of its bytes' order, which is no part of the text
                yield from io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace")
        except OSError as error:
            raise Unreadable(f"{file}: {_words(error)}") from None

    def text(self, name: str) -> str | None:
        """A file of the folder; None where it is not there.

        It is looked for by a listing: a store that lets somebody see one folder alone answers a look at an object that
        is not there as it answers one at an object of others.
        """
        path = self._at(name)
        try:
            found = next((each for each in self._store.listed(path) if each.name == path), None)
            if found is None:
                return None
            with open_object(self._store, found) as stream:
                return stream.read().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise Unreadable(f"{self.address}/{name}: {_words(error)}") from None

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file of the folder."""
        try:
            self._store.write(self._at(name), content if isinstance(content, bytes) else content.encode("utf-8"))
        except OSError as error:
            raise Unreadable(f"{self.address}/{name}: {_words(error)}") from None

    def _at(self, name: str) -> str:
        return f"{self._folder}/{name}" if self._folder else name

    def tables(self, columns: Sequence[str], rows: int) -> Iterator[dict[str, Any]]:
        """The columns of all Parquet files of the folder, some rows at a time, as arrays of NumPy.

        Columns that a file does not have are left out.

        Raises:
            Unreadable: there is no such file, or one cannot be read.
        """
        arrow, parquet = cast("Any", import_module("pyarrow")), cast("Any", import_module("pyarrow.parquet"))
        files = self.files(".parquet")
        if not files:
            raise Unreadable(f"{self.address}: there is no file *.parquet")
        for file in files:
            try:
                with open_object(self._store, self._sizes[file]) as stream:
                    table = parquet.ParquetFile(stream)
                    there = table.schema_arrow.names
                    names = [name for name in dict.fromkeys(columns) if name in there]
                    if twice := [name for name in names if there.count(name) > 1]:
                        raise Unreadable(f"{file}: it has two columns {twice[0]}")
                    for batch in table.iter_batches(batch_size=rows, columns=names):
                        yield {name: _array(batch.column(name), arrow) for name in names}
            except (OSError, arrow.ArrowException) as error:
                raise Unreadable(f"{file}: {_words(error)}") from None


def _array(column: Any, arrow: Any) -> Any:  # noqa: ANN401 - untyped
    kinds = arrow.types
    # databases write whole numbers as decimals
    if any(known(column.type) for known in (kinds.is_floating, kinds.is_integer, kinds.is_decimal)):
        return column.cast(arrow.float64(), safe=False).to_numpy(zero_copy_only=False)
    return column.to_numpy(zero_copy_only=False).astype(object)


def in_window(file: str, start: datetime, end: datetime) -> bool:
    """Whether a file lies in an hour, or day, of the window, by its folder; files in no such folder count."""
    found = _HOUR.search(file)
    if found is None:
        return True
    year, month, day, hour = found.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), tzinfo=UTC)
    except ValueError:
        return True
    return start <= moment < end if hour else start.date() <= moment.date() <= end.date()


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
