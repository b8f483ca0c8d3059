"""NAT gateways, addresses and interface endpoints."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.rules.balancers import balancer_rules
from mlplatform.plan.cost.rules.ways_out import price_address, price_nat
from mlplatform.plan.cost.values import as_items, value_at
from mlplatform.plan.model import Step

_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


def _endpoint(step: Step, context: CostContext) -> Iterator[CostPart]:
    if not _is_interface(step):
        return  # gateway endpoints are free: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
    zones = max(1, len(as_items(step.inputs.get("subnetIds"))))
    paid = context.count(_ENDPOINT, _is_interface)
    yield Charge("interface-endpoint", "hour", Range.exactly(HOURS * zones), f"interface endpoint in {zones} zones")
    yield Charge(
        "interface-endpoint-data",
        "gib",
        context.usage.network.private_endpoint_gib * (1 / paid),
        "traffic through the endpoint",
    )


def _is_interface(step: Step) -> bool:
    return step.inputs.get("vpcEndpointType") == "Interface"


def _balancer_addresses(context: CostContext) -> Range:
    """One in each public subnet with the label by which the controller finds it; an existing network has some."""
    subnets = context.count("aws:ec2/subnet:Subnet", _is_for_balancers)
    return Range.exactly(subnets) if subnets else Range(1, 2, 3)


def _is_for_balancers(step: Step) -> bool:
    return value_at(step.inputs, "tags", "kubernetes.io/role/elb") is not None


RULES: CostRules = {
    "aws:ec2/natGateway:NatGateway": price_nat,
    "aws:ec2/eip:Eip": price_address,
    _ENDPOINT: _endpoint,
    **balancer_rules(_balancer_addresses),
}
