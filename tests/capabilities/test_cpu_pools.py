"""CPU pools mean the same on every cloud: a label, no taint of their own, from zero, spread over the zones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from mlplatform.components.labels import ACCELERATOR_LABEL
from mlplatform.plan.model import Plan, Step

from ..conftest import CLOUDS
from .test_gpu_pools import pools


def _field(step: Step, aws: str, gcp: str, azure: str) -> Any:  # noqa: ANN401 (a provider's input)
    kind = step.type.partition(":")[0]
    value: Any = step.inputs
    for key in {"aws": aws, "gcp": gcp, "azure-native": azure}[kind].split("."):
        value = cast("dict[str, Any]", value).get(key)
    return value


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_cpu_pool_in_production(cloud: str, stack_plan: Callable[..., Plan]) -> None:
    plan = stack_plan("prod", cloud, resolve=True)
    groups = pools(plan, "general")
    assert len(groups) == (1 if cloud == "gcp" else 3), "a group per zone: disks of notebooks lie in one zone"
    zones = [zone for group in groups for zone in _field(group, "subnetIds", "nodeLocations", "availabilityZones")]
    assert len(set(zones)) == 3
    for group in groups:
        labels = _field(group, "labels", "nodeConfig.labels", "nodeLabels")
        assert labels["mlplatform.dev/pool"] == "general"
        assert ACCELERATOR_LABEL not in labels
        assert not _field(group, "taints", "nodeConfig.taints", "nodeTaints"), "any pod may run there"
        assert not _field(group, "scalingConfig.minSize", "autoscaling.totalMinNodeCount", "minCount")
        assert _field(group, "amiType", "nodeConfig.imageType", "osSKU") in (
            "BOTTLEROCKET_x86_64",
            "COS_CONTAINERD",
            "Ubuntu",
        )
        assert _field(group, "nodeRoleArn", "nodeConfig.serviceAccount", "resourceName"), "the nodes' own identity"
        assert {"scalingConfig.desiredSize", "initialNodeCount", "count"} & set(group.ignore_changes)
    sizes = [
        int(_field(group, "scalingConfig.maxSize", "autoscaling.totalMaxNodeCount", "maxCount")) for group in groups
    ]
    assert sum(sizes) == 4
    machines = {str(_field(group, "instanceTypes", "nodeConfig.machineType", "vmSize")) for group in groups}
    assert machines == {{"aws": "['m6i.2xlarge']", "gcp": "e2-standard-8", "azure": "Standard_D8ds_v5"}[cloud]}


def test_the_autoscaler_of_eks_knows_empty_groups(stack_plan: Callable[..., Plan]) -> None:
    plan = stack_plan("prod", "aws", resolve=True)
    tags = [
        cast("dict[str, str]", step.inputs["tag"])
        for step in plan.of_type("Tag")
        if step.name.startswith("acme-ml-pool-general-hint")
    ]
    hints = {tag["key"].rpartition("node-template/")[2]: tag["value"] for tag in tags}
    assert hints == {"label/mlplatform.dev/pool": "general", "resources/ephemeral-storage": "100Gi"}
    assert len(tags) == 6
