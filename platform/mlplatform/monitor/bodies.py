"""What is in the bodies: rows of a request and of its answer, in the forms that model servers read and write."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from typing import TypeAlias, cast

Row: TypeAlias = "dict[str, object] | list[object]"

LISTS = ("instances", "predictions", "dataframe_records", "records", "rows", "data", "inputs", "outputs", "result")
NESTED = ("input_data", "dataframe_split")


def rows_of(body: object, names: Sequence[str]) -> list[Row] | None:
    """The rows of a body; None where it has no known form.

    Args:
        body: JSON, or text of CSV or of lines of JSON.
        names: the fields that a row has.
    """
    if isinstance(body, str):
        return _rows_of_text(body, names)
    if isinstance(body, dict):
        return _rows_of_object(cast("dict[str, object]", body), names)
    if isinstance(body, list):
        return _rows_of_list(cast("list[object]", body), names)
    return [[body]] if isinstance(body, bool | int | float) else None


def _rows_of_object(body: dict[str, object], names: Sequence[str]) -> list[Row] | None:
    for name in NESTED:
        if isinstance(body.get(name), dict):
            return _rows_of_object(cast("dict[str, object]", body[name]), names)
    columns, data = body.get("columns"), body.get("data")
    if isinstance(columns, list) and isinstance(data, list):
        heads = [str(each) for each in cast("list[object]", columns)]
        if len(set(heads)) < len(heads):
            return None
        rows = [cast("list[object]", each) for each in cast("list[object]", data) if isinstance(each, list)]
        return [dict(zip(heads, row, strict=False)) for row in rows]
    if any(name in body for name in names):
        return [body]
    for name in LISTS:
        found = body.get(name)
        if isinstance(found, list):
            return _rows_of_list(cast("list[object]", found), names)
        if isinstance(found, bool | int | float):
            return [[found]]
    return None


def _rows_of_list(body: list[object], names: Sequence[str]) -> list[Row] | None:
    if not body:
        return []
    if all(isinstance(each, dict) for each in body):
        rows = cast("list[dict[str, object]]", body)
        if all({"name", "data"} <= set(row) for row in rows):
            return _tensors(rows, names)
        return _rows_of_bodies(rows, names) or [*rows]
    if all(isinstance(each, list) for each in body):
        return [cast("list[object]", each) for each in body]
    if any(isinstance(each, dict | list) for each in body):
        return None
    # plain values: one row of all inputs, or a row each
    return [body] if len(names) > 1 and len(body) == len(names) else [[each] for each in body]


def _rows_of_bodies(bodies: list[dict[str, object]], names: Sequence[str]) -> list[Row] | None:
    """The rows of several requests that were captured as one, since they came close together; None where the objects
    are rows themselves."""
    made: list[Row] = []
    if not are_bodies(bodies, names):
        return None
    for body in bodies:
        rows = _rows_of_object(body, names)
        if rows is None:
            return None
        made += rows
    return made


def are_bodies(found: Sequence[object], names: Sequence[str]) -> bool:
    """Whether these are requests, or answers, that were captured as one: objects with rows, and no rows themselves."""
    return all(
        isinstance(each, dict)
        and not any(name in each for name in names)
        and any(name in each for name in (*LISTS, *NESTED))
        for each in found
    )


def _tensors(tensors: list[dict[str, object]], names: Sequence[str]) -> list[Row] | None:
    """The Open Inference Protocol: a tensor a column, or one tensor of all columns."""
    columns = {str(each["name"]): each["data"] for each in tensors}
    if not all(isinstance(each, list) for each in columns.values()):
        return None
    lists = {name: cast("list[object]", each) for name, each in columns.items()}
    if len(lists) == 1 and not set(lists) & set(names):
        (data,) = lists.values()
        shape = tensors[0].get("shape")
        wide = (
            cast("list[object]", shape)[-1] if isinstance(shape, list) and len(cast("list[object]", shape)) > 1 else 1
        )
        if not isinstance(wide, int) or wide < 1:
            return None
        if any(isinstance(each, list) for each in data):
            return _rows_of_list(data, names)
        return [data[at : at + wide] for at in range(0, len(data), wide)]
    length = max((len(each) for each in lists.values()), default=0)
    if any(len(each) != length for each in lists.values()):
        return None
    return [{name: each[at] for name, each in lists.items()} for at in range(length)]


def _rows_of_text(text: str, names: Sequence[str]) -> list[Row] | None:
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return []
    if lines[0].lstrip().startswith(("{", "[")):
        try:
            parsed: list[object] = [json.loads(line) for line in lines]
        except (ValueError, RecursionError):
            return None
        made: list[Row] = []
        for each in parsed:
            rows = rows_of(each, names)
            if rows is None:
                return None
            made += rows
        return made
    try:
        table = list(csv.reader(lines))
    except csv.Error:
        return None
    heads = [cell.strip() for cell in table[0]]
    if set(heads) & set(names) and not any(_is_number(cell) for cell in heads):
        if len(set(heads)) < len(heads):
            return None
        return [dict(zip(heads, map(_value, row), strict=False)) for row in table[1:]]
    return [[_value(cell) for cell in row] for row in table]


def _value(cell: str) -> object:
    cell = cell.strip()
    if cell.lower() in ("", "nan", "null", "none"):
        return None
    return float(cell) if _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
