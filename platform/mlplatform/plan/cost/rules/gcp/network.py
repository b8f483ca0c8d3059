"""Cloud NAT, addresses and DNS zones."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.rules.balancers import balancer_rules
from mlplatform.plan.cost.rules.gcp.training import pool_of
from mlplatform.plan.cost.rules.nodes import running_nodes
from mlplatform.plan.model import Step

_MOST_VMS = 32
"""A gateway is charged for at most 32 of the VMs that use it: https://cloud.google.com/nat/pricing"""


def _nat(step: Step, context: CostContext) -> Iterator[CostPart]:
    network = context.usage.network
    pools = (pool_of(pool) for pool in context.of_type("gcp:container/nodePool:NodePool"))
    vms = Range.total(running_nodes(context, pool) for pool in pools if pool) * context.share(step)
    paid = Range(min(_MOST_VMS, vms.low), min(_MOST_VMS, vms.expected), min(_MOST_VMS, vms.high))
    yield Charge("nat-vm", "hour", paid * HOURS, "VMs that use the gateway")
    yield Charge("nat-data", "gib", network.nat_gib * context.share(step), "traffic through NAT")
    yield Charge("internet-out", "gib", network.internet_gib * context.share(step), "traffic to the internet")


def _address(step: Step, context: CostContext) -> Iterator[CostPart]:
    del context
    if step.inputs.get("addressType") != "INTERNAL":
        yield Charge("address", "hour", Range.exactly(HOURS), "external address")


def _zone(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    yield Charge("dns-zone", "month", Range.exactly(1), "DNS zone")


RULES: CostRules = {
    "gcp:compute/routerNat:RouterNat": _nat,
    "gcp:compute/address:Address": _address,
    "gcp:dns/managedZone:ManagedZone": _zone,
    # an address of a forwarding rule costs nothing: https://cloud.google.com/vpc/network-pricing#ipaddress
    **balancer_rules(lambda _: Range.exactly(0)),
}
