"""What to write in place of a value that is of another kind than its field: parts of the spec, and references."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, cast, get_args, get_origin

from mlplatform.reading.describe.shape import Location, field_models, tag_of
from mlplatform.reading.refusals.quantities import meant_number
from mlplatform.snippet import Part, Snippet, Value
from mlplatform.spec.base import SpecModel
from mlplatform.spec.command_words import words_of
from mlplatform.spec.moving_names import moves

_RANGE = re.compile(r"\s*(\d{1,6})\s*(?:-|\.\.\.?|,|:|to|\u2013)\s*(\d{1,6})\s*")
_PLAIN = re.compile(r"[\w./@+-]+")
_COMMANDS = ("command", "args")
"""Lists of the words of one command line."""
_PAIR = re.compile(r"([A-Za-z0-9_./-]+)\s*[=:]\s*(.*)")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")


def part_instead(written: object, location: Location, owners: Sequence[type[SpecModel]]) -> Snippet | None:
    """The part that a single value means, or the form of the part that is wanted there; None where many may be.

    Args:
        written: the refused value.
        location: where it is.
        owners: the models that have the field, or in a list those that its entry may be.
    """
    models = models_wanted(location, owners)
    found = [_filled(model, written) for model in models]
    fields = [(model, values) for model, values in zip(models, found, strict=True) if values]
    if len(fields) == 1:
        model, values = fields[0]
        return Snippet(Part(model.__name__, values))
    return Snippet(Part(models[0].__name__, {})) if len(models) == 1 else None


def models_wanted(location: Location, owners: Sequence[type[SpecModel]]) -> tuple[type[SpecModel], ...]:
    """The models that a place may hold.

    Args:
        location: the place.
        owners: as of `part_instead`.
    """
    name = location[-1] if location else ""
    if isinstance(name, int):
        return tuple(owners)
    fields = (owner.model_fields[name] for owner in owners if name in owner.model_fields)
    return tuple(dict.fromkeys(model for field in fields for model in field_models(field)))


def _filled(model: type[SpecModel], written: object) -> Mapping[str, Value]:
    """The fields of a model that has nothing but this value, with its tag; empty where it is not plain."""
    tag = tag_of(model)
    kind: Mapping[str, Value] = {name: tag for name in ("kind", "cloud") if tag and name in model.model_fields}
    needed = [name for name, field in model.model_fields.items() if field.is_required() and name not in kind]
    if isinstance(written, str) and written.lower() == tag:
        return {**kind, **dict.fromkeys(needed, "…")}
    if len(needed) != 1 or isinstance(written, bool):
        return {}
    numeric = model.model_fields[needed[0]].annotation is int
    if numeric and isinstance(written, str):
        number = meant_number(written, (needed[0],))
        return {} if number is None else {**kind, needed[0]: number}
    if isinstance(written, int):
        return {**kind, needed[0]: written} if numeric else {}
    if (
        not isinstance(written, str)
        or numeric
        or not _PLAIN.fullmatch(written)
        or (needed[0] == "address") != bool(_MAIL.fullmatch(written))
    ):
        return {}
    return {**kind, needed[0]: written}


def list_instead(written: object, location: Location, owners: Sequence[type[SpecModel]]) -> Snippet | None:
    """The list that a single value means; None where the words about a list are enough.

    Args:
        written: the refused value.
        location: of the list.
        owners: the models that have it.
    """
    name = location[-1] if location else ""
    annotations = [owner.model_fields[name].annotation for owner in owners if name in owner.model_fields]  # type: ignore[index]
    pair = pair_wanted(location, owners)
    if pair and isinstance(written, str) and (ends := _RANGE.fullmatch(written)):
        return Snippet(sorted((int(ends[1]), int(ends[2]))))
    if pair and isinstance(written, int) and not isinstance(written, bool) and written > 0:
        return Snippet((written, written))
    if name in _COMMANDS and isinstance(written, str) and (words := words_of(written)):
        return Snippet(words)
    if not isinstance(written, str | int):
        return None
    if (
        isinstance(written, int)
        and not isinstance(written, bool)
        and annotations
        and all(map(_is_of_numbers, annotations))
    ):
        return Snippet((written,))
    models = models_wanted(location, owners)
    entry = part_instead(written, (*location, 0), models) if models else None
    if entry is not None and isinstance(entry.value, Part):
        return Snippet((entry.value,))
    return None


def pair_wanted(location: Location, owners: Sequence[type[SpecModel]]) -> bool:
    """Whether a place takes two values, the least and the most."""
    name = location[-1] if location else ""
    annotations = [owner.model_fields[name].annotation for owner in owners if name in owner.model_fields]  # type: ignore[index]
    return bool(annotations) and all(_is_pair(each) for each in annotations)


def mapping_instead(
    written: object, location: Location, owners: Sequence[type[SpecModel]]
) -> tuple[tuple[str, ...], Snippet | None]:
    """The keys that a mapping may have, where they are known, and the mapping that a list of pairs means.

    Args:
        written: the refused value: `[team=ml]`.
        location: of the mapping.
        owners: the models that have it.
    """
    name = location[-1] if location else ""
    annotations = [owner.model_fields[name].annotation for owner in owners if name in owner.model_fields]  # type: ignore[index]
    keys = tuple(dict.fromkeys(str(key) for each in annotations for key in _known_keys(each)))
    entries = cast("Sequence[object]", written) if isinstance(written, list | tuple) else ()
    pairs = [_PAIR.fullmatch(each) for each in entries if isinstance(each, str)]
    if entries and len(pairs) == len(entries) and all(pairs) and not keys:
        return keys, Snippet({pair[1]: pair[2] for pair in pairs if pair})
    return keys, None


def _known_keys(annotation: object) -> tuple[object, ...]:
    """The keys of a mapping that takes some names only."""
    inner = get_args(annotation)
    if get_origin(annotation) is not dict:
        return next((keys for each in inner if (keys := _known_keys(each))), ())
    return get_args(inner[0]) if get_origin(inner[0]) is Literal else ()


def _is_of_numbers(annotation: object) -> bool:
    entry = next(iter(get_args(annotation)), None)
    return get_origin(annotation) is tuple and int in (entry, *get_args(entry)[:1])


def _is_pair(annotation: object) -> bool:
    inner = get_args(annotation)
    return get_origin(annotation) is tuple and len(inner) == 2 and Ellipsis not in inner


def reference_instead(written: object) -> str | None:
    """A pinned version of a model as `name/version`, from other tools' forms, or its name where the version moves; None
    where none is plain.

    Args:
        written: the refused value: `name:version`, `name@version`, or a mapping of the two.
    """
    if isinstance(written, Mapping):
        parts = cast("Mapping[object, object]", written)
        name, version = parts.get("name"), parts.get("version")
        # of a version that YAML read as a number with a point, the zeros at its end are gone
        if isinstance(name, str) and set(parts) <= {"name", "version"} and not isinstance(version, float):
            return name if version is None or moves(str(version)) else f"{name}/{version}"
    if isinstance(written, str) and (found := re.fullmatch(r"([A-Za-z0-9][\w.-]*)[:@=]+v?([\w.-]+)", written)):
        return found[1] if moves(found[2]) else f"{found[1]}/{found[2]}"
    return None
