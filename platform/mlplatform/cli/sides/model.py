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
    """Plans by cloud: the deployed resources of a state, otherwise the planned ones."""

    before: Mapping[str, Plan] = field(default_factory=dict[str, "Plan"])
    """Deployed resources by cloud; only of a preview."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict[str, "Verdict"])
    """Decisions of Pulumi's engine, by URN; only of a preview."""

    spec: PlatformSpec | None = None
    """The spec the plans were made from; None where they come from a file."""

    revision: str = ""
    """Full commit the spec was read from; empty for files of the working directory."""

    unlisted: int = 0
    """Unchanged resources that a preview counts without listing them."""


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
    def clouds(self) -> tuple[str, ...]:
        """Clouds of either side, sorted."""
        return tuple(sorted({*self.base.plans, *self.head.plans}))

    def diffs(self, *, exact: bool = False) -> tuple[Diff, ...]:
        """The differences of the two sides, one per cloud; a cloud that one side lacks counts as empty there.

        Args:
            exact: attribute resources to single spec fields by planning each field alone, where both sides are specs
                that differ in few fields; takes about a second per field and cloud. Omitted: by component.
        """
        from mlplatform.plan.diff import diff
        from mlplatform.plan.model import Plan
        from mlplatform.plan.spec_diff import attribute_changes, compare_specs

        diffs: list[Diff] = []
        fields = compare_specs(self.base.spec, self.head.spec)
        for cloud in self.clouds:
            empty = Plan(cloud, "", "", ())
            change = diff(self.base.plans.get(cloud, empty), self.head.plans.get(cloud, empty), self.verdicts)
            if self.base.spec and self.head.spec:
                causes = attribute_changes(fields, change, self.base.spec, self.head.spec, exact=exact)
                change = replace(change, spec_changes=causes)
            diffs.append(change)
        return tuple(diffs)
