"""From a plan to its estimate: cost rules return quantities of prices, price files the amounts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from mlplatform.plan.cost.accelerators import sum_gpu_costs
from mlplatform.plan.cost.charge import Charge, CostPart, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import CostLine, Estimate, ResourceCost, Unpriced
from mlplatform.plan.cost.notes import StandIn
from mlplatform.plan.cost.price_file import packaged_prices
from mlplatform.plan.cost.prices import EVERYWHERE, Price, Prices
from mlplatform.plan.cost.rules import rules_of
from mlplatform.plan.cost.usage import DEFAULT, Usage
from mlplatform.plan.model import Plan, Step

MAX_AGE_DAYS = 90
"""Age above which prices cause a warning."""


def estimate(
    plan: Plan, usage: Usage = DEFAULT, prices: Prices | None = None, *, today: date | None = None
) -> Estimate:
    """Estimate the monthly cost of a plan.

    A plan made with `resolve=True` gives more prices: some machine types are in texts that are unknown otherwise.

    Args:
        plan: plan of one cloud.
        usage: usage of the month. Omitted: the documented defaults.
        prices: prices of that cloud. Omitted: those that come with the package.
        today: date for the age of prices. Omitted: this day.
    """
    return _Estimation(plan, usage, prices or packaged_prices(plan.cloud), today or date.today()).result()


class _Estimation:
    def __init__(self, plan: Plan, usage: Usage, prices: Prices, today: date) -> None:
        self._plan, self._usage, self._prices, self._today = plan, usage, prices, today
        self._context = CostContext(plan, usage)
        self._gaps: dict[tuple[str, str, bool], set[str]] = defaultdict(set)
        self._used: dict[str, Price] = {}
        self._reasons: dict[str, str] = {}
        self._stood_in: set[tuple[str, str]] = set()
        self._elsewhere: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._stand_ins: dict[StandIn, set[str]] = defaultdict(set)
        self._charges: list[tuple[Charge, float | None]] = []

    def result(self) -> Estimate:
        rules, free, costs = rules_of(self._plan.cloud), Counter[str](), list[ResourceCost]()
        for step in self._plan.resources():
            if step.op == "read":
                continue
            lines: tuple[CostLine, ...] = ()
            if rule := rules.get(step.type):
                try:
                    lines = tuple(self._lines(step, rule(step, self._context)))
                except Exception as error:  # an input of a type that no cost rule expects
                    self._gaps[step.type, f"its cost rule failed: {type(error).__name__}", False].add(step.urn)
            elif reason := self._missing(step.type):
                self._gaps[step.type, reason, self._prices.left_out_note(step.type) is not None].add(step.urn)
            else:
                free[step.type] += 1
            if lines:
                component, capability = self._context.component(step)
                costs.append(ResourceCost(step.urn, step.type, step.name, capability, component, lines))
        return Estimate(
            cloud=self._plan.cloud,
            target=self._plan.target,
            stack=self._plan.stack,
            region=self._context.home,
            resources=tuple(sorted(costs, key=lambda cost: cost.urn)),
            gpu=sum_gpu_costs(self._charges),
            unpriced=tuple(
                Unpriced(token, reason, tuple(sorted(urns)), minor)
                for (token, reason, minor), urns in sorted(self._gaps.items())
            ),
            free=dict(sorted(free.items())),
            warnings=tuple(self._warnings()),
            oldest=min((price.as_of for price in self._used.values()), default=None),
        )

    def _missing(self, token: str) -> str:
        """Reason why a type without a rule has no price; empty where it is free. Cached by type."""
        if token not in self._reasons:
            self._reasons[token] = self._why(token)
        return self._reasons[token]

    def _why(self, token: str) -> str:
        if self._prices.free_note(token, self._today):
            return ""
        if note := self._prices.left_out_note(token):
            return note.reason
        if (ended := self._prices.free_note(token)) and ended.until:
            return f"free until {ended.until}; its price since then is not in the price file"
        return "no cost rule for this type"

    def _lines(self, step: Step, parts: Iterable[CostPart]) -> Iterator[CostLine]:
        for part in parts:
            if isinstance(part, Gap):
                self._gaps[step.type, part.reason, part.minor].add(step.urn)
                continue
            line = self._line(step, part)
            if part.gpus:
                self._charges.append((part, line.price if line else None))
            if line:
                yield line

    def _line(self, step: Step, charge: Charge) -> CostLine | None:
        region = charge.region or self._context.region(step)
        price = self._prices.find(charge.sku, region)
        if price is None and (other := self._usage.price_region.get(region)):
            price = self._prices.find(charge.sku, other)
            if price:
                self._stood_in.add((region, other))
        if price is None:
            self._gaps[step.type, self._prices.missing(charge.sku, region), False].add(step.urn)
            if near := self._prices.near(charge.sku, region):
                self._elsewhere[region, near].add(charge.sku)
            return None
        if price.unit != charge.unit:
            reason = f"the price of {charge.sku} is per {price.unit}, expected per {charge.unit}"
            self._gaps[step.type, reason, False].add(step.urn)
            return None
        self._used[charge.sku] = price
        if price.instead_of:
            self._stand_ins[price.instead_of].add(charge.sku)
        where = EVERYWHERE if price.region == EVERYWHERE else price.region
        return CostLine(charge.what, charge.sku, charge.unit, charge.quantity, price.usd, where)

    def _warnings(self) -> Iterator[str]:
        derived = sorted(sku for sku, price in self._used.items() if price.derived)
        if derived:
            discount = self._prices.spot_discount_percent
            used = "the on-demand price as an upper bound"
            if discount:
                used = f"{discount:g} % below the on-demand price, the least discount that the vendor promises"
            yield f"no spot price for {', '.join(derived)}: using {used}"
        for (region, near), skus in sorted(self._elsewhere.items()):
            many = f"{len(skus)} prices" if len(skus) > 1 else "1 price"
            yield (
                f"{many} missing for {region}, and left out of the total; "
                f"`price_region: {{{region}: {near}}}` in a usage file uses those of {near}"
            )
        for region, other in sorted(self._stood_in):
            yield f"prices of {other} stand in for missing ones of {region}, as set in the usage file"
        for entry, skus in sorted(self._stand_ins.items(), key=lambda item: (item[0].region, sorted(item[1]))):
            yield f"the price of {', '.join(sorted(skus))} in {entry.of} stands in for {entry.region}'s: {entry.reason}"
        old = {sku: price for sku, price in self._used.items() if (self._today - price.as_of).days > MAX_AGE_DAYS}
        if old:
            oldest = min(old, key=lambda sku: (old[sku].as_of, sku))
            command = f"mlplatform cost refresh --cloud {self._plan.cloud}"
            yield (
                f"{len(old)} of {len(self._used)} prices are older than {MAX_AGE_DAYS} days, the oldest from "
                f"{old[oldest].as_of} ({oldest}): refresh them with `{command}`"
            )
