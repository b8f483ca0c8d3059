"""What commands compare and inspect: a spec, a plan, preview or state file, or a spec of another git revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import click

from mlplatform.spec.platform import PlatformSpec

if TYPE_CHECKING:
    from mlplatform.plan.change import Diff
    from mlplatform.plan.model import Plan
    from mlplatform.plan.sources import Verdict

SideKind = Literal["spec", "plan", "preview", "state", "nothing"]
"""What an argument turned out to be; `nothing` is a revision that does not have it."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one argument names."""

    label: str
    """For people: `prod`, `preview.json`, `prod at main (1a2b3c4)`."""

    kind: SideKind
    """What it is."""

    plans: Mapping[str, Plan]
    """Plans by cloud; a state's plan is what there is, a preview's what there would be."""

    before: Mapping[str, Plan] = field(default_factory=dict[str, "Plan"])
    """What there is already, by cloud; only of a preview."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict[str, "Verdict"])
    """What Pulumi's engine decided, by URN; only of a preview."""

    spec: PlatformSpec | None = None
    """The spec the plans were made from; None where they come from a file."""

    revision: str = ""
    """Full commit the spec was read from; empty for files as they lie."""

    unlisted: int = 0
    """Resources a preview counts as the same without listing them."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides to compare."""

    base: Side
    """What there is."""

    head: Side
    """What there would be."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict[str, "Verdict"])
    """What Pulumi's engine decided, by URN; only where one preview is both sides."""

    @property
    def clouds(self) -> tuple[str, ...]:
        """Clouds of either side, sorted."""
        return tuple(sorted({*self.base.plans, *self.head.plans}))

    def diffs(self, *, exact: bool = False) -> tuple[Diff, ...]:
        """The two sides compared, one difference per cloud; what one side lacks counts as empty.

        Args:
            exact: find out which resources each field of the spec changes by planning it alone, where both sides are
                specs that differ in few fields; takes about a second per field and cloud. Omitted: by component.
        """
        from mlplatform.plan.diff import diff
        from mlplatform.plan.model import Plan
        from mlplatform.plan.spec_diff import attribute_changes, compare_specs

        found: list[Diff] = []
        told = compare_specs(self.base.spec, self.head.spec)
        for cloud in self.clouds:
            nothing = Plan(cloud, "", "", ())
            one = diff(self.base.plans.get(cloud, nothing), self.head.plans.get(cloud, nothing), self.verdicts)
            if self.base.spec and self.head.spec:
                one = replace(
                    one, spec_changes=attribute_changes(told, one, self.base.spec, self.head.spec, exact=exact)
                )
            found.append(one)
        return tuple(found)


def read_side(ctx: click.Context, argument: str, clouds: tuple[str, ...] = (), *, resolve: bool = False) -> Side:
    """Read what one argument names.

    Args:
        ctx: of the command; a refused spec ends it with 2 after printing every problem.
        argument: a spec file, a stack's name, a plan, preview or state file, `-` for one of these three on standard
            input, or `REVISION:` before a spec file, plan file or stack.
        clouds: targets to plan; every target of a spec where empty.
        resolve: realistic values instead of unknown ones, where the argument is a spec.

    Raises:
        click.ClickException: there is no such thing, it cannot be read, or a provider refuses the spec.
    """
    from mlplatform.cli.sides.find import opened, side

    with opened(argument) as found:
        return side(ctx, found, clouds, resolve=resolve, strict=True)


def read_pair(
    ctx: click.Context, base: str, head: str | None = None, clouds: tuple[str, ...] = (), *, resolve: bool = False
) -> Pair:
    """Read what two arguments name.

    Args:
        ctx: as in `read_side`.
        base: what there is, as `read_side` takes it; or two revisions (`main..HEAD`, `main...HEAD` for the point
            where they parted) with a spec or stack as `head`. A revision that lacks it counts as nothing there.
        head: what there would be. Omitted: `base` is a preview and is compared with what it says is there.
        clouds: as in `read_side`.
        resolve: as in `read_side`.

    Raises:
        click.ClickException: as in `read_side`, or the two have no cloud in common.
    """
    from mlplatform.cli.sides.pairs import pair

    return pair(ctx, base, head, clouds, resolve=resolve)
