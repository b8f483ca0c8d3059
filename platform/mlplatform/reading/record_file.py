"""Reads and writes the record of releases beside a spec."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

from mlplatform.reading.describe.shape import Location
from mlplatform.reading.file import read_text
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import RECORD_FOLDER, ReleaseRecord


def record_file(spec_file: Path, spec: PlatformSpec) -> Path:
    """The record of a spec's environment: `models/<environment>.json` in the folder of the spec's file."""
    return spec_file.parent / RECORD_FOLDER / f"{spec.environment}.json"


def read_record(file: Path, spec: PlatformSpec) -> tuple[ReleaseRecord | None, tuple[Problem, ...]]:
    """The record, and its problems; None where there is none or it is refused.

    Args:
        file: where it is.
        spec: the platform that it must belong to.
    """
    if not file.is_file():
        return None, ()
    from pydantic import ValidationError

    from mlplatform.reading.document import read_json
    from mlplatform.reading.yaml_tree import NotReadable

    try:
        document = read_json(read_text(file))
    except NotReadable as error:
        return None, (Problem("", error.got, error.expected, error.fix, file=str(file), line=error.line),)
    except Unacceptable as refused:
        return None, tuple(_in(problem, file) for problem in refused.problems)
    values = document.data
    if not isinstance(values, dict):
        return None, (
            Problem("", "no mapping", "a record of releases", "let `mlplatform promote` write it", file=str(file)),
        )
    data = cast("dict[str, object]", values)
    data.pop("$schema", None)  # editors look for it
    try:
        record = ReleaseRecord.model_validate(data)
    except ValidationError as error:
        return None, tuple(_problems(error, file, lambda at: _line(document.lines, at)))
    return _of_spec(record, file, spec, lambda at: _line(document.lines, at))


def record_text(record: ReleaseRecord) -> str:
    """The text of a record: sorted, without unset fields, the same for the same releases."""
    body = record.model_dump(mode="json", exclude_defaults=True)
    head = {"record_version": record.record_version, "platform": record.platform, "environment": record.environment}
    body = {**head, "targets": body.get("targets", {})}
    return json.dumps(body, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write_record(file: Path, record: ReleaseRecord) -> None:
    """Write a record, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(record_text(record), encoding="utf-8")
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _problems(error: Exception, file: Path, line: Callable[[Location], int | None]) -> list[Problem]:
    from pydantic import ValidationError

    from mlplatform.reading.refusals.errors import problems_of

    assert isinstance(error, ValidationError)
    return [_in(problem, file, line(location)) for location, problem in problems_of(error, ReleaseRecord)]


def _of_spec(
    record: ReleaseRecord, file: Path, spec: PlatformSpec, line: Callable[[Location], int | None]
) -> tuple[ReleaseRecord | None, tuple[Problem, ...]]:
    """The record, refused where it belongs to another platform or environment."""
    problems = [
        Problem(
            field,
            got,
            f"'{wanted}', as in the spec",
            f"write '{wanted}', or keep the specs of each platform in a folder of its own",
            file=str(file),
            line=line((field,)),
        )
        for field, got, wanted in (
            ("platform", record.platform, spec.name),
            ("environment", record.environment, spec.environment),
        )
        if got != wanted
    ]
    return (None if problems else record), tuple(problems)


def _line(lines: dict[Location, int], at: Location) -> int | None:
    return next((lines[part] for end in range(len(at), -1, -1) if (part := at[:end]) in lines), None)


def _in(problem: Problem, file: Path, line: int | None = None) -> Problem:
    from dataclasses import replace

    return replace(problem, file=str(file), line=line or problem.line)
