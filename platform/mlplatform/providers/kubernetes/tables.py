"""The tables of kinds, read from `data`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, cast

from mlplatform.fast.toml import read_toml

_DATA = Path(__file__).with_name("data")
_REF = "ref:"

FieldType = Literal["string", "integer", "number", "boolean", "quantity", "any", "object", "list", "map"]


@dataclass(slots=True)
class Field:
    """One field of a kind, with everything below it."""

    type: str
    """A `FieldType`, or `ref:` and the name of one of Kubernetes' own types."""

    required: bool = False
    """Whether it must be there when what it is in is there."""

    immutable: bool = False
    """Whether it cannot be changed once it is set."""

    enum: tuple[object, ...] = ()
    """The only values; empty for any."""

    pattern: str = ""
    """Pattern of the whole text; empty for any."""

    least: float | None = None
    """Least number, length or count of entries."""

    most: float | None = None
    """Most of the same."""

    fields: dict[str, Field] = field(default_factory=dict[str, "Field"])
    """Of an object: its fields."""

    item: Field | None = None
    """Of a list or map: its entries."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind at one version."""

    api: str
    """`apiVersion`."""

    kind: str
    """`kind`."""

    plural: str
    """Its name in addresses and counts: `clusterqueues`."""

    namespaced: bool
    """Whether its objects are in a namespace."""

    own: bool
    """Whether Kubernetes itself has it; otherwise it must be installed first."""

    brought_by: str
    """The cloud whose clusters have it; empty where a chart brings it."""

    source: str
    """Where its fields were read."""

    root: Field
    """Its fields, without `apiVersion`, `kind` and status."""

    @property
    def group(self) -> str:
        """Its group; empty for the core."""
        return self.api.rpartition("/")[0]


@cache
def kind_of(api: str, kind: str) -> Kind | None:
    """A kind, or None where no table has it."""
    return _kinds().get((api, kind))


@cache
def stored_version(group: str, kind: str) -> str | None:
    """The `apiVersion` at which a kind is stored; None where no table has the kind."""
    return next((api for api, name in _kinds() if name == kind and api.rpartition("/")[0] == group), None)


def known_kinds() -> tuple[Kind, ...]:
    """All kinds, by group and name."""
    return tuple(_kinds().values())


@cache
def fixed_paths(api: str, kind: str) -> tuple[str, ...]:
    """Paths of a kind that cannot be changed, outside of lists and maps; empty where the kind is unknown."""
    found = kind_of(api, kind)
    return tuple(_fixed(found.root, "", ())) if found else ()


def _fixed(field: Field, path: str, inside: tuple[str, ...]) -> Iterator[str]:
    if field.immutable:
        yield path
        return
    if field.type.startswith(_REF):
        if field.type in inside:
            # a type that is part of itself
            return
        inside = (*inside, field.type)
    for name, below in target(field).fields.items():
        yield from _fixed(below, f"{path}.{name}".lstrip("."), inside)


@cache
def own_type(name: str) -> Field:
    """One of Kubernetes' own types, such as `PodTemplateSpec`.

    Raises:
        LookupError: the table has none of that name.
    """
    types = _own_types()
    if name not in types:
        raise LookupError(f"no type '{name}' in {_DATA / 'core.toml'}")
    return _tree(types[name])


@cache
def _own_types() -> Mapping[str, Mapping[str, object]]:
    """The whole table, which is read once: each type that is asked for would make all of it again."""
    return cast("Mapping[str, Mapping[str, object]]", read_toml(_DATA / "core.toml")["types"])


def target(of: Field) -> Field:
    """The field itself, or the type that it refers to."""
    return own_type(of.type.removeprefix(_REF)) if of.type.startswith(_REF) else of


@cache
def _kinds() -> Mapping[tuple[str, str], Kind]:
    found: dict[tuple[str, str], Kind] = {}
    for file in sorted(_DATA.glob("*.toml")):
        data = read_toml(file)
        for name, body in cast("Mapping[str, Mapping[str, object]]", data["kinds"]).items():
            api, _, kind = name.rpartition("/")
            found[api, kind] = Kind(
                api=api,
                kind=kind,
                plural=str(body["plural"]),
                namespaced=body["scope"] == "namespace",
                own=file.stem == "core",
                brought_by=str(data.get("brought_by", "")),
                source=str(data["source"]),
                root=_tree(cast("Mapping[str, object]", body["fields"])),
            )
    return dict(sorted(found.items()))


def _tree(fields: Mapping[str, object]) -> Field:
    root = Field("object")
    for path, facts in fields.items():
        _place(root, path, _field(cast("Mapping[str, object]", facts)))
    return root


def _field(facts: Mapping[str, object]) -> Field:
    return Field(
        type=str(facts["type"]),
        required=bool(facts.get("required")),
        immutable=bool(facts.get("immutable")),
        enum=tuple(cast("list[object]", facts.get("enum", ()))),
        pattern=str(facts.get("pattern", "")),
        least=cast("float | None", facts.get("min")),
        most=cast("float | None", facts.get("max")),
    )


def _place(root: Field, path: str, new: Field) -> None:
    """Put a field where its path says: `a.b` is a field of an object, `a[]` and `a{}` the entries of a list or map."""
    here = root
    *parents, last = path.replace("[]", ".[]").replace("{}", ".{}").split(".")
    for part in parents:
        below = here.item if part in ("[]", "{}") else here.fields.get(part)
        if below is None:
            raise ValueError(f"the table has '{path}' before what it is in")
        here = below
    if last in ("[]", "{}"):
        here.item = new
    else:
        here.fields[last] = new
