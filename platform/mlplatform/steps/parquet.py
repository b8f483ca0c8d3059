"""Reads columns of a Parquet file as plain values: Arrow has no types, so it stays in here."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, cast

from mlplatform.steps.cannot_judge import CannotJudge


def column_names(file: Path) -> list[str]:
    """The columns of a file.

    Raises:
        CannotJudge: it cannot be read.
    """
    return [str(name) for name in _read(file, "read_schema").names]


def read_columns(file: Path, names: list[str]) -> dict[str, list[object]]:
    """The values of some columns.

    Raises:
        CannotJudge: they cannot be read.
    """
    table = _read(file, "read_table", columns=names)
    return {name: cast("list[object]", table.column(name).to_pylist()) for name in names}


def _read(file: Path, how: str, **options: object) -> Any:  # noqa: ANN401 - untyped
    arrow, parquet = cast("Any", import_module("pyarrow")), cast("Any", import_module("pyarrow.parquet"))
    try:
        return getattr(parquet, how)(file, **options)
    except (OSError, arrow.ArrowException) as error:
        words = " ".join(str(error).split())[:200]
        raise CannotJudge(f"{file.name} cannot be read: {words}") from None
