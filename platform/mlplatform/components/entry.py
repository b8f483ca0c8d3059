"""What every cloud refuses about the way into its network, in the same words. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from mlplatform.components.backend import Backend
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def entry_problems(
    backend: Backend,
    spec: PlatformSpec,
    *,
    hub: object | None,
    adopted: bool,
    hub_cidrs: Sequence[IPv4Network] = (),
) -> Iterator[Problem]:
    """Entries that lead nowhere, hubs that nothing names, and a public API beside restricted data.

    Args:
        backend: the cloud.
        spec: the platform, narrowed to one target.
        hub: the target's hub.
        adopted: whether the target has an existing network.
        hub_cidrs: ranges behind the hub.
    """
    where, way = f"targets[{backend.name}]", spec.access.entry
    if way == "broker" and spec.training is None:
        yield backend.refuse(
            "access.entry",
            "broker",
            "a cluster: the broker leads to a cluster's API, and the spec has no training",
            "remove access.entry, or write peering to connect the network",
        )
    if way == "peering" and adopted:
        yield backend.refuse(
            "access.entry",
            "peering",
            "a network that the platform makes: the owner of an existing one connects it",
            "write none, and name the ranges of people in training.api_cidrs; or write broker",
        )
    elif way == "peering" and hub is None:
        yield backend.refuse(
            f"{where}.hub", "nothing", "the hub network, because access.entry is peering", "name it, or write broker"
        )
    if hub is not None and way != "peering":
        yield backend.refuse(
            f"{where}.hub",
            "a hub",
            "no hub unless access.entry is peering",
            "set access.entry to peering, or remove it",
        )
    own = {"cidr": spec.network.cidr, "pod_cidr": spec.network.pod_cidr}
    for index, cidr in enumerate(hub_cidrs):
        for field, taken in own.items():
            if cidr.overlaps(taken):
                yield backend.refuse(
                    f"{where}.hub.cidrs[{index}]",
                    cidr,
                    f"a range that does not overlap network.{field} {taken}, which would keep its traffic",
                    f"choose another network.{field}",
                )
    public = spec.training.public_api_cidrs if spec.training else ()
    if public and spec.data_class == "restricted":
        yield backend.refuse(
            "training.api_cidrs",
            ", ".join(public),
            "private ranges only, because data_class is restricted",
            "remove the public ranges: access.entry leads to the private API",
        )
