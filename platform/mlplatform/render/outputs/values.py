"""A stack's outputs as plain values, without secrets unless they are requested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mlplatform.fast.record import record
from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, UNKNOWN
from mlplatform.secret_text import HIDDEN, has_secret_form

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
"""A value of JSON."""

_ENVELOPES = ("plaintext", "value")
"""Keys of a secret in plain text, in an exported state or on the wire."""


class NoOutputs(ValueError):
    """A document that is not a stack's outputs; the text says what was found and expected."""


@record()
class Outputs:
    """Outputs for another tool."""

    values: Mapping[str, Plain]
    """By the stack's own names, sorted."""

    left_out: tuple[str, ...]
    """Paths of secrets, and of values that are known only after an update."""


def read_outputs(document: object, *, show_secrets: bool = False) -> Outputs:
    """Read a stack's outputs.

    Args:
        document: of `pulumi stack output --json`, or a plan's outputs.
        show_secrets: keep secrets that the document contains in plain text, marked as secret or not. Nothing is
            decrypted.

    Raises:
        NoOutputs: it is another document.
    """
    if not isinstance(document, dict):
        raise NoOutputs("got no mapping, expected the document of `pulumi stack output --json`")
    named = cast("Mapping[str, object]", document)
    if "deployment" in named and "version" in named:
        raise NoOutputs("got a stack's state, expected its outputs; write them with `pulumi stack output --json`")
    left_out: list[str] = []
    values = {name: _read(named[name], name, show_secrets, left_out) for name in sorted(named)}
    return Outputs({name: kept[0] for name, kept in values.items() if kept}, tuple(left_out))


def _read(value: object, path: str, show: bool, left_out: list[str]) -> tuple[Plain] | None:
    """The value in a tuple, or None where it is left out."""
    match value:
        case dict():
            mapping = cast("dict[str, object]", value)
            if SIGNATURE in mapping:
                return _special(mapping, path, show, left_out)
            read = {key: _read(item, f"{path}.{key}", show, left_out) for key, item in sorted(mapping.items())}
            return ({key: kept[0] for key, kept in read.items() if kept},)
        case list() | tuple():
            items = (_read(item, f"{path}[{i}]", show, left_out) for i, item in enumerate(cast("list[object]", value)))
            return ([kept[0] for kept in items if kept],)
        case float() if value.is_integer():
            return (int(value),)
        case str() if value in (HIDDEN, UNKNOWN) or (not show and has_secret_form(value)):
            left_out.append(path)
            return None
        case None | bool() | int() | float() | str():
            return (value,)
        case _:
            raise NoOutputs(f"{path}: got {type(value).__name__}, expected a value of JSON")


def _special(mapping: Mapping[str, object], path: str, show: bool, left_out: list[str]) -> tuple[Plain] | None:
    clear = next((key for key in _ENVELOPES if key in mapping), None)
    if mapping[SIGNATURE] != SECRET_SIGNATURE or not show or clear is None:
        left_out.append(path)
        return None
    return _read(_decoded(mapping[clear], clear), path, show, left_out)


def _decoded(value: object, key: str) -> object:
    from mlplatform.json_text import NotJson, parse_json

    if key == "plaintext" and isinstance(value, str):  # a state holds JSON in a text
        try:
            return parse_json(value)
        except NotJson:
            return value
    return value
