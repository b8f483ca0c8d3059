"""Proposes changes to Python specs of earlier versions as a patch: a program is changed only by its author."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from mlplatform.reading.migrate.text import Edit, apply_edits
from mlplatform.spec.problem import Problem
from mlplatform.spec.versions import CURRENT, RENAMES

_FIELD = "spec_version"


def outdated(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The problems of a spec that a migration fixes."""
    former = {rename.name for rename in RENAMES}
    return tuple(
        problem
        for problem in problems
        if problem.path == _FIELD
        or problem.path.endswith(f".{_FIELD}")
        or (problem.got == "an unknown field" and problem.path.rpartition(".")[2] in former)
    )


def edits(problem: Problem, text: str) -> tuple[Edit, ...]:
    """The change that fixes a problem; none if its field is not written as a keyword in that line."""
    name = problem.path.rpartition(".")[2]
    starts = _starts(text)
    return tuple(
        edit
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.keyword) and node.arg == name and node.lineno == problem.line
        for edit in _edit(node, name, text, starts)
    )


def patch(file: Path, text: str, changes: tuple[Edit, ...]) -> str:
    """A patch of one file, as `git apply` and `patch -p1` take it."""
    after = apply_edits(text, changes)
    lines = unified_diff(
        text.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{file.as_posix()}", f"b/{file.as_posix()}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _edit(node: ast.keyword, name: str, text: str, starts: list[int]) -> Iterator[Edit]:
    if name == _FIELD:
        value = node.value
        if isinstance(value, ast.Constant) and value.end_lineno and value.end_col_offset is not None:
            start = _at(text, starts, value.lineno, value.col_offset)
            end = _at(text, starts, value.end_lineno, value.end_col_offset)
            yield Edit(start, end, str(CURRENT), node.lineno, f"{_FIELD} is {CURRENT}")
        return
    rename = next(rename for rename in RENAMES if rename.name == name)
    start = _at(text, starts, node.lineno, node.col_offset)
    description = f"{rename.path} is `{rename.to}` since version {rename.since}: {rename.reason}"
    yield Edit(start, start + len(name), rename.to, node.lineno, description)


def _starts(text: str) -> list[int]:
    """The positions at which lines begin."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def _at(text: str, starts: list[int], line: int, column: int) -> int:
    """The position in the text of a place in Python's syntax, which counts bytes."""
    content = text[starts[line - 1] : starts[line]]
    return starts[line - 1] + len(content.encode()[:column].decode())
