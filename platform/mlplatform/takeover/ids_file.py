"""Reads a mapping of logical names to ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from mlplatform.reading.document import read_yaml
from mlplatform.reading.file import read_text
from mlplatform.reading.partial import Unacceptable
from mlplatform.reading.yaml_tree import NotReadable
from mlplatform.spec.problem import Problem

_EXPECTED = "a mapping of logical name to id, as `mlplatform import SPEC --format ids` writes it"


def read_ids_file(file: Path) -> Mapping[str, str]:
    """The ids by name; an empty one where the id follows from the spec.

    Raises:
        Unacceptable: with every problem.
    """
    try:
        document = read_yaml(read_text(file))
    except NotReadable as error:
        refused = Problem("", error.got, error.expected, error.fix, file=str(file), line=error.line)
        raise Unacceptable(refused) from None
    except Unacceptable as error:
        raise Unacceptable(*(replace(problem, file=str(file)) for problem in error.problems)) from None
    data: object = document.data
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise Unacceptable(Problem("", "no mapping", _EXPECTED, "write one line for each resource", file=str(file)))
    entries = cast("Mapping[object, object]", data)
    wrong = [
        Problem(str(name)[:80], _got(id_), "a text, the resource's id", "put it in quotes", file=str(file))
        for name, id_ in entries.items()
        if id_ is not None and not isinstance(id_, str)
    ]
    if wrong:
        raise Unacceptable(*wrong)
    return {str(name): str(id_ or "") for name, id_ in entries.items()}


def _got(value: object) -> str:
    return f"the number {value}" if isinstance(value, int | float) else f"a {type(value).__name__}"
