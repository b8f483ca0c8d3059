"""What people read of a component is its capability's title, never the name of a class."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import mlplatform.cluster
import mlplatform.components
from mlplatform.components.base import Component
from mlplatform.plan.capability import TITLES, capability_of
from mlplatform.plan.spec_diff import FIELD_CAPABILITIES
from mlplatform.spec.platform import PlatformSpec

ALL = {"cost_center", "data_class", "deletion_protection", "environment", "extensions", "name", "owner", "profile"}
"""Fields of the spec that concern every capability, or other people's."""


def _below(kind: type[Component]) -> Iterator[type[Component]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def components() -> list[str]:
    """Names of the project's own components."""
    for package in (mlplatform.components, mlplatform.cluster):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    return sorted({kind.__name__ for kind in _below(Component) if kind.__module__.startswith("mlplatform.")})


@pytest.mark.parametrize("name", [name for name in components() if name != "Platform" and not name.startswith("_")])
def test_every_component_has_a_title(name: str) -> None:
    assert capability_of(f"mlplatform:index:{name}") in TITLES


def test_every_field_of_a_capability_is_that_of_a_component() -> None:
    parts = {name for name in PlatformSpec.model_fields if name not in {*ALL, "spec_version", "tags", "targets"}}
    assert {*parts, "record"} == set(FIELD_CAPABILITIES)
    assert {title for titles in FIELD_CAPABILITIES.values() for title in titles} <= set(TITLES)
