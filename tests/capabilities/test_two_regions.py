"""A spec with two regions of one cloud: two stacks that share no resource, and no name that the cloud compares."""

from __future__ import annotations

import pytest

from mlplatform import discovery
from mlplatform.plan.record import record
from mlplatform.providers.unique import UniqueNames
from mlplatform.spec.platform import PlatformSpec
from mlplatform.takeover.identify import Identifier

from ..conftest import CLOUDS

AZURE = {
    "cloud": "azure",
    "subscription_id": "00000000-1111-4222-8333-444444444444",
    "tenant_id": "55555555-6666-4777-8888-999999999999",
}
GCP = {"cloud": "gcp"}
AWS = {"cloud": "aws", "account_id": "123456789012"}
TARGETS = {
    "aws": ({**AWS, "name": "home", "region": "eu-central-1"}, {**AWS, "name": "us", "region": "us-east-1"}),
    # a Kubernetes service account has the same rights in every cluster of a project: validation wants two
    "gcp": (
        {**GCP, "name": "home", "project": "acme-eu", "project_number": "123456789012", "region": "europe-west4"},
        {**GCP, "name": "us", "project": "acme-us", "project_number": "223456789012", "region": "us-central1"},
    ),
    "azure": ({**AZURE, "name": "home", "location": "westeurope"}, {**AZURE, "name": "us", "location": "westus3"}),
}
ACCELERATOR = {"aws": "L4:1", "gcp": "L4:1", "azure": "A100-80GB:1"}


def two_regions(cloud: str) -> PlatformSpec:
    """A platform in two regions of one cloud."""
    document = {
        "name": "acme",
        "environment": "dev",
        "owner": "ml",
        "cost_center": "1",
        "targets": TARGETS[cloud],
        "training": {"pools": [{"name": "gpu", "accelerator": ACCELERATOR[cloud], "max_nodes": 2}]},
        "registry": {"repositories": ["images"], "models": ["fraud"]},
        "endpoints": [{"name": "scorer", "server": "triton", "model": "fraud", "replicas": [1, 2]}],
    }
    return PlatformSpec.model_validate(document)


@pytest.mark.thorough
@pytest.mark.parametrize("cloud", CLOUDS)
def test_two_regions_share_nothing(cloud: str) -> None:
    spec = two_regions(cloud)
    seen: dict[tuple[str, str], str] = {}
    names: dict[tuple[str, ...], str] = {}
    for target in ("home", "us"):
        plan = record(spec, target, layer="cloud", resolve=True)
        account = discovery.backend(cloud).account(spec.target(target))
        identifier, unique = Identifier(plan, account), UniqueNames(account)
        for step in plan.resources():
            id_ = identifier.id_of(step) or step.id
            assert seen.setdefault((step.type, step.id if "<id>" in id_ else id_), target) == target, step.urn
            for key in unique.keys(step.type, step.inputs):
                assert names.setdefault(key, target) == target, (step.urn, key)
    assert set(seen.values()) == {"home", "us"}
