"""What a field of the spec means, and what a spec has there and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, cast

from pydantic.fields import FieldInfo

from mlplatform import discovery
from mlplatform.fast.record import record
from mlplatform.plan.field_examples import field_example
from mlplatform.plan.field_resources import field_resources
from mlplatform.plan.matrix import OVERRIDES, Matrix, MatrixCell, build_matrix, spec_fields
from mlplatform.reading.describe.documentation import field_docs
from mlplatform.reading.describe.shape import Location, dotted_path, models_at, tag_of
from mlplatform.reading.load import Loaded
from mlplatform.similar import nearest_names
from mlplatform.spec.base import SpecModel
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.profile import DEFAULTS, FIELDS, Profile
from mlplatform.spec.versions import since

Origin = Literal["written", "base", "overlay", "default", "profile", "override"]
"""`written`: in the spec; `profile`: the default of the profile; `override`: of the target's own overrides."""


class NoSuchField(ValueError):
    """A path that names nothing; the text says what is near."""


@record(kw_only=True)
class FieldMeaning:
    """One field of one model."""

    path: str
    """Dotted path, lists without index."""

    model: type[SpecModel]
    """The model that has it."""

    info: FieldInfo
    """The field."""

    meaning: str
    """Its documentation, in one line."""

    choice: str
    """Which of several models has it: `canary`; empty where there is one."""

    example: object
    """The fields of a spec down to this one, with a value that it accepts; None where there is no simple one."""

    since: str
    """The version of the package that has it first, and its former name."""


@record(kw_only=True)
class FieldExplanation:
    """A field in all models that have it under one path."""

    path: str
    """Dotted path, lists without index."""

    meanings: tuple[FieldMeaning, ...]
    """One for each model that has the field there."""

    profiles: Mapping[Profile, object]
    """The default of each profile; empty where profiles do not decide it."""

    support: tuple[tuple[str, MatrixCell], ...]
    """Titles of clouds, with their support."""

    resources: Mapping[str, str]
    """By title of a cloud: the types of resources that another value changes, or a word of docs/resources.md."""

    overrides: tuple[str, ...]
    """Paths with which a target overrides the field for its cloud."""

    below: tuple[str, ...]
    """Paths of the fields in it."""


@record(kw_only=True)
class FieldValue:
    """What a spec has in one place."""

    place: str
    """Path with indices."""

    target: str
    """Name of the target that it is for; empty for all."""

    value: object
    """The value."""

    origin: Origin
    """Where it comes from."""

    where: str
    """File and line of what is written, or name of the profile; empty for a default."""


def explain_field(path: str) -> FieldExplanation:
    """What a field means.

    Args:
        path: dotted path; indices and names in brackets do not count.

    Raises:
        NoSuchField: there is none.
    """
    plain, paths = _known(path)
    meanings = tuple(field_meanings(plain))
    matrix = build_matrix()
    above, _, name = plain.rpartition(".")
    over = (f"{held}.NAME.{name}" for held, replaced in OVERRIDES.items() if above in replaced)
    return FieldExplanation(
        path=plain,
        meanings=meanings,
        profiles={p: cast("object", getattr(d, FIELDS[plain])) for p, d in DEFAULTS.items()} if plain in FIELDS else {},
        support=_support(matrix, plain),
        resources=resources_of(plain),
        overrides=tuple(each for each in over if each.replace(".NAME", "") in paths),
        below=tuple(each for each in paths if each.startswith(f"{plain}.") and "." not in each[len(plain) + 1 :]),
    )


def _known(path: str) -> tuple[str, list[str]]:
    """The path without indices, and all paths."""
    plain = re.sub(r"\[[^]]*\]", "", path).strip(".")
    paths = [field.path for field in spec_fields()]
    if plain not in paths:
        raise NoSuchField(_near(plain, paths))
    return plain, paths


def _support(matrix: Matrix, path: str) -> tuple[tuple[str, MatrixCell], ...]:
    row = next(row for row in matrix.rows if row.path == path)
    return tuple((title, cell) for title, cell in zip(matrix.titles, row.cells, strict=True) if cell.support != "other")


def field_meanings(path: str) -> Iterator[FieldMeaning]:
    """The meaning of a field in each model that has it under a path of `spec_fields`."""
    above, _, name = path.rpartition(".")
    parts = tuple(part.partition("=")[0] for part in above.split(".")) if above else ()
    field, _, chosen = name.partition("=")
    owners = [model for model in models_at(PlatformSpec, parts) if field in model.model_fields]
    for model in owners:
        meaning = " ".join(field_docs(model).get(field, "").split())
        choice = (tag_of(model) or "") if len(owners) > 1 else chosen
        yield FieldMeaning(
            path=path,
            model=model,
            info=model.model_fields[field],
            meaning=meaning,
            choice=choice,
            example=field_example(path, model, field),
            since=since(model.__name__, field, path),
        )


def resources_of(path: str) -> Mapping[str, str]:
    """The types of resources that follow from a field, by title of a cloud: see `FieldExplanation.resources`.

    Args:
        path: dotted path; empty is answered for parts whose fields say it, and for overrides.
    """
    found = field_resources().get(path, {})
    return {discovery.backend(cloud).title: made for cloud, made in found.items() if made != "-"}


