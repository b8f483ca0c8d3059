"""The shared file system is in the zone of the machines with accelerators."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry, Test
from mlplatform.checks.wording import shown
from mlplatform.components.labels import ACCELERATOR_LABEL
from mlplatform.plan.sources.fields import mapping

_MOST = 3

_Places = Callable[[Resource], set[str]]


def _subnets(resource: Resource) -> set[str]:
    # a subnet is in one zone; one of the plan is known by what refers to it, an existing one by its id
    return {*resource.from_others("subnetIds")} or {*resource.texts("subnetIds[]"), resource.text("subnetIds")} - {""}


def _apart(pools: str, labels: str, own: _Places, theirs: _Places, path: str) -> Test:
    """Finds pools with accelerators of which some nodes are elsewhere."""

    def faults(files: Resource) -> list[CheckFault]:
        zone, far = own(files), list[str]()
        for pool in files.index.of_type(pools):
            places = theirs(pool)
            if zone and places and ACCELERATOR_LABEL in mapping(pool.get(labels)) and places - zone:
                far.append(pool.step.name)
        if not far:
            return []
        named = ", ".join(shown(name) for name in sorted(far)[:_MOST])
        more = f" and {len(far) - _MOST} more" if len(far) > _MOST else ""
        return [CheckFault(f"Nodes with accelerators are in another zone: {named}{more}.", path)]

    return faults


RULE = CheckRule(
    id="file-system-zone",
    level="medium",
    topic="availability",
    title="The shared file system is in the zone of the machines with accelerators",
    why="Reads from another zone are slower, AWS and Google charge for them, and an outage of either zone stops the "
    "jobs.",
    fix="Set `zones` of the pools to the file system's zone, or `zone` of the file system to theirs before it holds "
    "data.",
    entries=(
        Entry(
            ("aws:fsx/lustreFileSystem:LustreFileSystem",),
            _apart("aws:eks/nodeGroup:NodeGroup", "labels", _subnets, _subnets, "subnetIds"),
            link="https://docs.aws.amazon.com/fsx/latest/LustreGuide/performance-tips.html",
            siblings=True,
        ),
        Entry(
            ("gcp:lustre/instance:Instance",),
            _apart(
                "gcp:container/nodePool:NodePool",
                "nodeConfig.labels",
                lambda files: {files.text("location")} - {""},
                lambda pool: {*pool.texts("nodeLocations[]")},
                "location",
            ),
            link="https://docs.cloud.google.com/managed-lustre/docs/create-instance",
            siblings=True,
        ),
        Entry(
            ("azure-native:storagecache:AmlFilesystem",),
            _apart(
                "azure-native:containerservice:AgentPool",
                "nodeLabels",
                lambda files: {*files.texts("zones[]")},
                lambda pool: {*pool.texts("availabilityZones[]")},
                "zones",
            ),
            link="https://learn.microsoft.com/azure/azure-managed-lustre/amlfs-overview",
            siblings=True,
        ),
    ),
)
