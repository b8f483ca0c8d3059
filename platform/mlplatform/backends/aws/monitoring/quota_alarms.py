"""Warnings before the account's vCPU quotas are used up, and of what more a cluster of this size must ask for."""

from __future__ import annotations

import re

from mlplatform.backends.aws.monitoring.alerts import Metric, alarm, formula
from mlplatform.backends.aws.training.parts import AwsNodePool
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.node_pool import GpuNodePool
from mlplatform.spec.monitoring import MonitoringSpec

_CLASSES = {"p": "P", "g": "G", "gr": "G", "inf": "Inf", "trn": "Trn"}
"""Quota class by the letters of a machine's family."""
_GROUPS, _NODES = 30, 450
"""Node groups of a cluster, and nodes of a group, until AWS grants more,
https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html"""


def quotas(scope: Scope, spec: MonitoringSpec, pools: tuple[GpuNodePool, ...]) -> None:
    """Use of the vCPU quotas that the cluster counts against, where CloudWatch publishes it,
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-resource-limits.html"""
    _node_groups(scope, pools)
    kinds = {"Standard/OnDemand"}
    for pool in pools:
        family = re.match(r"[a-z]+", pool.choice.machine.machine_type)
        quota_class = _CLASSES.get(family[0]) if family else None
        if quota_class:
            kinds.add(f"{quota_class}/{'Spot' if pool.spec.capacity == 'spot' else 'OnDemand'}")
    for kind in sorted(kinds):
        alarm(
            scope,
            f"quota-{kind.replace('/', '-').lower()}",
            "warning",
            describe=f"{kind} instances use over {spec.alerts.quota_percent} % of the account's vCPU quota",
            threshold=spec.alerts.quota_percent,
            metrics=[
                Metric(
                    id="used",
                    name="ResourceCount",
                    namespace="AWS/Usage",
                    dimensions={"Service": "EC2", "Type": "Resource", "Resource": "vCPU", "Class": kind},
                    stat="Maximum",
                ),
                formula("share", "100 * used / SERVICE_QUOTA(used)"),
            ],
        )


def _node_groups(scope: Scope, pools: tuple[GpuNodePool, ...]) -> None:
    groups = [group for pool in pools for group in native(pool.parts, AwsNodePool).most_nodes.values()]
    if len(groups) + 1 > _GROUPS:
        scope.note(
            "training.pools",
            f"{len(groups) + 1} node groups, one a zone: ask AWS for more than {_GROUPS} managed node groups a cluster"
            ", or name fewer zones in the pools",
        )
    if max(groups, default=0) > _NODES:
        scope.note(
            "training.pools",
            f"{max(groups)} nodes in a group: ask AWS for more than {_NODES} nodes per managed node group",
        )