def _near(path: str, paths: list[str]) -> str:
    name = path.rpartition(".")[2]
    same = [each for each in paths if each.rpartition(".")[2] == name]
    close = same[:6] or list(nearest_names(path, paths)[:3])
    hint = f"did you mean {' or '.join(close)}?" if close else "`mlplatform schema --format markdown` has all of them"
    return f"got '{path[:60]}', expected the path of a field; {hint}"


def explain_value(loaded: Loaded, path: str) -> tuple[FieldValue, ...]:
    """What a valid spec has at a path, everywhere that the path names, and for targets that override it.

    Args:
        loaded: the spec.
        path: dotted path; an entry of a list by index or name, `endpoints[0]` or `endpoints[scorer]`; without either,
            all entries.

    Raises:
        NoSuchField: the spec has nothing there.
    """
    spec = loaded.spec
    assert spec is not None
    _known(path)
    words = [word for word in re.split(r"[.\[\]]+", path) if word]
    found: dict[str, FieldValue] = {}
    raw: dict[str, object] = {}
    for location, owner, value in _walk(spec, words, (), spec):
        raw[dotted_path(location)] = value
        found[dotted_path(location)] = _value(loaded, spec, location, owner, value)
    for target in spec.targets:
        narrowed = spec.on(target.name)
        for location, _, value in _walk(narrowed, words, (), narrowed) if words[0] != "targets" else ():
            place = _named(spec, narrowed, location)
            if place not in raw or raw[place] == value:
                continue
            found[f"{place} on {target.name}"] = FieldValue(
                place=place, target=target.name, value=value, origin="override", where=""
            )
    if not found:
        raise NoSuchField(f"got '{path[:60]}': the spec has nothing there")
    return tuple(found.values())


def locations_of(spec: PlatformSpec, path: str) -> tuple[Location, ...]:
    """The places of a spec that a path names.

    Args:
        spec: the platform.
        path: as for `explain_value`.

    Raises:
        NoSuchField: there is no such field, or the spec has nothing there.
    """
    _known(path)
    words = [word for word in re.split(r"[.\[\]]+", path) if word]
    found = tuple(location for location, _, _ in _walk(spec, words, (), spec))
    if not found:
        raise NoSuchField(f"got '{path[:60]}': the spec has nothing there")
    return found


def _named(spec: PlatformSpec, narrowed: PlatformSpec, location: Location) -> str:
    """The place in the whole spec of an entry of a narrowed one, by its name: a target may leave out some."""
    here: object = narrowed
    there: object = spec
    moved: list[int | str] = []
    for part in location:
        if isinstance(part, str):
            here, there = getattr(here, part), getattr(there, part)
            moved.append(part)
            continue
        entries, others = cast("tuple[object, ...]", here), cast("tuple[object, ...]", there)
        here = entries[part]
        name = getattr(here, "name", None)
        index = next((n for n, other in enumerate(others) if name and getattr(other, "name", None) == name), part)
        there = others[index] if index < len(others) else None
        moved.append(index)
    return dotted_path(moved)


def _walk(
    value: object, words: list[str], location: Location, owner: SpecModel
) -> Iterator[tuple[Location, SpecModel, object]]:
    if isinstance(value, tuple) and words:
        entries = cast("tuple[object, ...]", value)
        if isinstance(next(iter(entries), None), SpecModel):
            named = [n for n, each in enumerate(entries) if words[0] in (str(n), getattr(each, "name", None))]
            for index in named or range(len(entries)):
                yield from _walk(entries[index], words[1:] if named else words, (*location, index), owner)
            return
    if not words:
        yield location, owner, value
    elif isinstance(value, SpecModel) and words[0] in type(value).model_fields:
        yield from _walk(getattr(value, words[0]), words[1:], (*location, words[0]), value)


def _value(loaded: Loaded, spec: PlatformSpec, location: Location, owner: SpecModel, value: object) -> FieldValue:
    place = dotted_path(location)
    plain = re.sub(r"\[[^]]*\]", "", place)
    names = [part for part in location if isinstance(part, str)]
    written = names[-1] in owner.model_fields_set and _is_written(spec, location)
    if written:
        layer, file, line = _written_at(loaded, location)
        where = f"{_shown(file)}:{line}" if line else _shown(file)
        return FieldValue(place=place, target="", value=value, origin=layer, where=where)
    if value is None and plain in FIELDS:
        default = cast("object", getattr(spec.defaults, FIELDS[plain]))
        return FieldValue(place=place, target="", value=default, origin="profile", where=spec.profile_in_use)
    return FieldValue(place=place, target="", value=value, origin="default", where="")


def _written_at(loaded: Loaded, location: Location) -> tuple[Origin, Path, int | None]:
    """Which part of a spec has a value, its file and its line."""
    if loaded.file.suffix.lower() == ".py":
        from mlplatform.reading.origin import origin_of
        from mlplatform.reading.python_file import VARIABLE

        if found := origin_of(loaded.file, VARIABLE, location):
            return found.layer, found.file, found.line
    return "written", loaded.file, loaded.lines(location) if loaded.lines else None


def _is_written(spec: PlatformSpec, location: Location) -> bool:
    """Whether every model on the way is written too: the fields of a default model are defaults."""
    value: object = spec
    for part in location:
        if isinstance(part, int):
            value = cast("tuple[object, ...]", value)[part]
        else:
            if isinstance(value, SpecModel) and part not in value.model_fields_set:
                return False
            value = getattr(value, part)
    return True


def _shown(file: Path) -> str:
    return file.relative_to(Path.cwd()).as_posix() if file.is_relative_to(Path.cwd()) else str(file)
