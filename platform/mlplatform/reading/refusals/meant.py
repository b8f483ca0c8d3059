"""What was plainly meant: a needed field under a misspelt name, and the kind of an entry in other words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import cast

from pydantic_core import ErrorDetails

from mlplatform.reading.describe.shape import Location, dotted_path, tag_of
from mlplatform.reading.placeholder import LEFT_OUT
from mlplatform.reading.refusals.finding import SpecFinding
from mlplatform.reading.refusals.instead import part_instead
from mlplatform.reading.refusals.redact import shown_value
from mlplatform.reading.refusals.words import word_for
from mlplatform.similar import nearest_names
from mlplatform.snippet import Part, Value
from mlplatform.spec.base import SpecModel
from mlplatform.spec.problem import Problem

_PLAIN = 0.8
"""How alike a word and a kind must be so that the rest is looked at as of that kind."""


def misspelt_fields(details: Sequence[ErrorDetails]) -> Mapping[Location, str]:
    """Unknown fields that are a missing one beside them, by location: what that one is called.

    Args:
        details: all errors of one validation.
    """
    missing: dict[Location, list[str]] = {}
    for detail in details:
        if detail["type"] == "missing":
            missing.setdefault(detail["loc"][:-1], []).append(str(detail["loc"][-1]))
    found: dict[Location, str] = {}
    for detail in details:
        names = missing.get(detail["loc"][:-1], []) if detail["type"] == "extra_forbidden" else []
        if name := meant_name(str(detail["loc"][-1]) if detail["loc"] else "", names):
            names.remove(name)
            found[detail["loc"]] = name
    return found


def meant_name(written: str, names: Sequence[str], cutoff: float = 0.6) -> str | None:
    """The one of some names that a word means; None where it resembles none of them.

    Args:
        written: the word.
        names: the accepted names.
        cutoff: how similar it must be, from 0 to 1.
    """
    if not names:
        return None
    return _surely(written, names) or next(iter(nearest_names(written, names, cutoff=cutoff)), None)


def _surely(written: str, names: Collection[str]) -> str | None:
    """The name that is the same but for case and signs, or that a word of another tool means."""
    plain = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in names}
    return plain.get(re.sub(r"[^a-z0-9]", "", written.lower())) or word_for(written, names)


def tag_finding(detail: ErrorDetails, location: Location, owners: Sequence[type[SpecModel]]) -> SpecFinding:
    """An entry that does not say of which kind it is, or says it in a word that is none.

    Args:
        detail: the error.
        location: of the entry.
        owners: the models that the entry may be.
    """
    context: Mapping[str, object] = detail.get("ctx", {})
    name = str(context.get("discriminator", "")).strip("'")
    known = {tag: owner for owner in owners if (tag := tag_of(owner))}
    kinds = f"one of {', '.join(sorted(known))}"
    if detail["type"] == "union_tag_invalid":
        given = str(context.get("tag"))
        sure, close = meant_name(given, list(known), _PLAIN), meant_name(given, list(known))
        at = (*location, name)
        word = _surely(given, known)
        fix = f"write '{word}'" if word else f"did you mean '{close}'?" if close else f"write {kinds}"
        problem = Problem(dotted_path(at), shown_value(context.get("tag"), at), kinds, fix)
        return SpecFinding(at, (), problem, instead={at: sure} if sure else {})
    written: object = detail["input"]
    given_fields: Mapping[str, object] = cast("Mapping[str, object]", written) if isinstance(written, Mapping) else {}
    taken = {field for owner in owners for field in owner.model_fields}
    for key in given_fields:
        if key not in taken and meant_name(key, [name]):
            at = (*location, key)
            problem = Problem(dotted_path(at), "an unknown field", f"{name}, which is missing here", f"write '{name}'")
            return SpecFinding(at, (), problem, instead={at: LEFT_OUT, (*location, name): given_fields[key]})
    if tags := [key for key in given_fields if key in known and isinstance(given_fields[key], str)]:
        tag = tags[0]
        others = {key: value for key, value in given_fields.items() if key != tag}
        if snippet := part_instead(given_fields[tag], (*location, 0), (known[tag],)) if not others else None:
            at = (*location, tag)
            problem = Problem(dotted_path(at), "an unknown field", f"the {name} as a field", "write", write=snippet)
            meant: Mapping[str, Value] = snippet.value.fields if isinstance(snippet.value, Part) else {}
            return SpecFinding(at, (), problem, instead={at: LEFT_OUT, **{(*location, k): v for k, v in meant.items()}})
    at = (*location, name)
    fitting = [tag for tag, owner in known.items() if set(given_fields) <= set(owner.model_fields)]
    sure = fitting[0] if given_fields and len(fitting) == 1 else None
    fix = f"add {name}: {sure}" if sure else f"add {name}"
    problem = Problem(dotted_path(at), "nothing", f"the {name} of this entry: {kinds}", fix)
    return SpecFinding(at, (), problem, instead={at: sure} if sure else {})
