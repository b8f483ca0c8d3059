"""What GCP refuses is refused before anything is planned, with what to do instead."""

from __future__ import annotations

from mlplatform.backends.gcp.backend import BACKEND

from .conftest import full, problems, refused, target


def test_good_platforms_pass() -> None:
    assert problems() == {}
    assert BACKEND.problems(full().on("gcp")) == ()


def test_a_misspelled_region_is_recognised() -> None:
    refused("targets[gcp].region", "us-central1", targets=(target(region="us-centrall1"),))
    refused("targets[gcp].replica_region", "europe-west4", targets=(target(replica_region="europe-wst4"),))


def test_zones_are_the_regions_and_enough() -> None:
    refused("targets[gcp].zones", "us-east1-b", targets=(target(zones=("us-central1-a", "us-east1-b")),))
    refused("targets[gcp].zones", "2", targets=(target(zones=("us-central1-a",)),))
    refused("targets[gcp].zones", "once", targets=(target(zones=("us-central1-a", "us-central1-a")),))


def test_partial_support_is_declared_with_reason_and_alternative() -> None:
    declared = {limit.field: limit for limit in BACKEND.limits}
    assert {"registry.keep_images", "artifact_store.data.legal_hold", "monitoring.log_retention_days"} <= set(declared)
    assert all(limit.reason and limit.alternative for limit in declared.values())
