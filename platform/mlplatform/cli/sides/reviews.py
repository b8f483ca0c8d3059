"""From the arguments of a review command to one review per cloud."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlplatform.cli.sides.inputs import Pair
    from mlplatform.plan.acceptance import Acceptance
    from mlplatform.review import Review

FOUND = 1
"""Exit code where a gate stops a change."""


def read_reviews(
    ctx: click.Context, base: str, head: str | None, clouds: tuple[str, ...], accepted: Path | None
) -> tuple[Pair, list[Review]]:
    """Read two sides and review what differs, cloud by cloud.

    Args:
        ctx: of the command.
        base: what there is, as `mlplatform.cli.sides.inputs.read_pair` takes it.
        head: what there would be, likewise.
        clouds: which targets; all where empty.
        accepted: the acceptance file. Omitted: the project's, if it has one.

    Raises:
        click.ClickException: something cannot be read or is refused.
    """
    from mlplatform import discovery
    from mlplatform.cli.sides.inputs import read_pair
    from mlplatform.review import review

    entries = read_accepted(ctx, accepted)
    # policies that name other resources are unknown as a whole until they are resolved
    pair = read_pair(ctx, base, head, clouds, resolve=True)
    known = discovery.clouds()
    if strange := [cloud for cloud in pair.clouds if cloud not in known]:
        got = strange[0] or "no known cloud"
        raise click.ClickException(
            f"{pair.head.label}: got resources of {got}, expected of {', '.join(known)}; `mlplatform diff` shows them"
        )
    specs = (pair.base.spec, pair.head.spec)
    return pair, [review(diff, specs=specs, acceptances=entries) for diff in pair.diffs()]


def read_accepted(ctx: click.Context, file: Path | None) -> tuple[Acceptance, ...]:
    """The acceptance file's entries; where they are refused, every problem is printed and the command exits with 2.

    Args:
        ctx: of the command.
        file: which. Omitted: the project's, if it has one.
    """
    import sys

    from mlplatform.plan.acceptance_file import find_acceptance_file, read_acceptances
    from mlplatform.reading.partial import Unacceptable

    found = file or find_acceptance_file()
    if found is None:
        return ()
    try:
        return read_acceptances(found)
    except Unacceptable as refused:
        from mlplatform.cli.printing.terminal import terminal
        from mlplatform.views.spec import problems

        style = terminal(ctx, sys.stderr)
        click.echo(problems.text(refused.problems, style), err=True, color=style.color)
        ctx.exit(2)
