"""How many devices the nodes of a pool offer together, from what its cloud resources say."""

from __future__ import annotations

import base64
import binascii
import re

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.nodes_and_pods import POOLS, nodes_of
from mlplatform.checks.resource import Resource
from mlplatform.components.labels import ACCELERATOR_COUNT_LABEL

_TURNS = re.compile(r"^replicas = (\d+)$", re.MULTILINE)
_AZURE_TURNS = re.compile(r"time-slicing-(\d+)")


def most_devices(index: PlanIndex, pool: str) -> int | None:
    """The devices of all nodes of a pool, at its largest.

    Args:
        index: the plan.
        pool: the pool's name.

    Returns:
        None where the plan does not say it: nodes without the label of their count, a size that is not known, or
        devices that are split by the maker's profiles.
    """
    most = 0
    for token in POOLS:
        for group in index.of_type(token):
            if nodes_of(group).name != pool:
                continue
            each, size = _of_node(group), _largest(group)
            if each is None or not size:
                return None
            most += each * size
    return most or None


def devices_of_node(index: PlanIndex, pool: str) -> int | None:
    """The devices that one node of a pool offers to pods.

    Args:
        index: the plan.
        pool: the pool's name.

    Returns:
        None where the plan does not say it, as for `most_devices`.
    """
    found = [_of_node(group) for token in POOLS for group in index.of_type(token) if nodes_of(group).name == pool]
    known = [each for each in found if each is not None]
    return max(known) if known and len(known) == len(found) else None


def _of_node(group: Resource) -> int | None:
    each, clients = nodes_of(group).labels.get(ACCELERATOR_COUNT_LABEL, ""), _clients(group)
    return int(each) * clients if each.isdecimal() and clients is not None else None


def _largest(group: Resource) -> int:
    """Most nodes of a group; 0 where it is not known."""
    match group.step.type:
        case "aws:eks/nodeGroup:NodeGroup":
            return int(group.number("scalingConfig.maxSize"))
        case "gcp:container/nodePool:NodePool":
            return int(group.number("autoscaling.totalMaxNodeCount") or group.number("nodeCount"))
        case _:
            return int(group.number("maxCount") or group.number("count"))


def _clients(group: Resource) -> int | None:
    """Pods that share each device; None where the maker's profile decides."""
    match group.step.type:
        case "aws:eks/nodeGroup:NodeGroup":
            return _bottlerocket(group)
        case "gcp:container/nodePool:NodePool":
            accelerators = "nodeConfig.guestAccelerators[]"
            if group.texts(f"{accelerators}.gpuPartitionSize"):
                return None
            shared = [value for _, value in group.each(f"{accelerators}.gpuSharingConfig.maxSharedClientsPerGpu")]
            return next((int(value) for value in shared if isinstance(value, int | float)), 1)
        case _:
            if group.text("gpuInstanceProfile"):
                return None
            found = _AZURE_TURNS.fullmatch(nodes_of(group).labels.get("nvidia.com/device-plugin.config", ""))
            return int(found[1]) if found else 1


def _bottlerocket(group: Resource) -> int | None:
    for template in group.index.by_urns(group.from_others("launchTemplate")):
        try:
            settings = base64.b64decode(template.text("userData"), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        if 'device-partitioning-strategy = "mig"' in settings:
            return None
        if found := _TURNS.search(settings):
            return int(found[1])
    return 1
