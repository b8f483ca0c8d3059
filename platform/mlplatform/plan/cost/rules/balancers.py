"""Load balancers of the cluster's own controller: no resource of a stack, and on the cloud's bill all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRule, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.values import value_at
from mlplatform.plan.model import Step

_SERVICE = "kubernetes:core/v1:Service"


def balancer_rules(addresses: Callable[[CostContext], Range]) -> CostRules:
    """The rules of a cloud for services with a load balancer of connections; others are objects and cost nothing.

    Args:
        addresses: public addresses of one that are paid, from the plan.
    """
    rule: CostRule = lambda step, context: _balancer(step, context, addresses)  # noqa: E731
    return {_SERVICE: rule}


def _balancer(step: Step, context: CostContext, addresses: Callable[[CostContext], Range]) -> Iterator[CostPart]:
    if not _is_balanced(step):
        return
    yield Charge("load-balancer", "hour", Range.exactly(HOURS), "load balancer of a public entry")
    through = context.usage.network.entry_gib * (1 / context.count(_SERVICE, _is_balanced))
    yield Charge("load-balancer-data", "gib", through, "traffic through the load balancer")
    paid = addresses(context)
    if paid.high:
        yield Charge("public-ipv4", "hour", paid * HOURS, "public IPv4 addresses of the load balancer")


def _is_balanced(step: Step) -> bool:
    return value_at(step.inputs, "spec", "type") == "LoadBalancer"
