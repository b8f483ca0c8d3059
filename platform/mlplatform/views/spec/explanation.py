"""A field, and what a spec has there, for people and as data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import cast

from pydantic_core import to_jsonable_python

from mlplatform.plan.change import ChangeKind
from mlplatform.plan.consequences import FieldConsequences, ResourceCauses
from mlplatform.plan.explanation import FieldExplanation, FieldMeaning, FieldValue
from mlplatform.plan.matrix import Support
from mlplatform.views.spec.reference import default_in_words, kind_in_words
from mlplatform.views.style import Style

_WORDS: Mapping[Support, str] = {"yes": "yes", "partial": "in part", "no": "no", "missing": "no", "other": "n/a"}


_BECOMES = {
    "refused": "another value than the default is refused in part",
    "nothing": "it needs no resource",
    "written": "it is in files that `mlplatform render` writes, in a secret, or told to a program",
}
"""Words of the table of resources that are no types."""


def text(found: FieldExplanation, style: Style) -> str:
    """The field for people."""
    lines: list[str] = []
    for meaning in found.meanings:
        chosen = f" ({meaning.choice})" if meaning.choice else ""
        lines.append(style.paint(f"{found.path}{chosen}", "bold"))
        lines += style.wrap(meaning.meaning, "  ", "  ")
        lines += style.wrap(f"type      {_kind(meaning)}", "  ", "            ")
        lines += style.wrap(
            f"default   {default_in_words(meaning.info, meaning.model)}".replace("**", ""), "  ", " " * 12
        )
        if meaning.example is not None:
            lines += style.wrap(f"example   {_flow(meaning.example)}", "  ", "            ")
        lines += style.wrap(f"since     {meaning.since}", "  ", "            ")
    if found.profiles:
        each = ", ".join(f"{profile} {_json(value)}" for profile, value in found.profiles.items())
        lines += style.wrap(f"omitted   the default of the profile: {each}", "  ", "            ")
    for title, cell in found.support:
        reason = f": {cell.reason}; {cell.alternative}" if cell.reason else ""
        if made := found.resources.get(title):
            reason += f"; {_BECOMES.get(made, f'it becomes {made}')}"
        lines += style.wrap(f"{title:<9} {_WORDS[cell.support]}{reason}", "  ", "            ")
    if found.overrides:
        lines += style.wrap(f"one cloud {', '.join(found.overrides)}", "  ", "            ")
    if found.below:
        lines += style.wrap(f"fields    {', '.join(each.rpartition('.')[2] for each in found.below)}", "  ", " " * 12)
    return style.plain("\n".join(lines)) + "\n"


def body(found: FieldExplanation) -> dict[str, object]:
    """The field as data."""
    return {
        "path": found.path,
        "meanings": [
            {
                "choice": each.choice or None,
                "meaning": each.meaning,
                "type": _kind(each),
                "required": each.info.is_required(),
                "default": None if each.info.is_required() else default_in_words(each.info, each.model),
                "example": each.example,
                "since": each.since,
            }
            for each in found.meanings
        ],
        "profiles": dict(found.profiles),
        "clouds": {
            title: {"support": cell.support, "reason": cell.reason or None, "alternative": cell.alternative or None}
            for title, cell in found.support
        },
        "resources": dict(found.resources),
        "overrides": list(found.overrides),
        "fields": list(found.below),
    }


def values_text(found: Sequence[FieldValue], style: Style) -> str:
    """What a spec has, for people: a line for each place."""
    lines: list[str] = []
    for each in found:
        on = f" on {each.target}" if each.target else ""
        lines += style.wrap(f"{each.place}{on} = {_json(each.value)}", "", "  ")
        lines += style.wrap(_origin(each), "  ", "  ")
    return style.plain("\n".join(lines)) + "\n"


def values_body(found: Sequence[FieldValue]) -> list[dict[str, object]]:
    """What a spec has, as data."""
    return [
        {
            "place": each.place,
            "target": each.target or None,
            "value": cast("object", to_jsonable_python(each.value)),
            "origin": each.origin,
            "where": each.where or None,
        }
        for each in found
    ]


def _origin(value: FieldValue) -> str:
    match value.origin:
        case "written":
            return f"written in the spec, {value.where}"
        case "base":
            return f"written in the base, {value.where}"
        case "overlay":
            return f"set by an overlay, {value.where}"
        case "profile":
            return f"the default of the profile {value.where}"
        case "override":
            return f"an override of the target {value.target}"
        case "default":
            return "the default"


def _kind(meaning: FieldMeaning) -> str:
    described = meaning.model.model_json_schema()
    name = meaning.info.alias or next(n for n, i in meaning.model.model_fields.items() if i is meaning.info)
    properties = cast("dict[str, dict[str, object]]", described.get("properties", {}))
    # links of the reference as their words
    return re.sub(r"\[([^]]*)\]\(#[^)]*\)", r"\1", kind_in_words(properties.get(name, {})))


def _flow(value: object) -> str:
    """A value as YAML on one line."""
    match value:
        case dict():
            items = cast("dict[str, object]", value).items()
            inner = ", ".join(f"{key}: {_flow(item)}" for key, item in items)
            return f"{{{inner}}}"
        case list():
            return f"[{', '.join(_flow(each) for each in cast('list[object]', value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _json(value: object) -> str:
    return json.dumps(to_jsonable_python(value), ensure_ascii=False)


def follows_text(found: FieldConsequences, style: Style) -> str:
    """What follows from a field, for people: a line for each resource."""
    lines = [style.paint(f"{found.place} on {found.target}, compared with it {_compared(found.how)}", "bold")]
    for each in found.resources:
        what = f": {', '.join(each.properties)}" if each.properties else ""
        lines += style.wrap(f"{_VERBS[each.kind]} {each.step.name} ({each.step.type}){what}", "  ", "            ")
    if not found.resources:
        lines += style.wrap(
            "no resource differs: it is checked, written by `mlplatform render`, or told to a program", "  ", "  "
        )
    return style.plain("\n".join(lines)) + "\n"


def follows_body(found: FieldConsequences) -> dict[str, object]:
    """What follows from a field, as data."""
    return {
        "place": found.place,
        "compared": found.how,
        "target": found.target,
        "resources": [
            {"urn": each.step.urn, "type": each.step.type, "change": each.kind, "properties": list(each.properties)}
            for each in found.resources
        ],
    }


def causes_text(found: ResourceCauses, style: Style) -> str:
    """Why a resource is there, for people."""
    lines = [style.paint(f"{found.step.name} ({found.step.type}) on {found.target}", "bold")]
    for each in found.causes:
        verb = "made by" if each.makes else "set by "
        what = f": {', '.join(each.properties)}" if each.properties else ""
        lines += style.wrap(f"{verb}   {each.place}{what}", "  ", "            ")
    if not any(each.makes for each in found.causes):
        lines += style.wrap(
            "made by   every platform on this cloud: no field alone takes it away", "  ", "            "
        )
    if found.open:
        lines += style.wrap(f"not seen  {', '.join(found.open)}", "  ", "            ")
    return style.plain("\n".join(lines)) + "\n"


def causes_body(found: ResourceCauses) -> dict[str, object]:
    """Why a resource is there, as data."""
    return {
        "urn": found.step.urn,
        "type": found.step.type,
        "target": found.target,
        "causes": [
            {"place": each.place, "compared": each.how, "makes": each.makes, "properties": list(each.properties)}
            for each in found.causes
        ],
        "not_seen": list(found.open),
    }


def _compared(how: str) -> str:
    return how if how == "left out" else f"as {how.partition(' instead of ')[0]}"


_VERBS: Mapping[ChangeKind, str] = {
    "create": "makes    ",
    "update": "sets     ",
    "replace": "sets     ",
    "delete": "takes away",
}
