"""Images are encrypted, scanned and immutable; public registries are cached."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import RegistrySpec

from ....planned import Planned


def test_images_are_encrypted_scanned_immutable_and_kept(prod: Planned) -> None:
    repository = prod.one("images-training")
    inputs = repository.inputs
    assert inputs["kmsKeyName"] == prod.one("keys-registry").id
    assert inputs["dockerConfig"] == {"immutableTags": True}
    assert inputs["vulnerabilityScanningConfig"] == {"enablementConfig": "INHERITED"}
    assert "images-api-containerscanning" in prod.after("images-training")
    assert repository.protect
    policies = {policy["id"]: policy for policy in inputs["cleanupPolicies"]}  # type: ignore[union-attr, index]
    assert policies["keep-newest"]["mostRecentVersions"] == {"keepCount": 20}
    assert policies["delete-untagged"]["condition"] == {"tagState": "UNTAGGED", "olderThan": "259200s"}
    assert inputs["cleanupPolicyDryRun"] is False
    assert "registry.keep_images" in prod.notes()


def test_scanning_and_fixed_tags_can_be_turned_off(planned: Callable[..., Planned]) -> None:
    plan = planned(registry=RegistrySpec(scan_on_push=False, immutable_tags=False))
    repository = plan.one("images-training").inputs
    assert repository["dockerConfig"] == {"immutableTags": False}
    assert repository["vulnerabilityScanningConfig"] == {"enablementConfig": "DISABLED"}
    assert not plan.has("images-api-containerscanning")
    assert "registry.keep_images" not in plan.notes()


def test_public_registries_are_cached(prod: Planned) -> None:
    hub = prod.one("images-cache-docker-io").inputs["remoteRepositoryConfig"]
    assert hub["dockerRepository"] == {"publicRepository": "DOCKER_HUB"}  # type: ignore[index]
    quay = prod.one("images-cache-quay-io").inputs["remoteRepositoryConfig"]
    assert quay["dockerRepository"] == {"customRepository": {"uri": "https://quay.io"}}  # type: ignore[index]
    assert prod.one("images-ci-training-push").inputs["role"] == "roles/artifactregistry.writer"
    assert prod.one("images-ci-cache-quay-io-pull").inputs["role"] == "roles/artifactregistry.reader"
