"""Derives the package's types from the spec's models and the backends' existing parts.

Pulumi's host reads the types of a component's arguments from annotations of real classes, so they are in files, one per
module of the spec and one per cloud: `python -m mlplatform.package.derive` writes them. A test compares them with this.

The types carry the names of the spec's models (`AccessSpec`, `NetworkSpec`, …) on purpose: users find one name in the
spec's reference and in the package's schema.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import inspect
import re
import textwrap
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Union, cast, get_args, get_origin

from mlplatform import discovery
from mlplatform.components.existing import Existing
from mlplatform.package.kinds import derived_clouds, existing_kinds, hints_of
from mlplatform.reading.describe.documentation import class_docs, field_docs
from mlplatform.spec.artifact_store import ArtifactStoreSpec
from mlplatform.spec.base import SpecModel
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.feature_store import FeatureStoreSpec
from mlplatform.spec.keys import KeysSpec
from mlplatform.spec.later import LaterModel
from mlplatform.spec.network import NetworkSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.registry import RegistrySpec
from mlplatform.spec.training import GpuPoolSpec, TrainingSpec

SPECS: tuple[type[SpecModel], ...] = (
    ArtifactStoreSpec,
    CpuPoolSpec,
    EndpointSpec,
    FeatureStoreSpec,
    GpuPoolSpec,
    KeysSpec,
    NetworkSpec,
    PipelineSpec,
    RegistrySpec,
    TrainingSpec,
)
"""Specs of the components that the package offers."""

CONTEXT = (
    *("name", "environment", "owner", "cost_center", "data_class", "profile", "deletion_protection", "tags"),
    *("network", "keys", "monitoring", "access", "cluster"),
)
"""Fields of the platform's spec that a component alone needs besides its target: names, tags, and the settings of the
components that it creates on first use, and what is inside its cluster."""
_ABOUT = "Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."

_WIDTH = 120
_INPUT = "pulumi.Input["


class Named:
    """A type that is derived already."""

    def __init__(self, name: str) -> None:
        self.name = name


@dataclasses.dataclass(frozen=True)
class Field:
    """A property of an argument type."""

    name: str
    annotation: object
    required: bool
    doc: str


class ArgumentTypes:
    """The argument types, each once, after those that it uses."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        """Text of each type."""
        self.homes: dict[str, str] = {}
        """File of each type, without ending."""
        self.uses: dict[str, set[str]] = {}
        """Other types that a type names."""
        self._open: list[str] = []

    def named(self, name: str) -> str:
        """Name of a type."""
        return name

    def add(self, name: str, doc: str, fields: Iterator[Field], home: str) -> str:
        """Add a type and the types that it uses; its name."""
        name = self.named(name)
        if name not in self.homes:
            self.homes[name], self.uses[name] = home, set()
            self._open.append(name)
            lines = [f"class {name}(TypedDict):", *_docstring(doc)]
            for field in fields:
                annotation = self.annotation(field.annotation)
                lines.append("")
                lines.append(f"    {field.name}: {annotation if field.required else f'NotRequired[{annotation}]'}")
                lines += _docstring(_values(field))
            self.texts[name] = "\n".join(lines) + "\n"
            self._open.pop()
        return self.used(name)

    def used(self, name: str) -> str:
        """A type's name, used by the type that is being added."""
        if self._open:
            self.uses[self._open[-1]].add(name)
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
        # not `…Args`: SDKs give that name to a component's own arguments
        return self.add(model.__name__, model.__doc__ or "", fields, model.__module__.rpartition(".")[2])

    def existing(self, kind: type) -> str:
        """Add a dataclass of an existing part."""
        cloud = kind.__module__.split(".")[-2]
        return self.add(f"{kind.__name__}Args", kind.__doc__ or "", _fields(kind), _home(cloud))

    def annotation(self, given: object) -> str:
        """A type as the host reads it; one that the host does not know is `Any`, in the spec's own form."""
        if isinstance(given, Named):
            return self.used(given.name)
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
            # where all keys are known, the whole mapping may be another component's output
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
        if issubclass(given, LaterModel):
            return self.model(given.model())
        if issubclass(given, SpecModel):
            return self.model(given)
        if dataclasses.is_dataclass(given):
            return self.existing(given)
        # addresses and the like travel as text
        return given.__name__ if given in (str, int, float, bool) else "str"

    def _union(self, args: tuple[object, ...]) -> str:
        present = [arg for arg in args if arg is not type(None)]
        awaitables = [arg for arg in present if get_origin(arg) is collections.abc.Awaitable]
        if awaitables:
            return f"{_INPUT}{self.annotation(get_args(awaitables[0])[0])}]"
        return self.annotation(present[0]) if len(present) == 1 else "Any"


