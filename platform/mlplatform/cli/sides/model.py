"""The sides that commands inspect and compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from mlplatform.spec.platform import PlatformSpec

if TYPE_CHECKING:
    from mlplatform.plan.change import Diff
    from mlplatform.plan.model import Plan
    from mlplatform.plan.sources import Verdict

SideKind = Literal["spec", "plan", "preview", "state", "nothing"]
"""Source of a side; `nothing` is a revision that lacks the stack."""


@dataclass(frozen=True, slots=True)
class Side:
    """The plans that one argument names."""

    label: str
    """For people: `prod`, `preview.json`, `prod at main (1a2b3c4)`."""

    kind: SideKind
    """Source of the plans."""

    plans: Mapping[str, Plan]
    """Plans by target: the deployed resources of a state, otherwise the planned ones."""

    before: Mapping[str, Plan] = field(default_factory=dict[str, "Plan"])
    """Deployed resources by target; only of a preview."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict[str, "Verdict"])
    """Decisions of Pulumi's engine, by URN; only of a preview."""

    spec: PlatformSpec | None = None
    """The spec the plans were made from; None where they come from a file."""

    revision: str = ""
    """Full commit that it was read from; empty for files of the working directory."""

    unlisted: int = 0
    """Unchanged resources that a preview counts without listing them."""

    @property
    def clouds(self) -> frozenset[str]:
        """Clouds of its plans."""
        return frozenset(plan.cloud for plan in self.plans.values())


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides to compare."""

    base: Side
    """The platform as it is."""

    head: Side
    """The platform as it would become."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict[str, "Verdict"])
    """Decisions of Pulumi's engine, by URN; only where one preview is both sides."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Targets of either side, sorted."""
        return tuple(sorted({*self.base.plans, *self.head.plans}))

    def plans(self, target: str) -> tuple[Plan, Plan]:
        """The plans of both sides; an empty one where a side lacks the target."""
        from mlplatform.plan.model import Plan

        known = self.head.plans.get(target) or self.base.plans[target]
        empty = Plan(known.cloud, "", "", (), target=target)
        return self.base.plans.get(target, empty), self.head.plans.get(target, empty)

    def diffs(self, *, exact: int = 0) -> tuple[Diff, ...]:
        """The differences of the two sides, one per target; a target that one side lacks is empty there.

        Args:
            exact: attribute resources to single spec fields by planning each field alone, where both sides are specs
                that differ in this many fields at most; takes about a second per field and target. Omitted: none, all
                are attributed by component.
        """
        from mlplatform.plan.diff import diff
        from mlplatform.plan.spec_diff import attribute_changes, compare_specs

        diffs: list[Diff] = []
        fields = compare_specs(self.base.spec, self.head.spec)
        for target in self.targets:
            change = diff(*self.plans(target), self.verdicts)
            if self.base.spec and self.head.spec:
                causes = attribute_changes(fields, change, self.base.spec, self.head.spec, most=exact)
                change = replace(change, spec_changes=causes)
            diffs.append(change)
        return tuple(diffs)
