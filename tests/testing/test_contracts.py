"""The contract tests of a backend tell what was not tried, not only what went wrong."""

from __future__ import annotations

from typing import cast

import pytest

from mlplatform import discovery
from mlplatform.testing import capability_faults, capability_samples
from mlplatform.testing.samples import SAMPLES

AWS = {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"}
AZURE = {
    "cloud": "azure",
    "subscription_id": "00000000-0000-4000-8000-000000000000",
    "tenant_id": "11111111-1111-4111-8111-111111111111",
    "location": "eastus",
}

PULLED = {"pipelines", "pipelines.triggers"}
"""Samples with an image of a registry that our clouds' own services pull from none of."""


def test_a_sample_that_is_refused_for_another_reason_shows_nothing() -> None:
    (fault,) = capability_faults(discovery.backend("aws"), AWS, "artifact_store.replicated")
    assert "nothing of it was tried, for the sample is refused at targets[aws].replica_region" in fault
    assert "set replica_region to" in fault


@pytest.mark.parametrize("field", sorted(PULLED))
def test_another_value_may_let_it_be_tried(field: str) -> None:
    backend = discovery.backend("aws")
    (fault, *_) = capability_faults(backend, AWS, field)
    assert "an image in one of the platform's repositories" in fault
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/sample-dev/training:1"
    (pipeline,) = cast("list[dict[str, object]]", SAMPLES[field]["pipelines"])
    steps = [{"name": "train", "kind": "train", "command": ["train"], "image": image}]
    programs = {"programs_image": image} if "triggers" in pipeline else {}
    assert capability_faults(backend, AWS, field, {"pipelines": [{**pipeline, "steps": steps, **programs}]}) == ()


def test_a_limit_is_an_answer() -> None:
    assert capability_faults(discovery.backend("azure"), AZURE, "cluster.managed_airflow") == ()


@pytest.mark.thorough
@pytest.mark.parametrize("field", sorted({*capability_samples()} - PULLED))
def test_each_sample_can_be_tried_on_some_cloud_of_ours(field: str) -> None:
    """One that every cloud refuses tells the author of another one nothing."""
    gcp = {"cloud": "gcp", "project": "acme-dev", "project_number": "123456789012", "region": "us-central1"}
    targets = {
        "aws": {**AWS, "replica_region": "us-west-2"},
        "azure": {**AZURE, "replica_region": "westus3"},
        "gcp": {**gcp, "replica_region": "us-east4"},
    }
    assert any(not capability_faults(discovery.backend(cloud), target, field) for cloud, target in targets.items())
