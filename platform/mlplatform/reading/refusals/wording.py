"""The accepted values and the fix, for each kind of pydantic's errors."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, cast

from pydantic_core import ErrorDetails

from mlplatform.reading.describe.documentation import field_docs
from mlplatform.reading.describe.shape import Location
from mlplatform.reading.refusals.instead import (
    list_instead,
    mapping_instead,
    models_wanted,
    pair_wanted,
    part_instead,
    reference_instead,
)
from mlplatform.reading.refusals.quantities import meant_duration, meant_number
from mlplatform.reading.refusals.redact import HIDDEN, shown_value
from mlplatform.reading.refusals.regions import region_wording
from mlplatform.reading.refusals.texts import has_variable, legal_text, quoted_number
from mlplatform.reading.refusals.words import field_for, word_for
from mlplatform.reading.unordered import Unordered
from mlplatform.similar import nearest_names
from mlplatform.snippet import Snippet
from mlplatform.spec.base import SpecModel
from mlplatform.spec.not_addons import not_addon
from mlplatform.spec.versions import explain_version, find_rename

MAX_CHOICES = 24
"""Maximum of names that a message lists."""


class Wording(NamedTuple):
    """What is expected of a value, and what to do."""

    expected: str
    """The accepted values."""

    fix: str
    """What to do."""

    write: Snippet | None = None
    """What to write, behind the fix."""


def describe_error(detail: ErrorDetails, location: Location, owners: Sequence[type[SpecModel]]) -> Wording:
    """The accepted values and the fix, for one of pydantic's own errors."""
    context: Mapping[str, object] = detail.get("ctx", {})
    special = _SPECIAL.get(detail["type"])
    if special:
        return special(detail, location, owners, context)
    if limit := _LIMITS.get(detail["type"]):
        verb, key, fix = limit
        if (share := _share(detail["input"], location)) is not None:
            return Wording(f"{verb} {context.get(key)}: percent, not a share of 1", f"write {share:g}")
        return Wording(f"{verb} {context.get(key)}", f"{fix} {context.get(key)}")
    if isinstance(detail["input"], type):
        kind = detail["input"].__name__
        return Wording("a value, not a class", f"construct it, with its fields where it has any: {kind}()")
    if detail["type"].startswith("model"):
        return _part(detail, location, owners)
    if detail["type"].startswith("int") and (number := meant_number(detail["input"], location)) is not None:
        return Wording(_TYPES["int"].expected, f"write {number}")
    if detail["type"].startswith("int") and (found := meant_duration(detail["input"], location)) is not None:
        amount, unit = found
        return Wording(f"a whole number of {unit}; this is {amount:.4g}", f"write {math.ceil(amount)}")
    if detail["type"].startswith("int") and location and str(location[-1]).endswith("_usd"):
        return Wording("a whole number of US dollars", "write it in digits, without another currency")
    if detail["type"].startswith("dict"):
        return _mapping(detail, location, owners)
    for prefix, texts in _TYPES.items():
        if detail["type"].startswith(prefix):
            return texts
    expected = re.sub(r"^(Input|Value) should (be|have) ", "", detail["msg"])
    return Wording(expected[:1].lower() + expected[1:], "change it accordingly")


_LIMITS = {
    "greater_than_equal": ("at least", "ge", "raise it to"),
    "greater_than": ("more than", "gt", "raise it above"),
    "less_than_equal": ("at most", "le", "lower it to"),
    "less_than": ("less than", "lt", "lower it below"),
    "string_too_long": ("characters: at most", "max_length", "shorten it to"),
    "string_too_short": ("characters: at least", "min_length", "lengthen it to"),
    "too_long": ("entries: at most", "max_length", "shorten the list to"),
    "too_short": ("entries: at least", "min_length", "extend the list to"),
}
_SHARED = ("anchors", "aliases", "common", "defaults", "definitions", "shared", "templates")
"""Names that people give to what they refer to by anchors."""
_TYPES = {
    "int": Wording("a whole number", "write digits without quotes or unit"),
    "float": Wording("a number", "write digits without quotes or unit"),
    "bool": Wording("true or false", "write true or false"),
    "tuple": Wording("a list", "write a list: [first, second]"),
    "ip_v4_network": Wording("an IPv4 range", "write for example 10.40.0.0/16, without bits behind the prefix"),
    "datetime": Wording("a date and time", "write for example 2026-12-01T11:30:00Z"),
    "none": Wording("nothing", "remove it"),
}


