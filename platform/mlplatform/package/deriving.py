"""Argument and output types as text, from the spec's models and from dataclasses."""

from __future__ import annotations

import collections.abc
import dataclasses
import inspect
import re
import textwrap
import types
from collections.abc import Iterator, Mapping
from typing import Any, Literal, Union, cast, get_args, get_origin

from mlplatform.package.kinds import hints_of
from mlplatform.reading.describe.documentation import class_docs, field_docs
from mlplatform.spec.base import SpecModel

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
        if isinstance(given, Named):
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
