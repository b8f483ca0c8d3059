"""Reads a spec file and reports all of its problems at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from mlplatform.fast.modules import used_together

used_together("spec")  # every command that reads a spec loads all of these

from mlplatform.catalog.today import reads_history
from mlplatform.deprecation import former_argument
from mlplatform.fast.record import record
from mlplatform.reading.describe.shape import Location, dotted_path
from mlplatform.reading.file import SUFFIXES, find_spec_file, read_text
from mlplatform.reading.partial import PartialSpec, Unacceptable
from mlplatform.snippet import Language
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

used_together("")

Lines = Callable[[Location], int | None]
_CONFLICT = re.compile(r"^<{7} |^>{7} ", re.MULTILINE)


@record()
class Loaded:
    """A spec, or its problems."""

    spec: PlatformSpec | None
    """The platform; None if there are problems."""

    problems: tuple[Problem, ...]
    """All problems, by file, line and path."""

    file: Path
    """The file that was read."""

    lines: Lines | None = None
    """The line of a value in the file, in Python of the statement that has it; None if nothing could be read."""

    rest: PlatformSpec | None = None
    """The platform as far as it is accepted; None where nothing is, or where there are no problems."""


def load(
    spec: str | Path,
    *,
    targets: Sequence[str] | None = None,
    clouds: Sequence[str] | None = None,
    record: bool = True,
    images: bool = True,
) -> Loaded:
    """Read and check a spec.

    Args:
        spec: a file, or the name of a stack in the project's `stacks/` folder.
        targets: names or clouds of the targets whose backends check the spec. Omitted: all.
        clouds: the former name of `targets`.
        record: whether to read the record of releases too. Omitted: it is read.
        images: whether to read the digests of the layer's images too. Omitted: they are read.

    Returns:
        The spec, or its problems; whatever the file contains, nothing is raised. A former version of a spec is read
        without its secrets, which a present one may not have.
    """
    file = Path(spec)
    problems: tuple[Problem, ...] = ()
    try:
        file = find_spec_file(spec)
        platform, line = _read(file)
        left = PartialSpec(platform, {}, line)
    except Unacceptable as unacceptable:
        problems, left = unacceptable.problems, unacceptable.partial
    # while a Python spec runs, these are loaded beside it
    from mlplatform.reading.images_file import images_file, read_images, unused_digests
    from mlplatform.reading.record_file import read_record, record_file

    if left and record:
        releases, refused = read_record(record_file(file, left.spec), left.spec)
        problems += left.certain(refused)
        left = replace(left, spec=left.spec.with_record(releases)) if releases else left
    if left and images:
        pinned, refused = read_images(images_file(file, left.spec), left.spec)
        problems += left.certain(refused)
        left = replace(left, spec=left.spec.with_pinned_images(pinned)) if pinned else left
    if left:
        problems += tuple(_by_backends(left, former_argument("targets", targets, "clouds", clouds)))
    if left and not problems:
        problems += tuple(unused_digests(left.spec, images_file(file, left.spec)))
    if left and reads_history() and all(problem.secret for problem in problems):
        # a change that takes a secret out of a spec must be reviewable
        problems = ()
    found = left.spec if left else None
    told = _sorted(problems, file)
    return Loaded(None if told else found, told, file, left.line if left else None, found if told else None)


def _sorted(problems: Sequence[Problem], file: Path) -> tuple[Problem, ...]:
    named = [(p if p.file else replace(p, file=str(file))).worded(_language(p.file or file.name)) for p in problems]
    unique = dict.fromkeys(named)
    return tuple(sorted(unique, key=lambda p: (p.file != str(file), p.file or "", p.line or 0)))


def _language(file: str) -> Language:
    match Path(file).suffix.lower():
        case ".json":
            return "json"
        case ".yaml" | ".yml":
            return "yaml"
        case _:
            return "python"


def _read(file: Path) -> tuple[PlatformSpec, Lines]:
    if file.suffix.lower() not in SUFFIXES:
        got = f"the extension '{file.suffix[:20]}'"
        raise Unacceptable(Problem("", got, f"one of {', '.join(SUFFIXES)}", "give it the extension of its content"))
    text = read_text(file)
    if not text.strip():
        raise Unacceptable(
            Problem("", "an empty file", "a platform", "write at least name, owner, cost_center and targets")
        )
    if conflict := _CONFLICT.search(text):
        got, fix = (
            "the marks of a merge conflict",
            "keep one of the two sides, and remove the marks <<<, === and >>>",
        )
        at = text.count("\n", 0, conflict.start()) + 1
        raise Unacceptable(Problem("", got, "a spec that is merged", fix, line=at))
    if file.suffix.lower() == ".py":
        used_together("spec")  # until the spec runs
        from mlplatform.reading.python_file import read_python

        own = file.absolute()
        try:
            return read_python(own, text)
        except Unacceptable as error:
            problems = (replace(p, file=str(file)) if p.file == str(own) else p for p in error.problems)
            raise Unacceptable(*problems, partial=error.partial) from None
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

    values = document.data
    if not isinstance(values, dict):
        got = "nothing but comments" if values is None else "a list or a single value"
        raise Unacceptable(Problem("", got, "a mapping of a platform's fields", "start with `name: …`"))
    data = cast("dict[str, object]", values)
    data.pop("$schema", None)  # editors look for it in JSON
    # where people keep what they refer to by anchors, as in Compose files
    for name in [name for name in data if str(name).startswith("x-")]:
        del data[name]
    if {"apiVersion", "kind"} <= data.keys():
        got = f"an object of Kubernetes, {str(data['kind'])[:40]}"
        raise Unacceptable(Problem("", got, "a platform", "name the file that has the spec", line=line(("kind",))))
    if _has_truth(data):
        from mlplatform.reading.truths import truths_as_text

        data = truths_as_text(PlatformSpec, data)
    try:
        return PlatformSpec.model_validate(data), line
    except ValidationError:
        refused = _refused(data, line)
        if not refused.problems:  # a refusal without a problem would be a defect: show it
            raise
        raise refused from None


def _has_truth(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_truth, cast("dict[object, object]", value).values()))
    if isinstance(value, list):
        return any(map(_has_truth, cast("list[object]", value)))
    return isinstance(value, bool)


def _refused(data: dict[str, object], line: Lines) -> Unacceptable:
    from mlplatform.reading.lenient import validate_leniently

    outcome = validate_leniently(PlatformSpec, data, PlatformSpec.model_validate)
    problems = [replace(problem, line=line(location)) for location, problem in outcome.problems]
    rest = outcome.model
    partial = PartialSpec(rest, outcome.dropped, line) if isinstance(rest, PlatformSpec) else None
    return Unacceptable(*problems, partial=partial)


def _by_backends(left: PartialSpec, targets: Sequence[str] | None) -> Iterator[Problem]:
    from mlplatform.reading.parity import cloud_problems, sibling_problems

    found = [
        located
        for target in left.spec.targets
        if not targets or target.name in targets or target.cloud in targets
        for located in cloud_problems(left.spec, target)
    ]
    for location, problem in (*found, *sibling_problems(left.spec)):
        if left.depends_on_placeholder(problem):
            continue
        whole = left.location_in_spec(location)
        if whole is not None:
            yield replace(problem, path=dotted_path(whole), line=left.line(whole))
