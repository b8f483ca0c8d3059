"""NAT gateways, addresses, private endpoints and DNS zones."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.rules.balancers import balancer_rules
from mlplatform.plan.cost.rules.ways_out import price_address, price_nat
from mlplatform.plan.cost.values import value_at
from mlplatform.plan.model import Step


def _endpoint(step: Step, context: CostContext) -> Iterator[CostPart]:
    traffic = context.usage.network.private_endpoint_gib * context.share(step)
    yield Charge("private-endpoint", "hour", Range.exactly(HOURS), "private endpoint")
    yield Charge("private-endpoint-data", "gib", traffic, "traffic through the endpoint")


def _zone(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    yield Charge("private-dns-zone", "month", Range.exactly(1), "private DNS zone")


def _flow_log(step: Step, context: CostContext) -> Iterator[CostPart]:
    read_in = context.usage.observability.flow_logs_gib * context.share(step)
    yield Charge("flow-logs", "gib", read_in, "flow logs collected")
    if (
        value_at(step.inputs, "flowAnalyticsConfiguration", "networkWatcherFlowAnalyticsConfiguration", "enabled")
        is True
    ):
        yield Charge("traffic-analytics", "gib", read_in, "flow logs processed by Traffic Analytics")


RULES: CostRules = {
    "azure-native:network:NatGateway": price_nat,
    "azure-native:network:PublicIPAddress": price_address,
    "azure-native:network:PrivateEndpoint": _endpoint,
    "azure-native:privatedns:PrivateZone": _zone,
    "azure-native:network:FlowLog": _flow_log,
    **balancer_rules(lambda _: Range.exactly(1)),
}
