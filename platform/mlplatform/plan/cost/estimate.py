"""From a plan to its estimate: cost rules return quantities of prices, price files the amounts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from mlplatform.catalog.today import selling_day
from mlplatform.plan.cost.accelerators import sum_gpu_costs
from mlplatform.plan.cost.charge import Charge, CostPart, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.limits import YEAR_DAYS, estimate_limits
from mlplatform.plan.cost.model import CostLine, Estimate, MissingPart, ResourceCost, Unpriced
from mlplatform.plan.cost.notes import StandIn
from mlplatform.plan.cost.price_file import packaged_prices
from mlplatform.plan.cost.prices import Price, Prices
from mlplatform.plan.cost.rules import rules_of
from mlplatform.plan.cost.system_pool import layer_room
from mlplatform.plan.cost.usage import DEFAULT, Usage
from mlplatform.plan.model import Plan, Step


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
    return _Estimation(
        plan, usage, prices or packaged_prices(plan.cloud), today or selling_day() or date.today()
    ).result()


class _Estimation:
    def __init__(self, plan: Plan, usage: Usage, prices: Prices, today: date) -> None:
        self._plan, self._usage, self._prices, self._today = plan, usage, prices, today
        self._context = CostContext(plan, usage, today)
        self._missing: list[MissingPart] = []
        self._used: dict[tuple[str, str], Price] = {}
        self._reasons: dict[str, str] = {}
        self._charges: list[tuple[Charge, CostLine | None]] = []

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
                    self._miss(step, f"its cost rule failed: {type(error).__name__}")
            elif reason := self._reason(step.type):
                self._miss(step, reason, minor=self._prices.left_out_note(step.type) is not None)
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
            unpriced=tuple(self._unpriced()),
            missing=tuple(sorted(self._missing, key=lambda part: (part.urn, part.reason))),
            beside=tuple(self._beside()),
            free=dict(sorted(free.items())),
            warnings=tuple(estimate_limits(self._used, self._missing, self._prices, self._today)),
            oldest=min((price.as_of for price in self._used.values()), default=None),
            layer=layer_room(self._plan.steps),
        )

    def _beside(self) -> Iterator[tuple[str, str]]:
        types = {step.type for step in self._plan.resources()}
        for entry in self._prices.beside:
            if any(map(entry.covers, types)):
                yield entry.what, entry.reason

    def _unpriced(self) -> Iterator[Unpriced]:
        groups: dict[tuple[str, str, bool], set[str]] = defaultdict(set)
        for part in self._missing:
            groups[part.type, part.reason, part.minor].add(part.urn)
        for (token, reason, minor), urns in sorted(groups.items()):
            yield Unpriced(token, reason, tuple(sorted(urns)), minor)

    def _miss(self, step: Step, reason: str, *, minor: bool = False, charge: Charge | None = None) -> None:
        component, capability = self._context.component(step)
        part = MissingPart(step.urn, step.type, capability, component, reason, minor, inputs=step.inputs)
        if charge:
            region = self._region(step, charge)
            part = replace(part, sku=charge.sku, region=region, quantity=charge.quantity, inputs=None)
        self._missing.append(part)

    def _reason(self, token: str) -> str:
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
                self._miss(step, part.reason, minor=part.minor)
                continue
            line = self._line(step, part)
            if part.gpus:
                self._charges.append((part, line))
            if line:
                yield line

    def _line(self, step: Step, charge: Charge) -> CostLine | None:
        region = self._region(step, charge)
        price = self._prices.own(charge.sku, region) or self._chosen(charge.sku, region)
        price = price or self._prices.find(charge.sku, region)
        if price is None:
            self._miss(step, self._prices.missing(charge.sku, region), charge=charge)
            return None
        if price.unit != charge.unit:
            reason = f"the price of {charge.sku} is per {price.unit}, expected per {charge.unit}"
            self._miss(step, reason, charge=charge)
            return None
        self._used[charge.sku, region] = price
        old = (self._today - price.as_of).days > YEAR_DAYS
        return CostLine(
            charge.what,
            charge.sku,
            charge.unit,
            charge.quantity,
            price.usd,
            price.region,
            price.as_of,
            price.estimate,
            old,
        )

    def _region(self, step: Step, charge: Charge) -> str:
        return charge.region or self._context.region(step)

    def _chosen(self, sku: str, region: str) -> Price | None:
        """The price of the region that the usage file chooses for one without."""
        other = self._usage.price_region.get(region)
        price = self._prices.own(sku, other) if other else None
        if price is None or other is None:
            return None
        return replace(price, instead_of=StandIn((sku,), region, other, "chosen in the usage file"))
