"""The cost rules by cloud and type: one package per cloud, with the same file names in each.

A cloud of another package provides its rules by an entry point of the group `mlplatform.cost`, named like the cloud.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import cast

from mlplatform.discovery import load_point
from mlplatform.plan.cost.charge import CostRules

GROUP = "mlplatform.cost"


@cache
def rules_of(cloud: str) -> CostRules:
    """The rules of a cloud by type token; empty without any."""
    if cloud.isidentifier() and find_spec(f"{__name__}.{cloud}"):
        return cast("CostRules", import_module(f"{__name__}.{cloud}").RULES)
    for point in entry_points(group=GROUP, name=cloud):
        return cast("CostRules", load_point(f"the prices of the cloud '{cloud}'", point.value))
    return {}
