"""An estimate for tools. Fields may be added, never removed."""

from __future__ import annotations

import json

from mlplatform.plan.cost import CostDelta, Estimate, Range
from mlplatform.plan.cost.change import CostChange
from mlplatform.plan.cost.comparison import compare_targets
from mlplatform.plan.cost.drivers import range_drivers
from mlplatform.views.cost.comparison import comparison_json
from mlplatform.views.cost.subject import CostSubject


def document(subject: CostSubject) -> str:
    """The document as JSON."""
    comparison = compare_targets(subject.estimates)
    by_target = {delta.after.target: delta for delta in subject.deltas}
    return (
        json.dumps(
            {
                "label": subject.label,
                "base": subject.base or None,
                "currency": "USD",
                "hours": 730,
                "estimates": [
                    {
                        **_estimate(estimate),
                        "budget": subject.budgets.get(estimate.target),
                        "verdict": subject.verdict(estimate),
                        "accepted_unpriced": list(estimate.accepted),
                        "delta": _delta(by_target[estimate.target]) if estimate.target in by_target else None,
                    }
                    for estimate in subject.estimates
                ],
                "comparison": comparison_json(comparison) if comparison else None,
            },
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


def _estimate(estimate: Estimate) -> dict[str, object]:
    return {
        "cloud": estimate.cloud,
        "target": estimate.target,
        "stack": estimate.stack,
        "region": estimate.region,
        "total": _range(estimate.total),
        "certainty": estimate.certainty,
        "marks": sorted(estimate.marks),
        "by_capability": {name: _range(monthly) for name, monthly in estimate.by_capability.items()},
        "by_component": {name: _range(monthly) for name, monthly in estimate.by_component.items()},
        "range_drivers": [
            {
                "component": driver.component,
                "what": driver.what,
                "unit": driver.unit,
                "count": _range(driver.count, 4),
                "price": driver.price,
                "share": round(driver.share, 4),
            }
            for driver in range_drivers(estimate)
        ],
        "gpu": [
            {
                "user": gpu.user,
                "machine": gpu.machine,
                "accelerator": gpu.accelerator,
                "way": gpu.way,
                "hours": _range(gpu.hours),
                "monthly": _range(gpu.monthly) if gpu.monthly else None,
                "marks": sorted(gpu.marks),
            }
            for gpu in estimate.gpu
        ],
        "resources": [
            {
                "urn": resource.urn,
                "monthly": _range(resource.monthly),
                "lines": [
                    {
                        "what": line.what,
                        "sku": line.sku,
                        "unit": line.unit,
                        "price": line.price,
                        "region": line.region,
                        "as_of": line.as_of.isoformat(),
                        "older_than_a_year": line.old,
                        "estimate": line.estimate or None,
                        "quantity": _range(line.quantity, 4),
                    }
                    for line in resource.lines
                ],
            }
            for resource in estimate.resources
        ],
        "unpriced": [
            {
                "type": missing.type,
                "reason": missing.reason,
                "count": missing.count,
                "urns": list(missing.urns),
                "minor": missing.minor,
            }
            for missing in estimate.unpriced
        ],
        "beside": [{"what": what, "reason": reason} for what, reason in estimate.beside],
        "free": dict(estimate.free),
        "warnings": list(estimate.warnings),
        "layer": {
            "cpus": round(estimate.layer.cpus, 3),
            "memory_gib": round(estimate.layer.memory_gib, 3),
            "system_nodes": estimate.layer.filled,
            "most_system_nodes": estimate.layer.nodes,
            "without_requests": sorted({each.who for each in estimate.layer.asked if each.unsaid}),
        }
        if estimate.layer
        else None,
        "oldest_price": estimate.oldest.isoformat() if estimate.oldest else None,
    }


def _delta(delta: CostDelta) -> dict[str, object]:
    return {
        "total": _change(delta.total),
        "by_capability": {name: _change(change) for name, change in delta.by_capability.items()},
        "by_component": {name: _change(change) for name, change in delta.by_component.items()},
        "resources": {urn: _change(change) for urn, change in delta.resources.items()},
        "gpu_hours": _change(delta.gpu_hours),
    }


def _change(change: CostChange) -> dict[str, object]:
    difference = change.difference
    return {
        "before": _range(change.before),
        "after": _range(change.after),
        "difference": None if difference is None else _range(difference),
        "certainty": change.certainty,
        "marks": sorted(change.marks),
        "unknown": list(change.unknown),
    }


def _range(amount: Range, digits: int = 2) -> dict[str, float]:
    return {
        "low": round(amount.low, digits),
        "expected": round(amount.expected, digits),
        "high": round(amount.high, digits),
    }
