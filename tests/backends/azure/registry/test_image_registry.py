"""The image registry."""

from __future__ import annotations

import base64
from collections.abc import Callable

from mlplatform import RegistrySpec

from ....planned import Planned


def test_the_registry_passes_the_baseline(prod: Planned) -> None:
    registry = prod.one("images-registry").inputs
    assert registry["sku"] == {"name": "Premium"}
    assert registry["adminUserEnabled"] is registry["anonymousPullEnabled"] is False
    assert registry["publicNetworkAccess"] == "Disabled"
    assert registry["zoneRedundancy"] == "Enabled"
    assert registry["policies"]["exportPolicy"] == {"status": "disabled"}
    assert registry["policies"]["retentionPolicy"] == {"status": "enabled", "days": 3}
    key = registry["encryption"]["keyVaultProperties"]
    assert key["keyIdentifier"] == prod.one("keys-registry").outputs["keyUri"]
    assert list(registry["identity"]["userAssignedIdentities"]) == [prod.one("keys-registry-identity").id]


def test_upstreams_are_cached(prod: Planned) -> None:
    rules = {step.inputs["sourceRepository"]: step.inputs["targetRepository"] for step in prod.all("CacheRule")}
    assert rules == {"docker.io/*": "docker-io/*", "quay.io/*": "quay-io/*"}


def test_old_images_are_removed_by_a_task_with_the_right_to(prod: Planned) -> None:
    task = prod.one("images-clean-up").inputs
    steps = base64.b64decode(str(task["step"]["encodedTaskContent"])).decode()
    assert "acr purge --filter 'serving:.*' --filter 'training:.*' --ago 0d --keep 20" in steps
    assert prod.has("images-purge-clean-up-acr-delete")
    assert "networkRuleBypassAllowedForTasks=true" in prod.notes()


def test_what_the_registry_cannot_do_is_noted(prod: Planned, least: Planned, planned: Callable[..., Planned]) -> None:
    assert "registry.immutable_tags" in least.notes()
    assert "registry.scan_on_push" in least.notes()
    assert "registry.scan_on_push" not in prod.notes()
    assert "registry.scan_on_push" not in planned(registry=RegistrySpec(scan_on_push=False)).notes()
