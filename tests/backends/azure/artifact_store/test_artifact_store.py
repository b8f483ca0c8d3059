"""The artifact store and its copy."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import ArtifactStoreSpec, PlaceSpec, WormSpec
from mlplatform.backends.azure.foundation.roles import ROLES

from ....planned import Planned
from ..conftest import target


def test_write_once_places_have_an_account_of_their_own(prod: Planned) -> None:
    worm = prod.one("store-data").inputs["immutableStorageWithVersioning"]
    assert worm["enabled"] is True
    assert worm["immutabilityPolicy"]["immutabilityPeriodSinceCreationInDays"] == 365
    assert worm["immutabilityPolicy"]["state"] == "Unlocked"
    assert "immutableStorageWithVersioning" not in prod.one("store-main").inputs
    container = prod.one("store-data-objects").inputs
    assert container["accountName"] == prod.one("store-data").inputs["accountName"]
    version = prod.one("store-data-lifecycle").inputs["policy"]["rules"][0]["definition"]["actions"]["version"]
    assert version["delete"]["daysAfterCreationGreaterThan"] == 365


def test_legal_hold(prod: Planned) -> None:
    hold = prod.one("store-features-hold").inputs
    assert (hold["containerName"], hold["tags"]) == ("features", ["legalhold"])


def test_lifecycle_by_class(prod: Planned) -> None:
    rules = {
        rule["name"]: rule["definition"]["actions"]
        for rule in prod.one("store-main-lifecycle").inputs["policy"]["rules"]
    }
    assert rules["features"]["baseBlob"]["tierToCool"]["daysAfterModificationGreaterThan"] == 30
    assert rules["pipelines"]["baseBlob"]["delete"]["daysAfterModificationGreaterThan"] == 30
    # the account keeps versions for all, so that a place without them drops them at once
    assert rules["pipelines"]["version"]["delete"]["daysAfterCreationGreaterThan"] == 0
    assert rules["models"]["version"]["delete"]["daysAfterCreationGreaterThan"] == 90


def test_no_versions_when_nobody_wants_them(planned: Callable[..., Planned]) -> None:
    plan = planned(artifact_store=ArtifactStoreSpec(versioned=False, access_logs=False))
    assert plan.one("store-main-services").inputs["isVersioningEnabled"] is False
    rules = plan.one("store-main-lifecycle").inputs["policy"]["rules"]
    assert not any("version" in rule["definition"]["actions"] for rule in rules)
    assert not plan.has("store-main-logs")


def test_a_store_whose_places_are_all_write_once(planned: Callable[..., Planned]) -> None:
    worm = PlaceSpec(worm=WormSpec(days=7))
    store = ArtifactStoreSpec(replicated=True, data=worm, features=worm, models=worm, pipelines=worm, monitoring=worm)
    plan = planned(artifact_store=store, targets=(target(replica_region="eastus"),))
    assert len(plan.all("StorageAccount")) == 12
    assert not plan.has("store-main-lifecycle")
    assert not plan.has("store-replica-main")


def test_access_logs_are_of_the_blob_service(prod: Planned) -> None:
    for role in ("store-main", "store-data", "store-replica-main", "store-replica-data"):
        setting = prod.one(f"{role}-logs").inputs
        assert str(setting["resourceUri"]).endswith("/blobServices/default")
        assert [log["category"] for log in setting["logs"]] == ["StorageRead", "StorageWrite", "StorageDelete"]


def test_the_copy_is_declared_at_both_ends(prod: Planned) -> None:
    for role, places in (("main", ["features", "models", "pipelines", "monitoring"]), ("data", ["data"])):
        copy = prod.one(f"store-replica-{role}")
        assert copy.inputs["location"] == "eastus"
        assert prod.one(f"store-{role}-services").inputs["changeFeed"] == {"enabled": True}
        assert prod.one(f"store-replica-{role}-services").inputs["isVersioningEnabled"] is True
        received = prod.one(f"store-replica-{role}-receives")
        sent = prod.one(f"store-{role}-sends")
        assert received.inputs["objectReplicationPolicyId"] == "default"
        assert [rule["sourceContainer"] for rule in received.inputs["rules"]] == places
        assert sent.inputs["objectReplicationPolicyId"] == received.outputs["policyId"]
        assert [rule["ruleId"] for rule in sent.inputs["rules"]] == [
            rule["ruleId"] for rule in received.outputs["rules"]
        ]
        for end in (received, sent):
            assert end.inputs["sourceAccount"] == prod.one(f"store-{role}").id
            assert end.inputs["destinationAccount"] == copy.id


def test_grants_are_roles_on_single_containers(prod: Planned) -> None:
    rights = prod.rights()
    assert (ROLES["blob-contributor"], "containers/pipelines") in rights
    assert (ROLES["blob-reader"], "containers/data") in rights
    scopes = {scope for role, scope in rights if role in (ROLES["blob-contributor"], ROLES["blob-reader"])}
    # the archive of flow logs is the only whole account
    assert {scope for scope in scopes if not scope.startswith("containers/")} == {
        "storageAccounts/" + str(prod.one("telemetry-archive").inputs["accountName"])
    }


def test_only_ephemeral_containers_can_be_destroyed_in_production(prod: Planned, least: Planned) -> None:
    assert prod.one("store-models").protect
    assert not prod.one("store-pipelines").protect
    assert not any(step.protect for step in least.plan.resources())


def test_places_without_versions_beside_others_are_explained(planned: Callable[..., Planned]) -> None:
    plan = planned(artifact_store=ArtifactStoreSpec(models=PlaceSpec(versioned=False)))
    assert "artifact_store.models.versioned" in plan.notes()
