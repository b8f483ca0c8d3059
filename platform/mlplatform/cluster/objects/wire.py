"""The one place where objects become what the API server is sent: names in camel case, nothing for what is omitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import TypeAlias, cast

from mlplatform.cluster.objects.base import FromCloud, KubeObject
from mlplatform.cluster.objects.quantity import quantity

Wire: TypeAlias = "bool | int | float | str | FromCloud | list[Wire] | dict[str, Wire] | None"
"""A value as it is sent; `FromCloud` where only the cloud's stack knows it."""

PLATFORM_LABELS = {"app.kubernetes.io/managed-by": "mlplatform"}
"""Labels of every object of ours."""


_QUANTITIES = frozenset({"requests", "limits", "hard", "capacity", "size_limit"})
"""Fields of Kubernetes' own kinds that hold a quantity, or one by name."""


def wire_object(item: KubeObject) -> dict[str, Wire]:
    """One object as it is sent."""
    body = cast("dict[str, Wire]", wire_value(item))
    metadata = cast("dict[str, Wire]", body["metadata"])
    labels = cast("dict[str, Wire]", metadata.get("labels") or {})
    metadata["labels"] = {**PLATFORM_LABELS, **labels}
    return {"apiVersion": item.API, "kind": item.KIND, **body}


def wire_value(value: object) -> Wire:
    """Any value of an object as it is sent."""
    match value:
        case None | bool() | int() | float() | str() | FromCloud():
            return value
        case Mapping():
            return {str(key): wire_value(item) for key, item in cast("Mapping[object, object]", value).items()}
        case list() | tuple():
            return [wire_value(item) for item in cast("list[object]", value)]
        case _ if is_dataclass(value) and not isinstance(value, type):
            named = ((field.name, getattr(value, field.name)) for field in fields(value))
            return {
                _camel(name): _quantities(wire_value(item)) if name in _QUANTITIES else wire_value(item)
                for name, item in named
                if item is not None
            }
        case _:
            raise TypeError(f"{type(value).__name__} is no value of an object")


def _quantities(value: Wire) -> Wire:
    match value:
        case str():
            return quantity(value)
        case dict():
            return {key: quantity(item) if isinstance(item, str) else item for key, item in value.items()}
        case _:
            return value


def resolve(value: Wire, known: Callable[[FromCloud], object]) -> object:
    """The same value with everything from the cloud's stack in its place.

    Args:
        value: as sent.
        known: gives the text of a value from the cloud's stack, or an output of it.
    """
    match value:
        case FromCloud():
            return known(value)
        case dict():
            return {key: resolve(item, known) for key, item in value.items()}
        case list():
            return [resolve(item, known) for item in value]
        case _:
            return value


_SPELT = {"host_pid": "hostPID", "cluster_ip": "clusterIP", "use_sdk_creds": "useSDKCreds", "project_id": "projectID"}
"""Names that Kubernetes does not write in camel case."""


def _camel(name: str) -> str:
    if name in _SPELT:
        return _SPELT[name]
    # `from_` is a word of Python
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(part.capitalize() for part in rest)