def _share(value: object, location: Location) -> float | None:
    """A share of 1 as percent, in a field of percent."""
    name = next((part for part in reversed(location) if isinstance(part, str)), "")
    is_share = isinstance(value, float) and 0 < value <= 1 and name.endswith("_percent")
    return round(cast("float", value) * 100, 6) if is_share else None


def _mapping(detail: ErrorDetails, location: Location, owners: Sequence[type[SpecModel]]) -> Wording:
    """A value where names and values are wanted."""
    keys, snippet = mapping_instead(detail["input"], location, owners)
    if snippet:
        return Wording("a mapping", "write", snippet)
    if keys:
        fix = f"write to which of them it belongs, for example {keys[0]}: …"
        return Wording(f"a mapping from {_listed(keys)}", fix)
    return Wording("a mapping", "write `name: value` pairs")


def _missing(
    detail: ErrorDetails, location: Location, owners: Sequence[type[SpecModel]], context: Mapping[str, object]
) -> Wording:
    del detail, context
    if isinstance(location[-1], int):
        return Wording(f"a list of at least {location[-1] + 1}; it has {location[-1]}", "write what is missing")
    name = str(location[-1])
    docs = [field_docs(owner).get(name, "") for owner in owners if name in owner.model_fields]
    text = docs[0].split("\n")[0] if docs else ""
    return Wording(f"a value for '{name}'" + (f": {text}" if text else ""), f"add {name}")


def _unknown(
    detail: ErrorDetails, location: Location, owners: Sequence[type[SpecModel]], context: Mapping[str, object]
) -> Wording:
    del context
    name = str(location[-1])
    for owner in owners:
        if rename := find_rename(owner.__name__, name):
            expected = f"'{rename.to}', its name since version {rename.since} of specs"
            return Wording(expected, f"write '{rename.to}', or rewrite the spec with `mlplatform migrate SPEC`")
    if len(location) == 1 and (name.startswith(("x_", ".", "_")) or name in _SHARED):
        fix = f"rename it 'x-{name.removeprefix('x').strip('._')}': the keys with x- hold what aliases refer to"
        return Wording("a field of the platform, or a key that begins with x-", fix)
    fields = sorted({field for owner in owners for field in owner.model_fields})
    if name.isdigit() and detail["input"] is None:
        return Wording("a number without a comma", "remove the comma inside of the number before it")
    if instead := field_for(name, fields):
        return Wording(f"one of {_listed(fields)}", instead)
    return Wording(f"one of {_listed(fields)}", _did_you_mean(name, fields) or f"remove '{name[:40]}'")


def _part(detail: ErrorDetails, location: Location, owners: Sequence[type[SpecModel]]) -> Wording:
    """A value where a part of the spec is wanted."""
    names = sorted({model.__name__ for model in models_wanted(location, owners)})
    written = detail["input"]
    snippet = None if isinstance(written, SpecModel) else part_instead(written, location, owners)
    if isinstance(written, SpecModel) and names:
        return Wording(f"a {' or '.join(names)}", "write one of that class")
    return Wording("a mapping of fields", "write" if snippet else "write its fields", snippet)


def _choice(
    detail: ErrorDetails, location: Location, owners: Sequence[type[SpecModel]], context: Mapping[str, object]
) -> Wording:
    del owners
    if location == ("spec_version",):
        return Wording(*explain_version(detail["input"]))
    choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    if not choices:
        expected = str(context.get("expected", "another value"))
        number = meant_number(detail["input"], location)
        known = number is not None and str(number) in re.findall(r"\d+", expected)
        return Wording(expected, f"write {number}" if known else "write exactly that")
    if len(choices) == 1:
        return Wording(f"'{choices[0]}'", f"write '{choices[0]}'")
    given = str(detail["input"])
    if location[:2] == ("cluster", "addons") and (known := not_addon(given)):
        return Wording(f"one of {_listed(choices)}; {known.name} is none: {known.reason}", known.instead)
    return Wording(f"one of {_listed(choices)}", _did_you_mean(given, choices) or f"write one of {_listed(choices)}")


