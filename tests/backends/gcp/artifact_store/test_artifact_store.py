"""Places of the store are closed, encrypted, versioned, logged, and kept as their class says."""

from __future__ import annotations

import pytest

from ....planned import Planned

PLACES = ("data", "features", "models", "pipelines", "monitoring")
each_place = pytest.mark.parametrize("place", PLACES)


def _rules(step: dict[str, object]) -> dict[str, dict[str, object]]:
    rules = step["lifecycleRules"]
    assert isinstance(rules, list)
    return {
        rule["action"]["type"] + rule["condition"].get("withState", ""): {**rule["action"], **rule["condition"]}
        for rule in rules
    }


@each_place
def test_a_place_is_closed_encrypted_and_logged(prod: Planned, place: str) -> None:
    bucket = prod.one(f"store-{place}").inputs
    assert bucket["uniformBucketLevelAccess"] is True
    assert bucket["publicAccessPrevention"] == "enforced"
    assert bucket["encryption"] == {"defaultKmsKeyName": prod.one("keys-store").id}
    assert bucket["logging"] == {
        "logBucket": prod.one("store-access-logs").inputs["name"],
        "logObjectPrefix": place,
    }
    assert "store-access-logs-writer" in prod.after(f"store-{place}")


def test_the_log_bucket_is_closed_and_does_not_log_to_itself(prod: Planned) -> None:
    logs = prod.one("store-access-logs").inputs
    assert (logs["publicAccessPrevention"], logs.get("logging")) == ("enforced", None)
    writer = prod.one("store-access-logs-writer").inputs
    assert (writer["role"], writer["member"]) == (
        "roles/storage.objectCreator",
        "group:cloud-storage-analytics@google.com",
    )


@pytest.mark.parametrize(("place", "seconds", "locked"), [("data", "31536000", False), ("features", "2592000", True)])
def test_worm_is_a_retention_policy_without_versions(prod: Planned, place: str, seconds: str, locked: bool) -> None:
    for name in (f"store-{place}", f"store-{place}-replica"):
        bucket = prod.one(name).inputs
        assert bucket["retentionPolicy"] == {"retentionPeriod": seconds, "isLocked": locked}
        assert bucket["versioning"] == {"enabled": False}
        assert bucket["forceDestroy"] is False
    assert f"artifact_store.{place}.worm" in prod.notes()


def test_other_places_keep_versions(prod: Planned) -> None:
    bucket = prod.one("store-monitoring").inputs
    assert bucket["versioning"] == {"enabled": True}
    assert bucket.get("retentionPolicy") is None
    assert _rules(dict(bucket))["DeleteARCHIVED"]["daysSinceNoncurrentTime"] == 90


def test_classes_tier_and_expire(prod: Planned) -> None:
    assert _rules(dict(prod.one("store-monitoring").inputs))["SetStorageClass"] == {
        "type": "SetStorageClass",
        "storageClass": "NEARLINE",
        "age": 90,
        "matchesStorageClasses": ["STANDARD"],
    }
    assert _rules(dict(prod.one("store-features").inputs))["SetStorageClass"]["storageClass"] == "COLDLINE"
    ephemeral = _rules(dict(prod.one("store-pipelines").inputs))
    assert ephemeral["DeleteLIVE"]["age"] == 30
    assert ephemeral["DeleteARCHIVED"]["daysSinceNoncurrentTime"] == 7
    assert "SetStorageClass" not in ephemeral
    assert all("AbortIncompleteMultipartUpload" in _rules(dict(prod.one(f"store-{p}").inputs)) for p in PLACES)


def test_a_legal_hold_holds_what_is_written(prod: Planned) -> None:
    assert prod.one("store-models").inputs["defaultEventBasedHold"] is True
    assert prod.one("store-monitoring").inputs["defaultEventBasedHold"] is False
    assert "artifact_store.models.legal_hold" in prod.notes()


def test_only_ephemeral_places_go_with_production(prod: Planned, least: Planned) -> None:
    assert {p for p in PLACES if prod.one(f"store-{p}").inputs["forceDestroy"]} == {"pipelines"}
    assert {p for p in PLACES if prod.one(f"store-{p}").protect} == set(PLACES) - {"pipelines"}
    assert {p for p in PLACES if least.one(f"store-{p}").inputs["forceDestroy"]} == set(PLACES)
    assert not any(least.one(f"store-{p}").protect for p in PLACES)


def test_hot_checkpoints_pay_no_soft_delete(prod: Planned) -> None:
    assert prod.one("store-pipelines").inputs["softDeletePolicy"] == {"retentionDurationSeconds": 0}
    assert prod.one("store-models").inputs["softDeletePolicy"] == {"retentionDurationSeconds": 604800}


@each_place
def test_every_place_is_copied_with_the_second_regions_own_key(prod: Planned, place: str) -> None:
    copy = prod.one(f"store-{place}-replica").inputs
    assert copy["logging"] == {
        "logBucket": prod.one("store-access-logs").inputs["name"],
        "logObjectPrefix": f"{place}-replica",
    }
    assert "store-access-logs-writer" in prod.after(f"store-{place}-replica")
    assert copy["location"] == "us-east1"
    assert "/locations/us-east1/" in copy["encryption"]["defaultKmsKeyName"]  # type: ignore[index]
    assert copy["publicAccessPrevention"] == "enforced"
    before = prod.after(f"store-{place}-replication")
    assert {
        f"store-{place}",
        f"store-{place}-replica",
        f"store-{place}-source-objectviewer",
        f"store-{place}-sink-legacybucketwriter",
        "store-replication-events",
        "store-replication-publisher",
        "keys-replica-store-storage",
    } <= before


def test_workloads_read_and_write_what_they_need(prod: Planned) -> None:
    assert prod.one("store-training-data-read").inputs["role"] == "roles/storage.objectViewer"
    assert prod.one("store-training-pipelines-write").inputs["role"] == "roles/storage.objectUser"
    assert not prod.has("store-training-data-write")
    assert not prod.has("store-training-monitoring-write")
    assert not prod.has("store-ci-models-write")
