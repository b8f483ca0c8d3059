"""Files and folders, local or in a cloud's store.

Arrow reads `s3://`, `gs://` and `abfs://`, so that no cloud's SDK is needed. It has no types, so it stays in here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, cast

_HOUR = re.compile(r"/(\d{4})/(\d{2})/(\d{2})(?:/(\d{2}))?/[^/]*$")


class Unreadable(Exception):
    """A place that cannot be read or written; the text says which and why."""


class MonitorPlace:
    """A folder or a file.

    Args:
        address: a path, or an address of a store such as `s3://bucket/capture/fraud-scorer`.

    Raises:
        Unreadable: the address has no known form.
    """

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        fs = cast("Any", import_module("pyarrow.fs"))
        self._kinds = fs
        try:
            if "://" in address:
                self._system, self._path = fs.FileSystem.from_uri(self.address)
            else:
                self._system, self._path = fs.LocalFileSystem(), str(Path(address).resolve())
        except (ValueError, OSError, NotImplementedError) as error:
            raise Unreadable(f"{address}: {_words(error)}") from None

    def files(self, *endings: str) -> list[str]:
        """The files of these endings in the folder and below, by name; the file itself if it is one.

        A folder that is not there has none: a store has no folders without files.

        Raises:
            Unreadable: it may not be listed.
        """
        try:
            found = self._system.get_file_info(self._path)
            if found.type == self._kinds.FileType.File:
                return [str(found.path)]
            if found.type == self._kinds.FileType.NotFound:
                return []
            listed = self._system.get_file_info(self._kinds.FileSelector(self._path, recursive=True))
        except OSError as error:
            raise Unreadable(f"{self.address}: {_words(error)}") from None
        return sorted(
            str(each.path)
            for each in listed
            if each.type == self._kinds.FileType.File and str(each.path).endswith(endings)
        )

    def lines(self, file: str) -> Iterator[str]:
        """The lines of a file, as far as they are text."""
        try:
            with self._system.open_input_stream(file) as stream:
                yield from io.TextIOWrapper(stream, encoding="utf-8", errors="replace")
        except OSError as error:
            raise Unreadable(f"{file}: {_words(error)}") from None

    def text(self, name: str) -> str | None:
        """A file of the folder; None where it is not there."""
        path = f"{self._path}/{name}"
        try:
            if self._system.get_file_info(path).type != self._kinds.FileType.File:
                return None
            with self._system.open_input_stream(path) as stream:
                return cast("bytes", stream.read()).decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Unreadable(f"{self.address}/{name}: {_words(error)}") from None

    def write(self, name: str, text: str) -> None:
        """Write a file of the folder."""
        try:
            if isinstance(self._system, self._kinds.LocalFileSystem):
                self._system.create_dir(self._path, recursive=True)
            with self._system.open_output_stream(f"{self._path}/{name}") as stream:
                stream.write(text.encode("utf-8"))
        except OSError as error:
            raise Unreadable(f"{self.address}/{name}: {_words(error)}") from None

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
                with self._system.open_input_file(file) as stream:
                    table = parquet.ParquetFile(stream)
                    names = [name for name in dict.fromkeys(columns) if name in table.schema_arrow.names]
                    for batch in table.iter_batches(batch_size=rows, columns=names):
                        yield {name: _array(batch.column(name), arrow) for name in names}
            except (OSError, arrow.ArrowException) as error:
                raise Unreadable(f"{file}: {_words(error)}") from None


def _array(column: Any, arrow: Any) -> Any:  # noqa: ANN401 - untyped
    if arrow.types.is_floating(column.type) or arrow.types.is_integer(column.type):
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
