"""Names that the platform or a cloud sets itself are refused, alike on every cloud."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from mlplatform import AwsTarget, GpuPoolSpec, PlatformSpec
from mlplatform.components.labels import ACCELERATOR_COUNT_LABEL, ACCELERATOR_LABEL, POOL_LABEL
from mlplatform.components.limits import owned_variables
from mlplatform.spec.endpoints import EndpointSpec

KEYS = (
    POOL_LABEL,
    ACCELERATOR_LABEL,
    ACCELERATOR_COUNT_LABEL,
    "x.mlplatform.dev/y",
    "kubernetes.io/arch",
    "node.kubernetes.io/instance-type",
    "node-role.kubernetes.io/worker",
    "k8s.amazonaws.com/accelerator",
    "eks.amazonaws.com/capacityType",
    "aws.amazon.com/neuron",
    "cloud.google.com/gke-spot",
    "kubernetes.azure.com/scalesetpriority",
    "nvidia.com/gpu",
    "nvidia.com/device-plugin.config",
)


def pool(**fields: object) -> GpuPoolSpec:
    return GpuPoolSpec.model_validate({"name": "a", "accelerator": "T4:1", "max_nodes": 1, **fields})


@pytest.mark.parametrize("key", KEYS)
def test_keys_of_labels_and_taints_that_somebody_else_sets(key: str) -> None:
    with pytest.raises(ValidationError, match=key):
        pool(labels={key: "x"})
    with pytest.raises(ValidationError, match=key):
        pool(taints=[{"key": key}])


@pytest.mark.parametrize("key", ["team", "acme.example/team", "nvidia.com/gpu.present", "notkubernetes.io/x"])
def test_keys_that_are_free(key: str) -> None:
    assert pool(labels={key: "x"}, taints=[{"key": key}]).labels == {key: "x"}


def test_all_keys_are_told_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        pool(labels={POOL_LABEL: "x", "k8s.io/y": "z"}, taints=[{"key": "gke.io/t"}])
    assert all(key in str(refused.value) for key in (POOL_LABEL, "k8s.io/y", "gke.io/t"))


def tagged(key: str) -> PlatformSpec:
    target = AwsTarget(account_id="123456789012", region="us-east-1")
    return PlatformSpec(name="acme", owner="o", cost_center="1", targets=(target,), tags={key: "x"})


@pytest.mark.parametrize(
    ("key", "fix"),
    [
        ("owner", "set owner of the platform"),
        ("cost-center", "set cost_center of the platform"),
        ("managed-by", "use another name"),
        ("pool", "use another name"),
        ("endpoint", "use another name"),
        ("goog-x", "use another name"),
        ("microsoft-x", "use another name"),
    ],
)
def test_tags_that_somebody_else_sets(key: str, fix: str) -> None:
    with pytest.raises(ValidationError, match=fix):
        tagged(key)


def test_tags_that_are_free() -> None:
    assert tagged("team").tags == {"team": "x"}


def test_variables_of_servers_that_somebody_else_sets() -> None:
    endpoint = EndpointSpec(name="a", env={"PORT": "1", "MODE": "x"}, secrets={"K_TOKEN": "t"})
    assert owned_variables(endpoint, ("PORT",), ("K_",)) == "K_TOKEN, PORT"
    assert owned_variables(endpoint, ("OTHER",)) is None
