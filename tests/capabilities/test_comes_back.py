"""A part that is removed and made again: what clouds keep of it, and that the documents say the way back."""

from __future__ import annotations

import re

import pytest

from mlplatform.mock_cloud.rules import rules_of
from mlplatform.plan.model import Step
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS, ROOT
from ..planned import record_released
from .siblings import platform

PACKAGES = {"aws": "aws", "gcp": "gcp", "azure": "azure-native"}
KEPT = {
    ("gcp", "ci"): {"WorkloadIdentityPool", "WorkloadIdentityPoolProvider"},
    ("gcp", "replica"): {"KeyRing", "CryptoKey"},
    ("azure", "vaults"): {"Vault"},
}
"""Types whose names stay taken, by cloud and part."""
SAID = {
    "WorkloadIdentityPool": "gcloud iam workload-identity-pools undelete",
    "WorkloadIdentityPoolProvider": "providers undelete",
    "KeyRing": "key ring",
    "CryptoKey": "gcloud kms keys versions create",
    "Vault": "az keyvault recover",
}
"""What docs/changes.md says about each."""
REGIONS = {"aws": "us-west-2", "gcp": "us-east1", "azure": "eastus"}


def _with_parts(cloud: str) -> PlatformSpec:
    spec = platform(cloud, "base")
    assert spec.cluster is not None
    return spec.overlay(
        environment="prod",
        cluster=spec.cluster.overlay(addons=("external-secrets",)),
        artifact_store=spec.artifact_store.overlay(replicated=True),
        targets=tuple(target.overlay(replica_region=REGIONS[cloud]) for target in spec.targets),
    )


def _without(spec: PlatformSpec, part: str) -> PlatformSpec:
    match part:
        case "cache":
            return spec.overlay(registry=spec.registry.overlay(pull_through=()))
        case "ci":
            return spec.overlay(access=spec.access.overlay(ci=None))
        case "replica":
            return spec.overlay(artifact_store=spec.artifact_store.overlay(replicated=False))
        case _:
            assert spec.cluster is not None
            return spec.overlay(cluster=spec.cluster.overlay(addons=()))


def _taken(cloud: str, step: Step) -> bool:
    """Whether the name of a deleted resource stays taken."""
    rows = rules_of(f"{PACKAGES[cloud]}:x:X").leftovers
    at_once = step.inputs.get("recoveryWindowInDays") == 0
    return any(row.token == step.type and row.error for row in rows) and not at_once


@pytest.mark.parametrize("part", ["cache", "ci", "replica", "vaults"])
@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_stays_of_a_part_has_a_way_back(cloud: str, part: str) -> None:
    spec = _with_parts(cloud)
    rest = {step.urn for step in record_released(_without(spec, part), cloud).steps}
    gone = [step for step in record_released(spec, cloud).steps if step.custom and step.urn not in rest]
    assert gone or (cloud, part) not in KEPT
    found = {step.type.rpartition(":")[2] for step in gone if _taken(cloud, step)}
    assert found == KEPT.get((cloud, part), set())
    page = (ROOT / "docs" / "changes.md").read_text("utf-8")
    (section,) = re.findall(r"\n## A part that comes back\n(.*?)\n## ", page, re.DOTALL)
    assert all(SAID[kind] in section for kind in found)
