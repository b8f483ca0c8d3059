"""Reads a review command's two sides and its acceptance file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlplatform.cli.sides.model import Pair
    from mlplatform.plan.acceptance import Acceptance
    from mlplatform.review import Review

STOPPED = 1
"""Exit code where a gate stops a change."""


def read_reviews(
    ctx: click.Context, base: str, head: str | None, targets: tuple[str, ...], accepted: Path | None
) -> tuple[Pair, list[Review]]:
    """Read two sides and review the difference, target by target.

    Args:
        ctx: of the command.
        base: the platform as it is, as `mlplatform.cli.sides.pairs.read_pair` takes it.
        head: the platform as it would become, likewise.
        targets: names of targets to review; all where empty.
        accepted: the acceptance file. Omitted: the project's, if it has one.

    Raises:
        click.ClickException: something cannot be read or is refused.
    """
    from mlplatform.cli.sides.pairs import read_pair
    from mlplatform.review import review

    acceptances = read_acceptances(ctx, accepted)
    pair = read_pair(ctx, base, head, targets)
    refuse_unknown_clouds(pair.head.label, pair.head.clouds | pair.base.clouds, "`mlplatform diff` shows them")
    specs = (pair.base.spec, pair.head.spec)
    return pair, [review(diff, specs=specs, acceptances=acceptances) for diff in pair.diffs()]


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


def read_acceptances(ctx: click.Context, file: Path | None) -> tuple[Acceptance, ...]:
    """The acceptance file's entries; where they are refused, every problem is printed and the command exits with 2.

    Args:
        ctx: of the command.
        file: the file. Omitted: the project's, if it has one.
    """
    from mlplatform.plan.acceptance_file import find_acceptance_file, read_acceptances
    from mlplatform.reading.partial import Unacceptable

    chosen = file or find_acceptance_file()
    if chosen is None:
        return ()
    try:
        return read_acceptances(chosen)
    except Unacceptable as refused:
        from mlplatform.cli.printing.terminal import refuse

        refuse(ctx, refused.problems)