class OutputTypes(ArgumentTypes):
    """The types of existing parts as outputs: the parts of a component, in the shape in which others take them."""

    def named(self, name: str) -> str:
        """Name of a type."""
        return name.removesuffix("Args").replace("Existing", "Made")

    def add(self, name: str, doc: str, fields: Iterator[Field], home: str) -> str:
        """Add a type with the first sentence of its documentation: the rest is for arguments."""
        shortened = (dataclasses.replace(field, doc=_first(field.doc)) for field in fields)
        return super().add(name, _first(doc), shortened, home)

    def _union(self, args: tuple[object, ...]) -> str:
        text = super()._union(args)
        return text.removeprefix(_INPUT).removesuffix("]") if text.startswith(_INPUT) else text


def _first(text: str) -> str:
    return re.split(r"(?<=\.)\s", text.strip(), maxsplit=1)[0]


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


def derive() -> dict[str, str]:
    """The text of each file, by its name."""
    arguments, outputs = ArgumentTypes(), OutputTypes()
    _context(arguments)
    for spec in SPECS:
        arguments.model(spec)
    _existing(outputs, "A component's resources, in the shape in which `existing` takes them.")
    texts = {**arguments.texts, **outputs.texts}
    homes, uses = {**arguments.homes, **outputs.homes}, {**arguments.uses, **outputs.uses}
    files = {f"{home}.py": _file(home, texts, homes, uses) for home in sorted(set(homes.values()))}
    return {"__init__.py": "", **files}


def write(folder: Path) -> None:
    """Write the files, and remove others."""
    files = derive()
    for file in folder.glob("*.py"):
        if file.name not in files:
            file.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _file(home: str, texts: Mapping[str, str], homes: Mapping[str, str], uses: Mapping[str, set[str]]) -> str:
    own = [name for name in texts if homes[name] == home]
    others = sorted(
        {used for name in own for used in uses[name] if homes[used] != home}, key=lambda used: (homes[used], used)
    )
    body = "\n\n".join(texts[name] for name in own)
    generic = [word for word in ("Mapping", "Sequence") if f"{word}[" in body]
    typing = [word for word in ("Any", "NotRequired", "TypedDict") if re.search(rf"[:\[ (]{word}\b", body)]
    lines = [f'"""{_ABOUT}"""', ""]
    if generic:
        lines.append(f"from collections.abc import {', '.join(generic)}")
    lines += [f"from typing import {', '.join(typing)}", ""]
    if _INPUT in body:
        lines += ["import pulumi", ""]
    for place in sorted({homes[used] for used in others}):
        names = ", ".join(used for used in others if homes[used] == place)
        lines.append(f"from mlplatform.package.args.{place} import {names}")
    if others:
        lines.append("")
    return "\n".join(lines) + f"\n\n{body}"


def _home(cloud: str) -> str:
    return f"existing_{cloud}"


def _context(types_: ArgumentTypes) -> None:
    docs = field_docs(PlatformSpec)
    hints = {name: PlatformSpec.model_fields[name] for name in CONTEXT}
    existing = _existing(types_, f"{Existing.__doc__} Set the field of the target's cloud.")
    types_.add(
        "ContextArgs",
        "The platform that a single component belongs to. It gives names, tags and the account.",
        iter(
            [
                *(Field(name, info.annotation, info.is_required(), docs[name]) for name, info in hints.items()),
                Field("target", dict[str, Any], True, "The account and region, with `cloud`, as in the spec."),
                Field(
                    "existing",
                    Named(existing),
                    False,
                    "Existing resources that the platform uses. Omitted: everything is created.",
                ),
            ]
        ),
        "context",
    )


def _existing(types_: ArgumentTypes, doc: str) -> str:
    parts = {cloud: _parts(types_, cloud) for cloud in derived_clouds()}
    fields = (
        Field(cloud, Named(name), False, f"On {discovery.backend(cloud).title}.") for cloud, name in parts.items()
    )
    return types_.add("ExistingArgs", doc, fields, "existing")


def _parts(types_: ArgumentTypes, cloud: str) -> str:
    kinds = existing_kinds(cloud)
    title = discovery.backend(cloud).title
    fields = (
        Field(part, kind, False, f"{(kind.__doc__ or '').split(chr(10))[0]} Omitted: created.")
        for part, kind in kinds.items()
    )
    return types_.add(f"{cloud.capitalize()}ExistingArgs", f"Existing resources on {title}.", fields, _home(cloud))


if __name__ == "__main__":
    write(Path(__file__).parent / "args")
