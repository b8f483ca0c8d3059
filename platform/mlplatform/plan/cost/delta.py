"""Compares two estimates."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.plan.cost.amount import ZERO, Range
from mlplatform.plan.cost.model import CostChange, CostDelta, Estimate


def delta(before: Estimate, after: Estimate) -> CostDelta:
    """Compare two estimates.

    Args:
        before: the present one.
        after: the one after the change, for the same cloud.
    """
    return CostDelta(
        before=before,
        after=after,
        resources=_changes(_by_urn(before), _by_urn(after)),
        by_component=_changes(before.by_component, after.by_component),
        by_capability=_changes(before.by_capability, after.by_capability),
    )


def _by_urn(estimate: Estimate) -> dict[str, Range]:
    return {resource.urn: resource.monthly for resource in estimate.resources}


def _changes(before: Mapping[str, Range], after: Mapping[str, Range]) -> dict[str, CostChange]:
    pairs = ((name, CostChange(before.get(name, ZERO), after.get(name, ZERO))) for name in sorted({*before, *after}))
    return {name: change for name, change in pairs if change.before != change.after}
