"""The input of risk rules: the change, its cost, its quotas, and the checks before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar, cast

from mlplatform.checks.engine import CheckReport, check_plan
from mlplatform.checks.rule import CheckRule
from mlplatform.plan.change import ChangeKind, Diff, ResourceChange
from mlplatform.plan.cost.change import CostDelta
from mlplatform.plan.model import Step
from mlplatform.risk.role_names import own_roles
from mlplatform.risk.strangers import Household

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """The amount of one quota that the platform needs, before and after."""

    name: str
    """As the cloud names it."""

    unit: str
    """Unit for people; empty where the name contains it."""

    before: float
    """Zero where it was not needed."""

    after: float
    """Zero where it is no longer needed."""


class Evidence:
    """A change with everything that rules can look at."""

    def __init__(
        self,
        diff: Diff,
        *,
        cost: CostDelta | None = None,
        quotas: Sequence[QuotaChange] = (),
        checks: Sequence[CheckRule] | None = None,
    ) -> None:
        """Gather the evidence.

        Args:
            diff: the change.
            cost: its cost. Omitted: rules about cost report nothing.
            quotas: its quotas. Omitted: rules about quotas report nothing.
            checks: rules applied to both sides. Omitted: all installed ones.
        """
        self.diff = diff
        self.cost = cost
        self.quotas = tuple(quotas)
        self._checks = checks
        self._made: dict[object, object] = {}

    def narrowed(self, changes: Iterable[ResourceChange]) -> Evidence:
        """The same change as if only some resources changed, for a rule that fails on the others."""
        narrowed = Evidence(
            replace(self.diff, changes=tuple(changes)), cost=self.cost, quotas=self.quotas, checks=self._checks
        )
        # what the other changes are stays known
        for name in ("created", "before", "after", "identities", "checked"):
            narrowed.__dict__[name] = getattr(self, name)
        return narrowed

    @cached_property
    def created(self) -> frozenset[str]:
        """URNs of created resources."""
        return frozenset(change.step.urn for change in self.of("create"))

    @cached_property
    def before(self) -> dict[str, Step]:
        """Resources before the change, by URN."""
        return {step.urn: step for step in self.diff.before.steps}

    @cached_property
    def after(self) -> dict[str, Step]:
        """Resources after the change, by URN."""
        return {step.urn: step for step in self.diff.after.steps}

    @cached_property
    def identities(self) -> dict[str, Step]:
        """Identities after the change, by the name that permissions use for them.

        Only an output counts: as an input, the same name belongs to another resource, for example in an assignment.
        """
        identities: dict[str, Step] = {}
        for step in self.after.values():
            for key in ("principalId", "member", "arn"):
                name = step.outputs.get(key)
                if isinstance(name, str) and name and key not in step.inputs:
                    identities.setdefault(name, step)
        return identities

    @cached_property
    def household(self) -> Household:
        """What is the platform's own, to tell strangers."""
        # of two stacks, only the second one shows what is its own
        is_same = self.diff.before.stack in ("", self.diff.after.stack)
        return Household(self.before.values() if is_same else (), self.after.values())

    @cached_property
    def roles(self) -> dict[str, str]:
        """Names of roles that the platform defines, before or after the change, by GUID and URN."""
        return own_roles((*self.before.values(), *self.after.values()))

    @cached_property
    def checked(self) -> tuple[CheckReport, CheckReport]:
        """Check results before and after."""
        return check_plan(self.diff.before, self._checks), check_plan(self.diff.after, self._checks)

    def cached(self, make: Callable[[Evidence], T]) -> T:
        """The result of a function of the evidence, cached because several rules need it."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    def of(self, *kinds: ChangeKind) -> list[ResourceChange]:
        """Changes of some kinds to real resources, without components."""
        return [change for change in self.diff.changes if change.kind in kinds and change.step.custom]

    def pairs(self) -> list[tuple[Step | None, Step | None]]:
        """Every changed resource, before and after."""
        return [(change.before, change.after) for change in self.diff.changes if change.step.custom]
