"""Nodes without a way to the internet pull images only from registries that they reach."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.pulled_images import LAYER, pulled_images
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_CLOUDS = (
    ("aws:ec2/vpc:Vpc", "aws:ec2/natGateway:NatGateway", r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?"),
    # by Private Google Access
    ("gcp:compute/network:Network", "gcp:compute/routerNat:RouterNat", r"([a-z0-9-]+\.)*(pkg\.dev|gcr\.io)"),
    ("azure-native:network:VirtualNetwork", "azure-native:network:NatGateway", r"[a-z0-9]+\.azurecr\.io"),
)
"""A network of the platform, its way to the internet, and the registries that it reaches without one."""


def _reached(index: PlanIndex) -> str:
    """Pattern of the registries that are reached.

    Empty where the nodes have a way to the internet, or the plan does not show their network.
    """
    for network, gateway, hosts in _CLOUDS:
        if index.of_type(network):
            return "" if index.of_type(gateway) else hosts
    return ""


def _out_of_reach(resource: Resource) -> Iterator[CheckFault]:
    hosts = resource.index.cached(_reached)
    for path, image in pulled_images(resource):
        if not re.fullmatch(hosts, image.host):
            yield CheckFault(f"{shown(str(image))} is of a registry that the nodes do not reach.", path)


RULE = CheckRule(
    id="cluster-image-source",
    level="high",
    topic="cluster",
    title="The cluster pulls its images from registries that its nodes reach",
    why="Without a way to the internet the pull fails, and the pod waits for ever.",
    fix="Set cluster.images to platform, and copy the images: `mlplatform render images SPEC --format script`.",
    entries=(
        Entry(
            LAYER,
            _out_of_reach,
            link="https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff",
            when=lambda resource: bool(resource.index.cached(_reached)),
            siblings=True,
        ),
    ),
)
