"""Warnings before the account's vCPU quotas are used up, and notes on quotas that the pools exceed."""

from __future__ import annotations

import re

from mlplatform.backends.aws.monitoring.alarms import AlarmMetric, formula, make_alarm
from mlplatform.backends.aws.training.parts import AwsNodePool
from mlplatform.components.base import native
from mlplatform.components.node_pool import CpuNodePool, GpuNodePool
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import MonitoringSpec

_CLASSES = {"p": "P", "g": "G", "gr": "G", "inf": "Inf", "trn": "Trn"}
"""Quota class by the letters of a machine's family."""
_MOST_GROUPS, _MOST_NODES = 30, 450
"""Default quotas: node groups per cluster, nodes per group,
https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html"""


def make_quota_alarms(
    scope: Scope, spec: MonitoringSpec, pools: tuple[GpuNodePool, ...], cpu_pools: tuple[CpuNodePool, ...]
) -> None:
    """Create alarms on the usage of the cluster's vCPU quotas, if CloudWatch publishes it,
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-resource-limits.html"""
    _note_group_quotas(scope, (*pools, *cpu_pools))
    kinds = {"Standard/OnDemand"}
    for pool in pools:
        family = re.match(r"[a-z]+", pool.choice.machine.machine_type)
        quota_class = _CLASSES.get(family[0]) if family else None
        if quota_class:
            kinds.add(f"{quota_class}/{'Spot' if pool.spec.capacity == 'spot' else 'OnDemand'}")
    if any(pool.spec.capacity == "spot" for pool in cpu_pools):
        kinds.add("Standard/Spot")
    for kind in sorted(kinds):
        make_alarm(
            scope,
            f"quota-{kind.replace('/', '-').lower()}",
            "warning",
            describe=f"{kind} instances use over {spec.alerts.quota_percent} % of the account's vCPU quota",
            threshold=spec.alerts.quota_percent,
            metrics=[
                AlarmMetric(
                    id="used",
                    name="ResourceCount",
                    namespace="AWS/Usage",
                    dimensions={"Service": "EC2", "Type": "Resource", "Resource": "vCPU", "Class": kind},
                    stat="Maximum",
                ),
                formula("share", "100 * used / SERVICE_QUOTA(used)"),
            ],
        )


def _note_group_quotas(scope: Scope, pools: tuple[GpuNodePool | CpuNodePool, ...]) -> None:
    groups = [group for pool in pools for group in native(pool.parts, AwsNodePool).most_nodes.values()]
    if len(groups) + 1 > _MOST_GROUPS:
        scope.note(
            "training.pools",
            f"{len(groups) + 1} node groups, one per zone: ask AWS for more than {_MOST_GROUPS} managed node groups "
            "per cluster, or name fewer zones in the pools",
        )
    if max(groups, default=0) > _MOST_NODES:
        scope.note(
            "training.pools",
            f"{max(groups)} nodes in a group: ask AWS for more than {_MOST_NODES} nodes per managed node group",
        )
