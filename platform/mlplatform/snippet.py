"""Pieces of a spec as data, which messages show in the language of the spec that they are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias

from mlplatform.fast.record import record

Language = Literal["python", "yaml", "json"]
"""The languages in which a spec can be written."""


@record()
class Part:
    """A model of the spec: its class in Python, and a mapping of its fields elsewhere."""

    model: str
    """Name of the class, for example `PoolOverride`."""

    fields: Mapping[str, Value]
    """Fields to show; empty where the author must choose them."""


Value: TypeAlias = "bool | int | float | str | Part | Sequence[Value] | Mapping[str, Value] | None"
"""A value as a spec can hold it."""


@record()
class Snippet:
    """A value to write, with its field or alone."""

    value: Value
    """The value."""

    field: str = ""
    """The field that takes it. Omitted: the value alone is shown."""

    def __hash__(self) -> int:
        return hash(self.written("json"))  # mappings have none of their own

    def written(self, language: Language) -> str:
        """The snippet as one writes it in a language."""
        match language:
            case "python":
                return f"{self.field}={_python(self.value)}" if self.field else _python(self.value)
            case "yaml":
                return f"{self.field}: {_data(self.value, _yaml_key)}" if self.field else _data(self.value, _yaml_key)
            case "json":
                text = _data(self.value, _quoted)
                return f"{_quoted(self.field)}: {text}" if self.field else text


def _quoted(value: str) -> str:
    return _json(value, ascii_only=True)


def _json(value: bool | int | float | str | None, *, ascii_only: bool = False) -> str:
    import json  # for messages alone

    return json.dumps(value, ensure_ascii=ascii_only)


def _python(value: Value) -> str:
    match value:
        case Part():
            return f"{value.model}({', '.join(f'{name}={_python(v)}' for name, v in value.fields.items()) or '…'})"
        case str():
            return _json(value)
        case Mapping():
            return "{" + ", ".join(f"{_quoted(name)}: {_python(v)}" for name, v in value.items()) + "}"
        case Sequence():
            items = [_python(item) for item in value]
            return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
        case _:
            return repr(value)


def _data(value: Value, key: Callable[[str], str]) -> str:
    match value:
        case Part(fields=fields):
            return _data(fields, key) if fields else "{…}"
        case Mapping():
            return "{" + ", ".join(f"{key(name)}: {_data(v, key)}" for name, v in value.items()) + "}"
        case str():
            return _json(value)  # in quotes it is a text in YAML too
        case Sequence():
            return f"[{', '.join(_data(item, key) for item in value)}]"
        case _:
            return _json(value)


def _yaml_key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name[0].isalpha() else _quoted(name)
