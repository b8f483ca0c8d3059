"""Stores that GCP refuses."""

from __future__ import annotations

from mlplatform import ArtifactStoreSpec

from ..conftest import refused, target


def test_replication_needs_a_second_region() -> None:
    store = ArtifactStoreSpec(replicated=True)
    refused("targets[gcp].replica_region", "us-east1", artifact_store=store)
    refused(
        "targets[gcp].replica_region", "us-east1", artifact_store=store, targets=(target(replica_region="us-central1"),)
    )


def test_names_that_no_bucket_may_have() -> None:
    refused("environment", "google", environment="google")
    refused("name", "google", name="my-google-ml")
