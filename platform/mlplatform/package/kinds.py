"""Kinds of existing parts of each backend."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
from collections.abc import Mapping
from typing import Any, TypeVar, get_type_hints

import pulumi

from mlplatform import discovery
from mlplatform.components.existing import (
    ExistingCluster,
    ExistingIdentities,
    ExistingKeys,
    ExistingNetwork,
    ExistingPart,
    ExistingRegistry,
    ExistingStore,
)

_PARTS: Mapping[str, type[ExistingPart]] = {
    "network": ExistingNetwork,
    "keys": ExistingKeys,
    "store": ExistingStore,
    "cluster": ExistingCluster,
    "registry": ExistingRegistry,
    "identities": ExistingIdentities,
}
_scope: dict[str, Any] = {"Output": pulumi.Output, "T": TypeVar("T")}


def derived_clouds() -> list[str]:
    """Clouds whose existing parts have types here."""
    return [cloud for cloud in discovery.clouds() if discovery.backend(cloud).package.startswith("mlplatform.")]


def existing_kinds(cloud: str) -> dict[str, type]:
    """A cloud's kinds of existing parts, by name of the part."""
    module = importlib.import_module(f"{discovery.backend(cloud).package}.existing")
    kinds = [kind for _, kind in inspect.getmembers(module, inspect.isclass) if kind.__module__ == module.__name__]
    return {part: kind for part, base in _PARTS.items() for kind in kinds if issubclass(kind, base)}


def hints_of(kind: type) -> dict[str, object]:
    """Types of a dataclass's fields; Pulumi's own `Input` names types that only its module knows."""
    hints = get_type_hints(kind, localns=_scope)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}
