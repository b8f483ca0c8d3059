"""Changes of node pools that a cloud refuses: bounds beside the number of nodes, and what a pool keeps for ever."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import items, mapping, text, whole_number
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit

_GROUP = "aws:eks/nodeGroup:NodeGroup"
_AKS = "azure-native:containerservice:ManagedCluster"
_BOUNDS = "https://github.com/terraform-aws-modules/terraform-aws-eks/issues/3306"
_POOLS = "https://learn.microsoft.com/azure/aks/use-system-pools"
_KEPT = (
    "vmSize", "osDiskSizeGB", "osDiskType", "maxPods", "availabilityZones", "enableEncryptionAtHost",
    "enableNodePublicIP",
)  # fmt: skip
"""What AKS changes in no pool: https://learn.microsoft.com/rest/api/aks/agent-pools/create-or-update"""


def refused_bounds(evidence: Evidence) -> Iterator[Hit]:
    """Bounds of a node group on EKS that the present number of its nodes is outside of.

    The autoscaler owns that number, so an update sends it as it is, and EKS refuses bounds that do not hold it.
    """
    for before, after in evidence.pairs():
        if before is None or after is None or after.type != _GROUP:
            continue
        if before.inputs.get("nodeGroupName") != after.inputs.get("nodeGroupName"):
            continue
        old, new = (mapping(step.inputs.get("scalingConfig")) for step in (before, after))
        present, least, most = whole_number(old.get("desiredSize")), *_bounds(new)
        was_least, was_most = _bounds(old)
        if least > was_least and least > present:
            yield Hit(
                "high",
                after.urn,
                f"EKS refuses a least number of {_nodes(least)} while {present} run: it must be raised together with "
                "the number of nodes, which the autoscaler owns and no update changes.",
                "scalingConfig.minSize",
                fix=f"Before the update, run: {_command(after, least, most)}; then `pulumi up --refresh`.",
                link=_BOUNDS,
            )
        elif most < was_most:
            refused = present > most
            yield Hit(
                "high" if refused else "low",
                after.urn,
                f"EKS refuses a greatest number of {_nodes(most)} while {present if refused else 'more'} run.",
                "scalingConfig.maxSize",
                fix=f"Update while at most {_nodes(most)} run: let jobs end, and the autoscaler takes nodes away.",
                link=_BOUNDS,
            )


def refused_system_pools(evidence: Evidence) -> Iterator[Hit]:
    """Changes of the pools within a cluster of AKS: what a pool keeps for ever, and pools that go."""
    for urn, after in evidence.after.items():
        before = evidence.before.get(urn)
        if after.type != _AKS or before is None:
            continue
        old, new = _pools(before), _pools(after)
        for name in sorted(old.keys() & new.keys()):
            changed = [
                key for key in _KEPT if {key} <= old[name].keys() & new[name].keys() if old[name][key] != new[name][key]
            ]
            if changed:
                yield Hit(
                    "high",
                    urn,
                    f"AKS changes {', '.join(changed)} of no pool, and {shown(name)} is one of the cluster's first.",
                    "agentPoolProfiles",
                    fix="Leave training.system_pool as it is; or make another platform, and move over.",
                    link=_POOLS,
                )
        gone = sorted(old.keys() - new.keys())
        if gone and new:
            yield Hit(
                "medium",
                urn,
                f"{', '.join(map(shown, gone))}: no update takes a pool of the cluster away, so it stays, and costs.",
                "agentPoolProfiles",
                fix="After the update, run for each: az aks nodepool delete --resource-group "
                f"{text(after.inputs.get('resourceGroupName')) or 'GROUP'} --cluster-name "
                f"{text(after.inputs.get('resourceName')) or 'CLUSTER'} --name NAME",
                link=_POOLS,
            )


def _bounds(scaling: object) -> tuple[int, int]:
    config = mapping(scaling)
    return whole_number(config.get("minSize")), whole_number(config.get("maxSize"))


def _nodes(count: int) -> str:
    return f"{count} node{'' if count == 1 else 's'}"


def _command(group: Step, least: int, most: int) -> str:
    cluster, name = (text(group.inputs.get(key)) for key in ("clusterName", "nodeGroupName"))
    return (
        f"aws eks update-nodegroup-config --cluster-name {cluster or 'CLUSTER'} --nodegroup-name {name or 'GROUP'} "
        f"--scaling-config minSize={least},maxSize={most},desiredSize={least}"
    )


def _pools(cluster: Step) -> dict[str, dict[str, object]]:
    """Properties of the pools within a cluster, by name."""
    profiles = map(mapping, items(cluster.inputs.get("agentPoolProfiles")))
    return {text(profile.get("name")): dict(profile) for profile in profiles if profile.get("name")}
