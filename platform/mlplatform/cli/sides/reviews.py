"""Reads a review command's two sides and its acceptance file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlplatform.cli.sides.model import Pair
    from mlplatform.review import Review

STOPPED = 1
"""Exit code where a gate stops a change."""


def read_reviews(
    ctx: click.Context,
    base: str,
    head: str | None,
    targets: tuple[str, ...],
    accepted: Path | None,
    trust: str | None = None,
) -> tuple[Pair, list[Review]]:
    """Read two sides and review the difference, target by target.

    Args:
        ctx: of the command.
        base: the platform as it is, as `mlplatform.cli.sides.pairs.read_pair` takes it.
        head: the platform as it would become, likewise.
        targets: names of targets to review; all where empty.
        accepted: the acceptance file. Omitted: the project's, if it has one.
        trust: as in `mlplatform.cli.sides.acceptances.accepted_risks`.

    Raises:
        click.ClickException: something cannot be read or is refused.
    """
    from mlplatform.checks.catalogue import BadRules
    from mlplatform.cli.sides.acceptances import accepted_risks
    from mlplatform.cli.sides.pairs import read_pair
    from mlplatform.plan.spec_diff import FEW_PLANNED
    from mlplatform.review import review
    from mlplatform.risk.catalogue import BadRiskRule

    pair = read_pair(ctx, base, head, targets)
    refuse_unknown_clouds(pair.head.label, pair.head.clouds | pair.base.clouds, "`mlplatform diff` shows them")
    specs = (pair.base.spec, pair.head.spec)
    risks = accepted_risks(ctx, accepted, pair, trust)
    try:
        reviews = [
            review(diff, specs=specs, acceptances=risks.entries, trusted=risks.trusted)
            for diff in pair.diffs(exact=FEW_PLANNED)
        ]
    except (BadRules, BadRiskRule) as error:
        raise click.ClickException(str(error)) from error
    return pair, reviews


def refuse_unknown_clouds(label: str, clouds: Iterable[str], fix: str) -> None:
    """Refuse to review resources of a cloud that no installed package knows.

    Raises:
        click.ClickException: there are such resources.
    """
    from mlplatform import discovery

    known = discovery.clouds()
    if unknown := [cloud for cloud in sorted(clouds) if cloud not in known]:
        got = unknown[0] or "no known cloud"
        raise click.ClickException(f"{label}: got resources of {got}, expected of {', '.join(known)}; {fix}")
