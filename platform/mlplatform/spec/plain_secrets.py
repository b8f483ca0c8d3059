"""Refuses secrets in the text of a spec, which stands in Git, plans and comments, and what no program can read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import cast

from pydantic import BaseModel

from mlplatform.field_problem import FieldPath, FieldProblem
from mlplatform.secret_text import HIDDEN, any_secret_form, has_secret_form, holds_secret
from mlplatform.snippet import Snippet

_NAMED = frozenset({"tags", "labels"})
"""Mappings whose keys are names that people chose. A container's variables are looked at by its endpoint."""
_ELSEWHERE = frozenset({"env", "secrets"})
_LISTS = (list, tuple)
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
    # a whole spec is looked through once more for each of its targets, and most have nothing
    texts, named = list[str](), list[dict[object, object]]()
    _gather(model, texts, named)
    if _CONTROL.search("\n".join(texts)) or any_secret_form(texts) or not all(map(_tells_nothing, named)):
        yield from _problems(model, (), named=False)


def _gather(value: object, texts: list[str], named: list[dict[object, object]]) -> None:
    """Every text that `_problems` looks at, with the keys of mappings; and the mappings whose keys people chose."""
    # the most frequent first, and what only asks for a type's name before what asks its metaclass
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, _LISTS):
        for item in cast("Iterable[object]", value):
            _gather(item, texts, named)
    elif isinstance(value, dict):
        for name, item in cast("dict[object, object]", value).items():
            _gather(name, texts, named)
            _gather(item, texts, named)
    elif isinstance(value, BaseModel):
        fields = type(value).__pydantic_fields__
        for name, item in value.__dict__.items():
            if isinstance(item, _NO_TEXT) or name not in fields:
                continue
            if isinstance(item, str):
                texts.append(item)
                continue
            if isinstance(item, dict):
                if name in _ELSEWHERE:
                    continue
                if name in _NAMED:
                    named.append(item)  # pyright: ignore[reportUnknownArgumentType] - whatever a spec has
            _gather(cast("object", item), texts, named)
    elif isinstance(value, Mapping):
        _gather(dict(cast("Mapping[object, object]", value)), texts, named)


def _tells_nothing(names: dict[object, object]) -> bool:
    """Whether the names of texts say of none that it is a secret; false where something is no text."""
    return all(isinstance(item, str) and not holds_secret(str(name), item) for name, item in names.items())


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