def _pattern(
    detail: ErrorDetails, location: Location, owners: Sequence[type[SpecModel]], context: Mapping[str, object]
) -> Wording:
    pattern = str(context.get("pattern", ""))
    if isinstance(detail["input"], str) and (region := region_wording(detail["input"], location, owners)):
        return Wording(*region)
    name = next((part for part in reversed(location) if isinstance(part, str)), "")
    docs = [field_docs(owner).get(name, "") for owner in owners if name in owner.model_fields]
    meaning = docs[0].split("\n")[0].rstrip(".") if docs else ""
    if name == "model" and (meant := reference_instead(detail["input"])) and re.fullmatch(pattern, meant):
        return Wording(f"text that matches {pattern}" + (f" ({meaning})" if meaning else ""), f"write '{meant}'")
    if name == "model" and "://" in str(detail["input"]):
        expected = "a name, or a name with its version: fraud, fraud/7"
        return Wording(expected, "name the model; `mlplatform promote --artifact` says where its files are")
    expected = f"text that matches {pattern}" + (f" ({meaning})" if meaning else "")
    if isinstance(detail["input"], str) and not detail["input"].strip():
        return Wording(expected, "write a text that is not empty")
    if has_variable(str(detail["input"])):
        return Wording(expected, "write the value itself: nobody fills in the variables of a spec")
    shown = shown_value(detail["input"], () if detail["loc"][-1:] == ("[key]",) else location)
    legal = None if HIDDEN in shown else legal_text(str(detail["input"]), pattern)
    fix = f"write for example '{legal}'" if legal else "change it to match"
    if set(str(detail["input"])) & set("\u201c\u201d\u2018\u2019"):
        fix = "type plain quotes around it: those were pasted from a page"
    return Wording(expected, fix)


def _text(
    detail: ErrorDetails, location: Location, owners: Sequence[type[SpecModel]], context: Mapping[str, object]
) -> Wording:
    del context
    if detail["input"] is None:
        return Wording("text", "write one, in quotes if it begins with #; a field that has a default can be left out")
    if location[-1:] == ("model",) and (meant := reference_instead(detail["input"])):
        return Wording("text", f"write '{meant}'")
    if isinstance(detail["input"], int | float):
        return Wording("text", quoted_number(detail["input"], location, owners))
    if isinstance(detail["input"], list | tuple | Mapping | SpecModel):
        return Wording("text", "write a single value, not a list or mapping")
    return Wording("text", "write it as text: str(…)")


def _list(
    detail: ErrorDetails, location: Location, owners: Sequence[type[SpecModel]], context: Mapping[str, object]
) -> Wording:
    del context
    if isinstance(detail["input"], SpecModel):
        kind = type(detail["input"]).__name__
        return Wording("a list", f"write a comma behind the only entry, {location[-1]}=({kind}(…),), or put it in [ ]")
    if isinstance(detail["input"], Unordered):
        return Wording("a list: the order of its entries has a meaning", "write [ ] in place of { }")
    if snippet := list_instead(detail["input"], location, owners):
        return Wording("a list", "write", snippet)
    if isinstance(detail["input"], str) and pair_wanted(location, owners):
        return Wording("two values in a list, the least and the most", "write both, for example [1, 4]")
    if isinstance(detail["input"], str):
        return Wording("a list", "put it in [ ], also where it is the only one")
    if isinstance(detail["input"], Mapping):
        mapping = cast("Mapping[object, object]", detail["input"])
        keys = [str(key) for key in mapping]
        if keys and keys[0].startswith("-"):
            return Wording(
                "a list, each entry behind a dash and a space", f"write a space behind the dash: - {keys[0][1:]}: …"
            )
        if keys and all(isinstance(each, Mapping | SpecModel) for each in mapping.values()):
            field = "cloud" if location[-1:] == ("targets",) else "name"
            return Wording(
                "a list, not a mapping of names", f"write a list; each entry has its {field} as a field: {keys[0]}"
            )
        if keys and all(isinstance(each, int | float) for each in mapping.values()):
            return Wording("a list", "write the values alone, the least first")
        return Wording("a list", "put a dash before each entry, also where it is the only one")
    return _TYPES["tuple"]


def _frozen(
    detail: ErrorDetails, location: Location, owners: Sequence[type[SpecModel]], context: Mapping[str, object]
) -> Wording:
    del detail, owners, context
    name = location[-1] if location else "field"
    return Wording("the value that the model was made with: it never changes", f"write a copy: ….overlay({name}=…)")


_SPECIAL: Mapping[str, Callable[..., Wording]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "literal_error": _choice,
    "string_pattern_mismatch": _pattern,
    "string_type": _text,
    "tuple_type": _list,
    "frozen_instance": _frozen,
}


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_CHOICES} more" if len(names) > MAX_CHOICES else ""
    return ", ".join(names[:MAX_CHOICES]) + more


def _did_you_mean(name: str, known: Sequence[str]) -> str | None:
    if word := word_for(name, known):
        return f"write '{word}'"
    close = nearest_names(name, known, cutoff=0.55)
    return f"did you mean '{close[0]}'?" if close else None
