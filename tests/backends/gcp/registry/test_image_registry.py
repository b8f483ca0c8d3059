"""Images are encrypted, scanned and immutable; public registries are cached."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from mlplatform import RegistrySpec
from mlplatform.plan.model import Plan

from ....planned import Planned
from ..conftest import PROJECT, target


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


def test_the_policy_of_images_is_declared_or_told(least: Planned, planned: Callable[..., Planned]) -> None:
    assert not [step for step in least.all("Policy") if "binaryauthorization" in step.type]
    assert "targets[gcp].admitted_images" in least.notes()
    plan = planned(targets=(target(admitted_images=("registry.k8s.io/**", "nvcr.io/nvidia/**")),))
    (policy,) = [step.inputs for step in plan.all("Policy") if "binaryauthorization" in step.type]
    assert policy["defaultAdmissionRule"] == {
        "evaluationMode": "ALWAYS_DENY",
        "enforcementMode": "ENFORCED_BLOCK_AND_AUDIT_LOG",
    }
    assert policy["globalPolicyEvaluationMode"] == "ENABLE", "GKE's own add-ons keep running"
    assert [pattern["namePattern"] for pattern in policy["admissionWhitelistPatterns"]] == [
        f"us-central1-docker.pkg.dev/{PROJECT}/**",
        "nvcr.io/nvidia/**",
        "registry.k8s.io/**",
    ]
    assert "targets[gcp].admitted_images" not in plan.notes()


def test_everything_that_the_platform_starts_is_in_its_own_registry(stack_plan: Callable[..., Plan]) -> None:
    """So a policy that admits nothing besides stops no part of the platform itself."""
    images = [
        str(container["image"])
        for step in stack_plan("prod", "gcp", resolve=True).resources()
        if step.type == "gcp:cloudrunv2/service:Service"
        for container in step.inputs["template"]["containers"]  # type: ignore[union-attr, index, call-overload]
    ]
    assert images
    assert not [image for image in images if not image.startswith("us-central1-docker.pkg.dev/acme-ml-prod/")]


@pytest.mark.parametrize("pattern", ["*", "docker.io", "docker.io/*/x", "https://docker.io/**", "docker.io/a*"])
def test_patterns_that_google_refuses(pattern: str) -> None:
    with pytest.raises(ValidationError):
        target(admitted_images=(pattern,))
