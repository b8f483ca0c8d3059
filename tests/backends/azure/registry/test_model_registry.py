"""The machine learning workspace: private, encrypted, without keys."""

from __future__ import annotations

from typing import Any

import pytest

from mlplatform import RegistrySpec
from mlplatform.spec.artifact_store import ArtifactStoreSpec, PlaceSpec, WormSpec

from ....planned import Planned, record_released
from ..conftest import spec
from ..serving.serving import endpoint, serving


@pytest.fixture(scope="module")
def platform() -> Planned:
    platform = spec(
        environment="prod",
        registry=RegistrySpec(models=("fraud",)),
        artifact_store=ArtifactStoreSpec(data=PlaceSpec(worm=WormSpec(days=30))),
    )
    return Planned(record_released(platform, "azure", resolve=True))


def test_the_workspace_is_private_encrypted_and_kept(platform: Planned) -> None:
    workspace = platform.one("models-workspace")
    inputs: Any = workspace.inputs
    assert workspace.protect
    assert inputs["publicNetworkAccess"] == "Disabled"
    assert inputs["v1LegacyMode"] is False
    assert inputs["systemDatastoresAuthMode"] == "Identity"
    assert inputs["encryption"]["status"] == "Enabled"
    assert inputs["enableServiceSideCMKEncryption"] is True
    assert inputs["managedNetwork"]["isolationMode"] == "AllowOnlyApprovedOutbound"
    assert inputs["storageAccount"] == platform.one("models-storage").id
    targets = {
        rule["destination"]["serviceResourceId"]
        for rule in inputs["managedNetwork"]["outboundRules"].values()
        if rule["type"] == "PrivateEndpoint"
    }
    stores = {step.id for step in platform.all("StorageAccount") if step.name.startswith("acme-ml-store-")}
    vault = {step.id for step in platform.all("Vault") if step.name.endswith("-vault-endpoints")}
    assert targets == stores | vault
    assert len(vault) == 1


def test_the_workspace_comes_after_its_rights_and_its_key(platform: Planned) -> None:
    before = platform.directly_after("models-workspace")
    assert "keys-use-serving-key-encryption-user" in before
    assert "models-secrets-workspace-vault-administrator" in before
    assert "models-network-workspace-ml-network-approver" in before


def test_model_groups_and_datastores_hold_no_keys(platform: Planned) -> None:
    assert platform.one("models-group-fraud").protect
    for step in platform.all("Datastore"):
        inputs: Any = step.inputs["properties"]
        assert inputs["credentials"] == {"credentialsType": "None"}
    assert len(platform.all("Datastore")) == 5


def test_the_workspaces_own_storage_is_recorded_and_can_be_had_back() -> None:
    full = endpoint()
    kept = full.one("models-storage-services").inputs
    assert kept["deleteRetentionPolicy"] == kept["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 7}
    account = full.one("models-storage").id
    assert full.one("models-storage-logs").inputs["resourceUri"] == f"{account}/blobServices/default"
    silent = serving(spec(artifact_store=ArtifactStoreSpec(access_logs=False)))
    assert silent.has("models-storage-services")
    assert not silent.has("models-storage-logs")


def test_images_are_built_in_the_workspaces_network_from_the_start() -> None:
    platform = serving(spec())
    builder: Any = platform.one("models-image-build").inputs
    inner = builder["properties"]["properties"]
    assert platform.one("models-workspace").inputs["imageBuildCompute"] == builder["computeName"] == "image-build"
    assert inner["scaleSettings"] == {"minNodeCount": 0, "maxNodeCount": 1, "nodeIdleTimeBeforeScaleDown": "PT10M"}
    assert inner["enableNodePublicIp"] is False
    assert builder["properties"]["disableLocalAuth"] is True
    # whatever is deployed comes after it, because its creation provisions the network
    assert "models-image-build" in endpoint().after("endpoint-scorer-endpoint")


def test_the_workspace_sees_the_private_endpoints_of_its_storage(platform: Planned) -> None:
    for group in ("blob", "file"):
        right = platform.one(f"models-{group}-endpoint-workspace-reader").inputs
        assert right["scope"] == platform.one(f"models-ml-{group}").id
