"""Recorded metrics are divided into groups that every managed Prometheus takes."""

from __future__ import annotations

import pytest

from mlplatform import AllAtOnce, AutoscalingSpec, ClusterSpec, CpuPoolSpec, CpuSpec, EndpointSpec, TrainingSpec
from mlplatform.components.recorded_metrics import GROUP, MOST_RULES, recorded_groups, recorded_metrics

from ..cluster.conftest import TARGETS
from ..planned import least_platform


@pytest.mark.parametrize("count", [0, 1, 5, 6, 40])
def test_each_rule_is_in_one_group_that_is_not_too_large(count: int) -> None:
    spec = least_platform(
        TARGETS["aws"],
        training=TrainingSpec(cpu_pools=(CpuPoolSpec(name="web", min_nodes=1, max_nodes=90),)),
        cluster=ClusterSpec(),
        endpoints=tuple(
            EndpointSpec(
                name=f"e{number}",
                model="m/1",
                on="cluster",
                pool="web",
                cpu=CpuSpec(vcpus=1, memory_gib=2),
                autoscaling=AutoscalingSpec(metric="cpu", target=60),
                rollout=AllAtOnce(),
            )
            for number in range(count)
        ),
    )
    recorded, groups = recorded_metrics(spec, "node"), recorded_groups(spec, "node")
    assert sorted(each.query for rules in groups.values() for each in rules) == sorted(each.query for each in recorded)
    assert all(len(rules) <= MOST_RULES for rules in groups.values())
    # a platform that grows keeps the group that it has
    assert GROUP in groups
    assert len(groups) == (1 if len(recorded) <= MOST_RULES else count + 1)
