"""Zones and address ranges that AWS refuses."""

from __future__ import annotations

from mlplatform import (
    NetworkSpec,
)
from mlplatform.backends.aws.adopted_network import AwsAdoptedNetwork
from mlplatform.backends.aws.backend import BACKEND

from ....planned import Refusals
from ..conftest import spec, target

_REFUSALS = Refusals(BACKEND, spec)
problems, refused = _REFUSALS.problems, _REFUSALS.refused


def test_zones() -> None:
    refused("targets[aws].zones", "eu-west-1a", targets=(target(zones=("us-east-1a", "eu-west-1a")),))
    refused("targets[aws].zones", "each zone once", targets=(target(zones=("us-east-1a", "us-east-1a")),))
    refused("network.zones", "1 of 3", targets=(target(zones=("us-east-1a",)),), network=NetworkSpec(zones=3))
    refused("targets[aws].zones", "at least two", targets=(target(zones=("us-east-1a",)),))


def test_ranges() -> None:
    refused("network.pod_cidr", "100.64.0.0/10", network=NetworkSpec(pod_cidr="192.168.0.0/16"))
    refused("network.service_cidr", "172.20.0.0/16", network=NetworkSpec(service_cidr="100.80.0.0/16"))
    assert problems(network=NetworkSpec(pod_cidr="10.50.0.0/16")) == {}


def test_a_network_without_egress_or_private_endpoints() -> None:
    network = NetworkSpec(nat="none", private_endpoints=False)
    refused("network.nat", "nodes cannot join the cluster", network=network)


def test_an_adopted_network_must_fit() -> None:
    subnets = {"us-east-1a": "subnet-0123456789abcdef0", "us-east-1b": "subnet-0123456789abcdef1"}
    adopted = AwsAdoptedNetwork(vpc_id="vpc-0123456789abcdef0", subnets=subnets, cidrs=("172.20.0.0/16",))
    refused("network.service_cidr", "172.20.0.0/16", targets=(target(network=adopted),))
    zones = ("us-east-1a", "us-east-1c")
    refused("targets[aws].network.subnets", "us-east-1c", targets=(target(network=adopted, zones=zones),))
    bad = adopted.overlay(cidrs=("10.0.0.1/16",))
    refused("targets[aws].network.cidrs", "host bits", targets=(target(network=bad),))
