"""Reads a spec file and tells everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from mlplatform.fast.record import record
from mlplatform.reading.describe.shape import Location, dotted
from mlplatform.reading.file import SUFFIXES, find_spec_file, read_text
from mlplatform.reading.partial import PartialSpec, Unacceptable
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

Lines = Callable[[Location], int | None]


@record()
class Loaded:
    """A spec, or what is wrong with it."""

    spec: PlatformSpec | None
    """The platform; None where there are problems."""

    problems: tuple[Problem, ...]
    """Everything that is refused, by file, line and path."""

    file: Path
    """What was read."""


def load(spec: str | Path, *, clouds: Sequence[str] | None = None) -> Loaded:
    """Read and check a spec.

    Args:
        spec: a file, or the name of a stack in the project's `stacks/` folder.
        clouds: ask only these targets' backends. Omitted: every target's.

    Returns:
        The spec, or its problems; nothing is raised for whatever the file holds.
    """
    file = Path(spec)
    told: tuple[Problem, ...] = ()
    try:
        file = find_spec_file(spec)
        platform, line = _read(file)
        left = PartialSpec(platform, frozenset(), line)
    except Unacceptable as refused:
        told, left = refused.problems, refused.partial
    if left:
        told += tuple(_by_backends(left, clouds))
    return Loaded(None if told or not left else left.spec, _sorted(told, file), file)


def _sorted(problems: Sequence[Problem], file: Path) -> tuple[Problem, ...]:
    named = [p if p.file else replace(p, file=str(file)) for p in problems]
    unique = dict.fromkeys(named)
    return tuple(sorted(unique, key=lambda p: (p.file != str(file), p.file or "", p.line or 0)))


def _read(file: Path) -> tuple[PlatformSpec, Lines]:
    if file.suffix.lower() not in SUFFIXES:
        got = f"the extension '{file.suffix[:20]}'"
        raise Unacceptable(Problem("", got, f"one of {', '.join(SUFFIXES)}", "rename the file to what it holds"))
    text = read_text(file)
    if not text.strip():
        raise Unacceptable(
            Problem("", "an empty file", "a platform", "write at least name, owner, cost_center and targets")
        )
    if file.suffix.lower() == ".py":
        from mlplatform.reading.python_file import read_python

        own = file.absolute()
        try:
            return read_python(own, text)
        except Unacceptable as error:
            told = (replace(p, file=str(file)) if p.file == str(own) else p for p in error.problems)
            raise Unacceptable(*told, partial=error.partial) from None
    return _read_data(file, text)


def _read_data(file: Path, text: str) -> tuple[PlatformSpec, Lines]:
    from pydantic import ValidationError

    from mlplatform.reading.document import read_json, read_yaml
    from mlplatform.reading.yaml_tree import NotReadable

    try:
        document = read_json(text) if file.suffix.lower() == ".json" else read_yaml(text)
    except NotReadable as error:
        raise Unacceptable(Problem("", error.got, error.expected, error.fix, line=error.line)) from None

    def line(location: Location) -> int | None:
        return next(
            (
                document.lines[part]
                for end in range(len(location), -1, -1)
                if (part := location[:end]) in document.lines
            ),
            None,
        )

    found = document.data
    if not isinstance(found, dict):
        got = "nothing but comments" if found is None else "a list or a single value"
        raise Unacceptable(Problem("", got, "a mapping of a platform's fields", "start with `name: …`"))
    data = cast("dict[str, object]", found)
    data.pop("$schema", None)  # what editors look for in JSON
    try:
        return PlatformSpec.model_validate(data), line
    except ValidationError:
        refused = _refused(data, line)
        if not refused.problems:  # a refusal without a word would be a defect: let it show itself
            raise
        raise refused from None


def _refused(data: dict[str, object], line: Lines) -> Unacceptable:
    from mlplatform.reading.lenient import validate_leniently

    outcome = validate_leniently(PlatformSpec, data, PlatformSpec.model_validate)
    problems = [replace(problem, line=line(location)) for location, problem in outcome.found]
    rest = outcome.model
    partial = PartialSpec(rest, outcome.dropped, line) if isinstance(rest, PlatformSpec) else None
    return Unacceptable(*problems, partial=partial)


def _by_backends(left: PartialSpec, clouds: Sequence[str] | None) -> Iterator[Problem]:
    from mlplatform.reading.parity import cloud_problems

    for target in left.spec.targets:
        if clouds and target.cloud not in clouds:
            continue
        for location, problem in cloud_problems(left.spec, target):
            whole = left.whole(location)
            if whole is not None:
                yield replace(problem, path=dotted(whole), line=left.line(whole))
