"""A queue of jobs is deleted, or can no longer have what it had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.model import Step
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.queues import cluster_goes, kind_in_cluster, nominal_quotas
from mlplatform.risk.rule import Hit, RiskRule

_RESERVED = (
    "Kueue keeps it until the jobs that run have ended, and `pulumi up` waits for that; those that wait never start."
)


def _examine(evidence: Evidence) -> Iterator[Hit]:
    if cluster_goes(evidence):
        return
    for change in evidence.of("delete", "replace"):
        match kind_in_cluster(change.step):
            case "ClusterQueue":
                yield Hit("high", change.step.urn, f"The queue goes. {_RESERVED}")
            case "LocalQueue" if not _queue_goes(evidence, change.before):
                yield Hit("high", change.step.urn, "Jobs of its namespace have no way into a queue any more.")
            case _:
                pass
    for change in evidence.of("update"):
        if kind_in_cluster(change.step) == "ClusterQueue" and change.before and change.after:
            yield from _lowered(change.before, change.after)


def _queue_goes(evidence: Evidence, local: Step | None) -> bool:
    gone = {
        change.step.urn for change in evidence.of("delete", "replace") if kind_in_cluster(change.step) == "ClusterQueue"
    }
    return local is not None and any(urn in gone for urn in local.dependencies)


def _lowered(before: Step, after: Step) -> Iterator[Hit]:
    old, new = nominal_quotas(before), nominal_quotas(after)
    totals = [Counter[str](), Counter[str]()]
    for total, quotas in zip(totals, (old, new), strict=True):
        for (_, resource), amount in quotas.items():
            total[resource] += amount
    for (flavor, resource), amount in old.items():
        left = new.get((flavor, resource))
        # another flavor may have taken its place under another name
        if (left is None and totals[1][resource] >= totals[0][resource]) or (left is not None and left >= amount):
            continue
        yield Hit(
            "medium",
            after.urn,
            f"It can always have {left or 0} {shown(resource)} of {shown(flavor)} instead of {amount}: the jobs beyond "
            "that are ended as soon as another queue wants its own.",
            "spec.resourceGroups",
        )


RULE = RiskRule(
    id="queue-lowered",
    topic="downtime",
    title="Every queue of jobs keeps what it has",
    fix="Ask its team, and let its jobs end or write a checkpoint first: set the queue's stopPolicy to HoldAndDrain.",
    examine=_examine,
    headline="{things} [loses|lose] devices or [goes|go]",
    link="https://kueue.sigs.k8s.io/docs/concepts/preemption/",
)
