"""What S3 refuses: legal holds of a bucket, replicas and WORM without versions."""

from __future__ import annotations

import pytest

from mlplatform import (
    ArtifactStoreSpec,
    PlaceSpec,
    WormSpec,
)
from mlplatform.backends.aws.backend import BACKEND

from ....planned import Refusals
from ..conftest import spec, target

refused = Refusals(BACKEND, spec).refused


@pytest.mark.parametrize("place", ["data", "features", "models", "pipelines", "monitoring"])
def test_no_bucket_wide_legal_hold(place: str) -> None:
    store = ArtifactStoreSpec.model_validate({place: PlaceSpec(legal_hold=True)})
    refused(f"artifact_store.{place}.legal_hold", "worm", artifact_store=store)


def test_replication_needs_a_second_region_and_versions() -> None:
    refused("targets[aws].replica_region", "second region", artifact_store=ArtifactStoreSpec(replicated=True))
    same = (target(replica_region="us-east-1"),)
    refused("targets[aws].replica_region", targets=same, artifact_store=ArtifactStoreSpec(replicated=True))
    store = ArtifactStoreSpec(replicated=True, models=PlaceSpec(versioned=False))
    other = (target(replica_region="us-west-2"),)
    refused("artifact_store.models.versioned", "replication", targets=other, artifact_store=store)
    worm = ArtifactStoreSpec(data=PlaceSpec(versioned=False, worm=WormSpec(days=1)))
    refused("artifact_store.data.versioned", "worm", artifact_store=worm)
