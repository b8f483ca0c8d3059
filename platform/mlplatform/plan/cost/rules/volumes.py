"""Disks that the layer inside the cluster claims: no resource of the cloud's stack, and on its bill all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRule, CostRules, Unit
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.quantities import gibibytes
from mlplatform.plan.cost.values import as_text, value_at
from mlplatform.plan.inside import RELEASE
from mlplatform.plan.model import Step

_HUB_GIB, _HOME_GIB = 1.0, 10.0
"""Sizes of JupyterHub's chart by itself,
https://github.com/jupyterhub/zero-to-jupyterhub-k8s/blob/4.4.0/jupyterhub/values.yaml"""

PricedDisk = tuple[str, Unit, float]
"""Name of a price, its unit, and units per month."""


def volume_rules(price: Callable[[float], PricedDisk]) -> CostRules:
    """The rules of a cloud for releases with disks.

    Args:
        price: the price of a disk of the default storage class, from its size in GiB.
    """
    rule: CostRule = lambda step, context: _notebooks(step, context, price)  # noqa: E731
    return {RELEASE: rule}


def _notebooks(step: Step, context: CostContext, price: Callable[[float], PricedDisk]) -> Iterator[CostPart]:
    if as_text(step.inputs.get("chart")).rpartition("/")[2] != "jupyterhub":
        return
    values = step.inputs.get("values")
    hub = gibibytes(value_at(values, "hub", "db", "pvc", "storage"), _HUB_GIB)
    home = gibibytes(value_at(values, "singleuser", "storage", "capacity"), _HOME_GIB)
    yield _charge(price(hub), Range.exactly(1), f"disk of the hub, {hub:g} GiB")
    yield _charge(price(home), context.usage.storage.notebook_homes, f"homes of {home:g} GiB for notebooks")


def _charge(disk: PricedDisk, count: Range, what: str) -> Charge:
    sku, unit, each = disk
    return Charge(sku, unit, count * each, what)
