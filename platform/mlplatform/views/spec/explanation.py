"""A field, and what a spec has there, for people and as data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import cast

from pydantic_core import to_jsonable_python

from mlplatform.plan.explanation import FieldExplanation, FieldMeaning, FieldValue
from mlplatform.plan.matrix import Support
from mlplatform.views.spec.reference import default_in_words, kind_in_words
from mlplatform.views.style import Style

_WORDS: Mapping[Support, str] = {"yes": "yes", "partial": "in part", "no": "no", "missing": "no", "other": "n/a"}


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
    if found.profiles:
        each = ", ".join(f"{profile} {_json(value)}" for profile, value in found.profiles.items())
        lines += style.wrap(f"omitted   the default of the profile: {each}", "  ", "            ")
    for title, cell in found.support:
        reason = f": {cell.reason}; {cell.alternative}" if cell.reason else ""
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
            }
            for each in found.meanings
        ],
        "profiles": dict(found.profiles),
        "clouds": {
            title: {"support": cell.support, "reason": cell.reason or None, "alternative": cell.alternative or None}
            for title, cell in found.support
        },
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


def _json(value: object) -> str:
    return json.dumps(to_jsonable_python(value), ensure_ascii=False)
