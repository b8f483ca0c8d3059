"""Derives the package's types from the spec's models and the backends' existing parts.

Pulumi's host reads the types of a component's arguments from annotations of real classes, so they are in a file:
`python -m mlplatform.package.derive > platform/mlplatform/package/args.py`. A test holds the file to what this says.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import importlib
import inspect
import re
import sys
import textwrap
import types
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import pulumi

from mlplatform.components.existing import (
    Existing,
    ExistingCluster,
    ExistingKeys,
    ExistingNetwork,
    ExistingPart,
    ExistingStore,
)
from mlplatform.spec import discovery
from mlplatform.spec.artifact_store import ArtifactStoreSpec
from mlplatform.spec.base import SpecModel
from mlplatform.spec.documentation import class_docs, field_docs
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.keys import KeysSpec
from mlplatform.spec.network import NetworkSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.registry import RegistrySpec
from mlplatform.spec.training import GpuPoolSpec, TrainingSpec

SPECS: tuple[type[SpecModel], ...] = (
    ArtifactStoreSpec,
    EndpointSpec,
    GpuPoolSpec,
    KeysSpec,
    NetworkSpec,
    RegistrySpec,
    TrainingSpec,
)
"""Specs of the components that the package offers."""

CONTEXT = (
    *("name", "environment", "owner", "cost_center", "data_class", "profile", "tags"),
    *("network", "keys", "monitoring", "access"),
)
"""Fields of the platform's spec that a component alone needs, besides its target: what it is called, and what is made
for it on first use."""

_PARTS: Mapping[str, type[ExistingPart]] = {
    "network": ExistingNetwork,
    "keys": ExistingKeys,
    "store": ExistingStore,
    "cluster": ExistingCluster,
}
_WIDTH = 120
_INPUT = "pulumi.Input["
_HEAD = '''"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

'''

_scope: dict[str, Any] = {"Output": pulumi.Output, "T": TypeVar("T")}


@dataclasses.dataclass(frozen=True)
class Field:
    """A property of an argument type."""

    name: str
    annotation: object
    required: bool
    doc: str


class Derived:
    """The argument types, each once, those that others need first."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def named(self, name: str) -> str:
        """What a type is called."""
        return name

    def add(self, name: str, doc: str, fields: Iterator[Field]) -> str:
        """Add a type and what it needs; its name."""
        name = self.named(name)
        if name not in self.texts:
            lines = [f"class {name}(TypedDict):", *_docstring(doc)]
            for field in fields:
                written = self.annotation(field.annotation)
                lines.append("")
                lines.append(f"    {field.name}: {written if field.required else f'NotRequired[{written}]'}")
                lines += _docstring(_values(field))
            self.texts[name] = "\n".join(lines) + "\n"
        return name

    def model(self, model: type[SpecModel], only: tuple[str, ...] = ()) -> str:
        """Add a model of the spec."""
        docs = field_docs(model)
        hints = {name: info.annotation for name, info in model.model_fields.items()}
        fields = (
            Field(name, hints[name], info.is_required(), docs[name])
            for name, info in model.model_fields.items()
            if not only or name in only
        )
        # not `…Args`: SDKs call a component's own arguments so
        return self.add(model.__name__, model.__doc__ or "", fields)

    def existing(self, kind: type) -> str:
        """Add a dataclass of something existing."""
        return self.add(f"{kind.__name__}Args", kind.__doc__ or "", _fields(kind))

    def annotation(self, given: object) -> str:
        """How the host reads a type; what it has no word for is `Any`, in the spec's own form."""
        if isinstance(given, _Named):
            return given.name
        if given is Any:
            return "Any"
        if isinstance(given, type) and not get_args(given):
            return self._class(cast("type[object]", given))
        origin, args = get_origin(given), get_args(given)
        if origin in (Union, types.UnionType):
            return self._union(args)
        if origin is Literal:
            return "str" if all(isinstance(arg, str) for arg in args) else "Any"
        if origin is not None and issubclass(origin, Mapping):
            values = self.annotation(args[1])
            # where all keys are known, the whole of it may be another component's output
            whole = get_origin(args[0]) is Literal and values.startswith(_INPUT)
            return f"{_INPUT}Mapping[str, {values}]]" if whole else f"Mapping[str, {values}]"
        if origin is tuple and Ellipsis not in args:
            return f"Sequence[{self.annotation(args[0])}]"
        if origin is not None and issubclass(origin, collections.abc.Sequence):
            return f"Sequence[{self.annotation(args[0])}]"
        if origin is not None and hasattr(given, "__metadata__"):
            return self.annotation(args[0])
        return "Any"

    def _class(self, given: type[object]) -> str:
        if issubclass(given, SpecModel):
            return self.model(given)
        if dataclasses.is_dataclass(given):
            return self.existing(given)
        # addresses and the like travel as text
        return given.__name__ if given in (str, int, float, bool) else "str"

    def _union(self, args: tuple[object, ...]) -> str:
        present = [arg for arg in args if arg is not type(None)]
        waited = [arg for arg in present if get_origin(arg) is collections.abc.Awaitable]
        if waited:
            return f"{_INPUT}{self.annotation(get_args(waited[0])[0])}]"
        return self.annotation(present[0]) if len(present) == 1 else "Any"


