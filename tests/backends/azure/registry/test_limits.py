"""What Azure refuses in the registries."""

from __future__ import annotations

from mlplatform import (
    RegistrySpec,
)

from ..conftest import problems, refused, target


def test_the_registry() -> None:
    refused("registry.immutable_tags", "digest", registry=RegistrySpec(immutable_tags=True))
    refused("registry.scan_on_push", "defender_for_containers", registry=RegistrySpec(scan_on_push=True))
    scanning = (target(defender_for_containers=True),)
    assert problems(registry=RegistrySpec(scan_on_push=True), targets=scanning) == {}
