"""Everything that a reviewer needs to know about a change on one cloud, gathered once; views only format it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mlplatform import discovery
from mlplatform.checks.engine import CheckReport
from mlplatform.plan.acceptance import Acceptance, Judged, apply_acceptances
from mlplatform.plan.change import Diff
from mlplatform.plan.cost.attribution import attribute_cost
from mlplatform.plan.cost.change import CostDelta
from mlplatform.plan.cost.delta import delta
from mlplatform.plan.cost.estimate import estimate
from mlplatform.plan.cost.prices import Prices
from mlplatform.plan.cost.released import priced_plan, say_released
from mlplatform.plan.cost.usage import DEFAULT, Usage
from mlplatform.plan.demand import quota_demand
from mlplatform.plan.finding import Level
from mlplatform.plan.unjudged import COULD_NOT_JUDGE
from mlplatform.risk.catalogue import all_rules
from mlplatform.risk.engine import RiskReport, assess
from mlplatform.risk.evidence import Evidence, QuotaChange
from mlplatform.spec.platform import PlatformSpec


@dataclass(frozen=True, slots=True)
class Review:
    """The review of one change on one cloud."""

    diff: Diff
    """The diff of the plans."""

    risks: RiskReport
    """The risks, before acceptances."""

    judged: Judged
    """The risks after acceptances, which the gate decides on."""

    checks: CheckReport
    """The checks of the plan after the change."""

    cost: CostDelta
    """The cost before and after."""

    title: str
    """The cloud's name for people."""

    specs: tuple[PlatformSpec | None, PlatformSpec | None] = (None, None)
    """The spec before and after the change; None where a side comes from a file."""

    @property
    def platform(self) -> str:
        """Name of the platform: its spec's, or that of the platform or project in the plan."""
        before, after = self.specs
        if spec := after or before:
            return spec.name
        plans = (self.diff.after, self.diff.before)
        named = (step.name for plan in plans for step in plan.steps if step.type == "mlplatform:index:Platform")
        return next(named, plans[0].project or plans[1].project)

    @property
    def stack(self) -> str:
        """Name of the stack."""
        return self.diff.after.stack or self.diff.before.stack

    @property
    def worst(self) -> Level | None:
        """The worst level that is not accepted; None without findings."""
        return self.judged.findings[0].level if self.judged.findings else None

    def stops(self, threshold: Level) -> bool:
        """Whether a gate at this level must stop the change: by a finding or an expired acceptance."""
        return self.judged.stops(threshold)


def review(
    diff: Diff,
    *,
    specs: tuple[PlatformSpec | None, PlatformSpec | None] = (None, None),
    acceptances: Sequence[Acceptance] = (),
    trusted: Sequence[Acceptance] | None = None,
    usage: Usage = DEFAULT,
    prices: Prices | None = None,
    now: Callable[[], date] | None = None,
) -> Review:
    """Gather it.

    Args:
        diff: the change.
        specs: the specs of both sides, where known; without them quotas are not compared.
        acceptances: the acceptance file's entries.
        trusted: those of the base, as in `mlplatform.plan.acceptance.apply_acceptances`. Omitted: all count.
        usage: usage for the cost.
        prices: prices of the cloud. Omitted: those that come with the package.
        now: returns today's date. Omitted: this day.

    Raises:
        mlplatform.checks.catalogue.BadRules: an installed package does not provide a rule.
        mlplatform.risk.catalogue.BadRiskRule: likewise.
    """
    today = now() if now else None
    sides = zip((diff.before, diff.after), specs, strict=True)
    before, after = (
        say_released(estimate(priced_plan(plan, spec, diff.target), usage, prices, today=today), spec, diff.target)
        for plan, spec in sides
    )
    cost = attribute_cost(delta(before, after), {change.step.urn for change in diff.changes})
    evidence = Evidence(diff, cost=cost, quotas=_quotas(diff, *specs))
    risks = assess(evidence)
    checks = evidence.checked[1]
    risk_ids = {COULD_NOT_JUDGE, *(rule.id for rule in all_rules())}
    judged = apply_acceptances(
        risks.findings,
        acceptances,
        stack=diff.after.stack or diff.before.stack,
        rules=risk_ids | {rule.id for rule in checks.rules},
        trusted=trusted,
        now=now,
    )
    # an acceptance of a check is used even where this change does not touch the resource
    judged = replace(judged, unused=tuple(entry for entry in judged.unused if entry.rule in risk_ids))
    return Review(
        diff=diff,
        risks=risks,
        judged=judged,
        checks=checks,
        cost=cost,
        title=diff.after.title,
        specs=specs,
    )


def _quotas(diff: Diff, before: PlatformSpec | None, after: PlatformSpec | None) -> list[QuotaChange]:
    if before is None or after is None:
        return []
    backend, target = discovery.backend(diff.cloud), diff.target
    sides = [
        {(q.name, q.region): q for q in quota_demand(backend, spec.on(target), plan)}
        if any(each.name == target for each in spec.targets)
        else {}
        for spec, plan in ((before, diff.before), (after, diff.after))
    ]
    changed: list[QuotaChange] = []
    for key in sorted({*sides[0], *sides[1]}, key=str):
        old, new = sides[0].get(key), sides[1].get(key)
        was, will = old.amount if old else 0, new.amount if new else 0
        if was != will and (either := new or old):
            changed.append(QuotaChange(key[0], either.unit, was, will))
    return changed
