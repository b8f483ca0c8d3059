"""Values of a spec in refusals: a text is shown in quotes, as the readers of specs show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from mlplatform.spec.base import SpecModel
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_PART = re.compile(r"\[([^\]]+)\]|([^.\[\]]+)")


def in_quotes(spec: PlatformSpec, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems that show the value at their path, or entries of it, as they stand in the spec.

    What a refusal says in its own words is left as it is.

    Args:
        spec: narrowed to the target that the problems are of.
        problems: as the checks of a cloud find them.
    """
    return tuple(replace(each, got=_shown(_value_at(spec, each.path), each.got)) for each in problems)


def _shown(value: object, got: str) -> str:
    if _is_text(value):
        return repr(got) if str(value) == got else got
    if isinstance(value, Mapping | tuple):
        entries = {str(entry) for entry in cast("Iterable[object]", value) if _is_text(entry)}
        if got in entries:
            return repr(got)
        listed = got.split(", ")
        if entries.issuperset(listed):
            return ", ".join(map(repr, listed))
    return got


def _is_text(value: object) -> bool:
    """Whether a value is written as a text in a spec: names, ranges and dates are; numbers and truths are not."""
    return value is not None and not isinstance(value, bool | int | float | SpecModel | Mapping | tuple | frozenset)


def _value_at(spec: PlatformSpec, path: str) -> object:
    """The value of a field path; None where there is none."""
    value: object = spec
    for match in _PART.finditer(path):
        name = match[1] or match[2]
        if isinstance(value, SpecModel):
            value = getattr(value, name, None)
        elif isinstance(value, Mapping):
            value = cast("Mapping[str, object]", value).get(name)
        elif isinstance(value, tuple):
            entries = cast("tuple[object, ...]", value)
            if name.isdigit():
                value = entries[int(name)] if int(name) < len(entries) else None
            else:
                value = next((each for each in entries if getattr(each, "name", None) == name), None)
        else:
            return None
    return value
