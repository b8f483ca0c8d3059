"""What Azure refuses in the artifact store."""

from __future__ import annotations

from mlplatform import (
    ArtifactStoreSpec,
    PlaceSpec,
    WormSpec,
)

from ..conftest import refused


def test_the_store() -> None:
    refused(
        "artifact_store.data.worm.locked",
        "az storage account update",
        artifact_store=ArtifactStoreSpec(data=PlaceSpec(worm=WormSpec(days=7, locked=True))),
    )
    refused(
        "artifact_store.data.legal_hold",
        "either",
        artifact_store=ArtifactStoreSpec(data=PlaceSpec(worm=WormSpec(days=7), legal_hold=True)),
    )
    refused(
        "artifact_store.data.versioned",
        "true",
        artifact_store=ArtifactStoreSpec(data=PlaceSpec(worm=WormSpec(days=7), versioned=False)),
    )
    refused("targets[azure].replica_region", "second region", artifact_store=ArtifactStoreSpec(replicated=True))
