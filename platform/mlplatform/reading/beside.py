"""Reads and writes the files beside a spec that others than its author write: each a model, of one environment."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar, cast

from mlplatform.reading.describe.shape import Location
from mlplatform.reading.file import read_text
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.base import SpecModel
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


class _OfPlatform(Protocol):
    platform: str
    environment: str


M = TypeVar("M", bound=SpecModel)


def read_beside(
    file: Path, spec: PlatformSpec | None, kind: type[M], what: str, fix: str
) -> tuple[M | None, tuple[Problem, ...]]:
    """The content of a file, and its problems; None where there is none or it is refused.

    Args:
        file: where it is.
        spec: the platform that it must belong to. None: any.
        kind: what it holds, with fields `platform` and `environment`.
        what: the same for people: `a record of releases`.
        fix: how people get such a file.
    """
    if not file.is_file():
        return None, ()
    from pydantic import ValidationError

    from mlplatform.json_text import NotJson, parse_json

    try:
        text = read_text(file)
        values = parse_json(text)
    except NotJson as error:
        return None, (Problem("", error.got, error.expected, error.fix, file=str(file), line=error.line),)
    except Unacceptable as refused:
        return None, tuple(_in(problem, file) for problem in refused.problems)
    if not isinstance(values, dict):
        return None, (Problem("", "no mapping", what, fix, file=str(file)),)
    data = cast("dict[str, object]", values)
    data.pop("$schema", None)  # editors look for it
    try:
        content = kind.model_validate(data)
    except ValidationError as error:
        return None, tuple(_problems(error, kind, file, _finder(text)))
    problems = _of_spec(cast("_OfPlatform", content), file, spec, _finder(text)) if spec else ()
    return (None if problems else content), problems


def write_whole(file: Path, text: str) -> None:
    """Write a file, whole or not at all.

    Raises:
        Unacceptable: it cannot be written.
    """
    beside = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        got = f"it cannot be written: {error.strerror or type(error).__name__}"
        fix = "let the folder be writable, and run the command again"
        raise Unacceptable(Problem("", got, "a file that can be written", fix, file=str(file))) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _problems(
    error: Exception, kind: type[SpecModel], file: Path, line: Callable[[Location], int | None]
) -> list[Problem]:
    from pydantic import ValidationError

    from mlplatform.reading.refusals.errors import problems_of

    assert isinstance(error, ValidationError)
    return [_in(problem, file, line(location)) for location, problem in problems_of(error, kind)]


def _of_spec(
    content: _OfPlatform, file: Path, spec: PlatformSpec, line: Callable[[Location], int | None]
) -> tuple[Problem, ...]:
    """Another platform or environment than the spec's."""
    return tuple(
        Problem(
            field,
            got,
            f"'{wanted}', as in the spec",
            f"write '{wanted}', or keep the specs of each platform in a folder of its own",
            file=str(file),
            line=line((field,)),
        )
        for field, got, wanted in (
            ("platform", content.platform, spec.name),
            ("environment", content.environment, spec.environment),
        )
        if got != wanted
    )


def _finder(text: str) -> Callable[[Location], int | None]:
    """Finds the line of a value. They are read when the first is asked for: that takes far longer than the values."""
    from mlplatform.reading.document import read_json
    from mlplatform.reading.yaml_tree import NotReadable

    @cache
    def lines() -> dict[Location, int]:
        try:
            return read_json(text).lines
        except NotReadable:
            return {}

    def find(at: Location) -> int | None:
        known = lines()
        return next((known[part] for end in range(len(at), -1, -1) if (part := at[:end]) in known), None)

    return find


def _in(problem: Problem, file: Path, line: int | None = None) -> Problem:
    from dataclasses import replace

    return replace(problem, file=str(file), line=line or problem.line)
