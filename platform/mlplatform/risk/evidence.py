"""What risk rules look at: the change, what it costs, what it asks of quotas, and the checks on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mlplatform.checks.engine import CheckReport, check_plan
from mlplatform.checks.rule import CheckRule
from mlplatform.plan.change import ChangeKind, Diff, ResourceChange
from mlplatform.plan.cost.model import CostDelta
from mlplatform.plan.model import Step


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """What one of the account's quotas must allow, before and after."""

    name: str
    """As the cloud names it."""

    unit: str
    """What it counts, for people; empty where the name says it."""

    before: float
    """Zero where it was not needed."""

    after: float
    """Zero where it is no longer needed."""


class Evidence:
    """A change with everything that rules may ask of it."""

    def __init__(
        self,
        diff: Diff,
        *,
        cost: CostDelta | None = None,
        quotas: Sequence[QuotaChange] = (),
        checks: Sequence[CheckRule] | None = None,
    ) -> None:
        """Gather it.

        Args:
            diff: the change.
            cost: its cost. Omitted: rules about cost find nothing.
            quotas: what it asks. Omitted: rules about quotas find nothing.
            checks: rules both sides are held to. Omitted: all installed ones.
        """
        self.diff = diff
        self.cost = cost
        self.quotas = tuple(quotas)
        self._checks = checks

    @cached_property
    def created(self) -> frozenset[str]:
        """URNs of what is new."""
        return frozenset(change.step.urn for change in self.of("create"))

    @cached_property
    def before(self) -> dict[str, Step]:
        """What there is, by URN."""
        return {step.urn: step for step in self.diff.before.steps}

    @cached_property
    def after(self) -> dict[str, Step]:
        """What there would be, by URN."""
        return {step.urn: step for step in self.diff.after.steps}

    @cached_property
    def identities(self) -> dict[str, Step]:
        """What there would be, by what the cloud knows it by in rights.

        What is told to a resource, as its assignments are, names it not.
        """
        found: dict[str, Step] = {}
        for step in self.after.values():
            for key in ("principalId", "member", "arn"):
                name = step.outputs.get(key)
                if isinstance(name, str) and name and key not in step.inputs:
                    found.setdefault(name, step)
        return found

    @cached_property
    def checked(self) -> tuple[CheckReport, CheckReport]:
        """The checks of both sides."""
        return check_plan(self.diff.before, self._checks), check_plan(self.diff.after, self._checks)

    def of(self, *kinds: ChangeKind) -> list[ResourceChange]:
        """Changes of some kinds to real resources; components hold nothing."""
        return [change for change in self.diff.changes if change.kind in kinds and change.step.custom]

    def pairs(self) -> list[tuple[Step | None, Step | None]]:
        """Every resource that is not the same, as it was and as it will be."""
        return [(change.before, change.after) for change in self.diff.changes if change.step.custom]