class Made(Derived):
    """The same types as outputs: what a component made, in the shape in which others take it."""

    def named(self, name: str) -> str:
        """What a type is called."""
        return name.removesuffix("Args").replace("Existing", "Made")

    def add(self, name: str, doc: str, fields: Iterator[Field]) -> str:
        """Add a type, with the first sentence of its words: the rest tells what to give."""
        kept = (dataclasses.replace(field, doc=_first(field.doc)) for field in fields)
        return super().add(name, _first(doc), kept)

    def _union(self, args: tuple[object, ...]) -> str:
        text = super()._union(args)
        return text.removeprefix(_INPUT).removesuffix("]") if text.startswith(_INPUT) else text


def _first(text: str) -> str:
    return re.split(r"(?<=\.)\s", text.strip(), maxsplit=1)[0]


def derive() -> str:
    """The whole file."""
    derived = Derived()
    _context(derived)
    for spec in SPECS:
        derived.model(spec)
    made = Made()
    _existing(made, "What a component made, in the shape in which `existing` takes it")
    return _HEAD + "\n\n".join(["", *derived.texts.values(), *made.texts.values()]).removeprefix("\n")


def _context(derived: Derived) -> None:
    docs = field_docs(PlatformSpec)
    hints = {name: PlatformSpec.model_fields[name] for name in CONTEXT}
    existing = _existing(derived, f"{Existing.__doc__} Give the target's cloud.")
    derived.add(
        "ContextArgs",
        "What a component used alone belongs to: names, tags and the account come from here.",
        iter(
            [
                *(Field(name, info.annotation, info.is_required(), docs[name]) for name, info in hints.items()),
                Field("target", dict[str, Any], True, "The account and region, with `cloud`, as in the spec."),
                Field("existing", _Named(existing), False, "What somebody else made. Omitted: all is made."),
            ]
        ),
    )


def _existing(derived: Derived, doc: str) -> str:
    parts = {cloud: _parts(derived, cloud) for cloud in derived_clouds()}
    fields = (
        Field(cloud, _Named(name), False, f"On {discovery.backend(cloud).title}.") for cloud, name in parts.items()
    )
    return derived.add("ExistingArgs", doc, fields)


def derived_clouds() -> list[str]:
    """Clouds whose existing parts have types here."""
    return [cloud for cloud in discovery.clouds() if discovery.backend(cloud).package.startswith("mlplatform.")]


class _Named:
    """A type that is derived already."""

    def __init__(self, name: str) -> None:
        self.name = name


def _parts(derived: Derived, cloud: str) -> str:
    kinds = existing_kinds(cloud)
    title = discovery.backend(cloud).title
    fields = (
        Field(part, kind, False, f"{(kind.__doc__ or '').split(chr(10))[0]} Omitted: made.")
        for part, kind in kinds.items()
    )
    return derived.add(f"{cloud.capitalize()}ExistingArgs", f"What somebody else made on {title}.", fields)


def existing_kinds(cloud: str) -> dict[str, type]:
    """A cloud's kinds of existing parts, by the part's name."""
    module = importlib.import_module(f"{discovery.backend(cloud).package}.existing")
    found = [kind for _, kind in inspect.getmembers(module, inspect.isclass) if kind.__module__ == module.__name__]
    return {part: kind for part, base in _PARTS.items() for kind in found if issubclass(kind, base)}


def hints_of(kind: type) -> dict[str, object]:
    """Types of a dataclass's fields; Pulumi's own `Input` names types that only its module knows."""
    hints = get_type_hints(kind, localns=_scope)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _fields(kind: type) -> Iterator[Field]:
    docs = class_docs(kind)
    hints = hints_of(kind)
    for field in dataclasses.fields(kind):
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        yield Field(field.name, hints[field.name], required, docs[field.name])


def _values(field: Field) -> str:
    values = [arg for arg in get_args(field.annotation) if isinstance(arg, str)]
    for arg in get_args(field.annotation):
        if get_origin(arg) is Literal:
            values += [value for value in get_args(arg) if isinstance(value, str)]
    return f"{field.doc}\n\nOne of {', '.join(values)}." if values else field.doc


def _docstring(text: str) -> list[str]:
    paragraphs = inspect.cleandoc(text).split("\n\n")
    wrapped: list[str] = []
    for paragraph in paragraphs:
        wrapped += [*([""] if wrapped else []), *textwrap.wrap(paragraph, _WIDTH - 10)]
    if len(wrapped) == 1:
        return [f'    """{wrapped[0]}"""']
    return [f'    """{wrapped[0]}', *(f"    {line}" if line else "" for line in wrapped[1:]), '    """']


if __name__ == "__main__":
    sys.stdout.write(derive())
