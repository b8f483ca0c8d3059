"""Refuses secrets in the text of a spec, which stands in Git, plans and comments, and what no program can read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import cast

from pydantic import BaseModel

from mlplatform.field_problem import FieldPath, FieldProblem
from mlplatform.secret_text import HIDDEN, has_secret_form, holds_secret
from mlplatform.snippet import Snippet

_NAMED = frozenset({"tags", "labels"})
"""Mappings whose keys are names that people chose. A container's variables are looked at by its endpoint."""
_ELSEWHERE = frozenset({"env", "secrets"})
_NO_TEXT = (int, float, NoneType)
"""Most values of a spec; a whole spec is looked through whenever it is validated."""


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""A NUL ends an argument or a variable of a process; the others stand in no YAML and in few fields of a cloud."""


def _control_problems(path: FieldPath, text: str) -> Iterator[FieldProblem]:
    if found := _CONTROL.search(text):
        yield FieldProblem(
            path,
            "text without control characters, but for tabs and ends of lines",
            "remove them; a program that needs bytes reads them from a file",
            got=f"the character U+{ord(found[0]):04X}",
        )


def variable_problems(variables: Mapping[str, str], *, secrets: bool = True) -> Iterator[FieldProblem]:
    """Variables of a container, in its field `env`, that are secrets by their form or their name.

    Args:
        variables: value by name.
        secrets: whether the container has a field `secrets` too.
    """
    for name, value in variables.items():
        yield from _control_problems(("env", name), value)
        if holds_secret(name, value):
            yield FieldProblem(
                ("env", name),
                "no secret: everybody who may view the container, the plan or the repository reads its variables",
                "revoke the value, which Git keeps, put a new one into the cloud's secret store, and "
                + ("in place of the variable write" if secrets else "let the program read it there by its identity"),
                got=HIDDEN,
                secret=True,
                write=Snippet({name: name.lower().replace("_", "-")}, field="secrets") if secrets else None,
            )


def text_problems(model: BaseModel) -> Iterator[FieldProblem]:
    """Every other text of a spec that is a secret by its form, or has control characters, and tags and labels whose
    names say that they are secrets."""
    yield from _problems(model, (), named=False)


def _problems(value: object, path: FieldPath, *, named: bool) -> Iterator[FieldProblem]:
    if isinstance(value, str):
        yield from _control_problems(path, value)
        if has_secret_form(value) or (named and holds_secret(str(path[-1]), value)):
            yield FieldProblem(
                path,
                "no secret: a spec stands in Git, in plans and in comments",
                "remove it, keep it in the cloud's secret store, and revoke it, because Git keeps it",
                got=HIDDEN,
                secret=True,
            )
    elif isinstance(value, BaseModel):
        fields = type(value).model_fields
        for name, item in value.__dict__.items():
            if (
                not isinstance(item, _NO_TEXT)
                and name in fields
                and not (name in _ELSEWHERE and isinstance(item, dict))
            ):
                yield from _problems(item, (*path, name), named=name in _NAMED)
    elif isinstance(value, Mapping):
        for name, item in cast("Mapping[object, object]", value).items():
            if isinstance(name, str) and has_secret_form(name):
                yield FieldProblem(
                    path, "no secret as a name", "rename the entry, and revoke the secret", got=HIDDEN, secret=True
                )
            else:
                yield from _problems(item, (*path, str(name)), named=named)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _problems(item, (*path, index), named=False)
