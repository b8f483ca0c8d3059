"""Reads a usage file and reports all its problems at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from mlplatform.plan.cost.usage import DEFAULT, Usage
from mlplatform.reading.document import read_yaml
from mlplatform.reading.file import read_text
from mlplatform.reading.partial import Unacceptable
from mlplatform.reading.refusals.errors import problems_of
from mlplatform.reading.yaml_tree import NotReadable
from mlplatform.spec.problem import Problem


def read_usage_file(file: Path) -> Usage:
    """Read a YAML usage file; omitted fields have their documented defaults.

    Args:
        file: path of the file.

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
    if document.data is None:
        return DEFAULT
    try:
        return Usage.model_validate(document.data)
    except ValidationError as error:
        problems = (
            replace(problem.worded("yaml"), file=str(file), line=document.lines.get(location))
            for location, problem in problems_of(error, Usage)
        )
        raise Unacceptable(*problems) from None
