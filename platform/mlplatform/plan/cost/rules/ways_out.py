"""Ways to the internet that clouds charge alike: a NAT gateway, by its hours and traffic, and a public address."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.model import Step


def price_nat(step: Step, context: CostContext) -> Iterator[CostPart]:
    """A NAT gateway, with its part of the traffic that leaves the network."""
    network = context.usage.network
    yield Charge("nat-gateway", "hour", Range.exactly(HOURS), "NAT gateway")
    yield Charge("nat-gateway-data", "gib", network.nat_gib * context.share(step), "traffic through NAT")
    yield Charge("internet-out", "gib", network.internet_gib * context.share(step), "traffic to the internet")


def price_address(step: Step, context: CostContext) -> Iterator[CostPart]:
    """A public IPv4 address."""
    del step, context
    yield Charge("public-ipv4", "hour", Range.exactly(HOURS), "public IPv4 address")
