"""The acceptances that count for a change: those of its base, because a change cannot accept its own risks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlplatform.cli.sides.model import Pair
    from mlplatform.plan.acceptance import Acceptance

HEAD = "head"
"""The word for the file of the working directory, in place of a revision."""


@dataclass(frozen=True, slots=True)
class AcceptedRisks:
    """The acceptance file after a change, and before it."""

    entries: tuple[Acceptance, ...]
    """The entries after the change."""

    trusted: tuple[Acceptance, ...] | None = None
    """The entries before it; None where all of the entries count."""


def accepted_risks(ctx: click.Context, file: Path | None, pair: Pair | None, trust: str | None = None) -> AcceptedRisks:
    """The acceptances of a change; where the file is refused, every problem is printed and the command exits with 2.

    Args:
        ctx: of the command.
        file: the acceptance file. Omitted: the project's, if it has one.
        pair: the sides of the change. Omitted: there is no change, only a plan.
        trust: revision whose file counts, or `head` for the file as it is now. Omitted: the base's revision; where the
            base is no revision, as for a preview alone, the file as it is now. A file outside of the repository counts
            as it is, because the change does not hold it.

    Raises:
        click.ClickException: there is no such revision.
    """
    from mlplatform.cli.sides.revisions import is_in_repository, text_at
    from mlplatform.plan.acceptance_file import FILE, find_acceptance_file

    chosen = file or find_acceptance_file()
    place = chosen or _project() / FILE
    at_head = pair.head.revision if pair else ""
    revision = trust or (pair.base.revision if pair else "")
    if not (at_head or revision) or not is_in_repository(place):
        return AcceptedRisks(read_acceptances(ctx, chosen))
    text = text_at(at_head, place) if at_head else None
    entries = _entries(ctx, text, f"{at_head[:7]}:{place.name}") if at_head else read_acceptances(ctx, chosen)
    if revision in ("", HEAD):
        return AcceptedRisks(entries)
    return AcceptedRisks(entries, _former(text_at(revision, place), revision, place.name))


def read_acceptances(ctx: click.Context, file: Path | None) -> tuple[Acceptance, ...]:
    """The acceptance file's entries; where they are refused, every problem is printed and the command exits with 2.

    Args:
        ctx: of the command.
        file: the file. Omitted: the project's, if it has one.
    """
    from mlplatform.plan import acceptance_file
    from mlplatform.reading.partial import Unacceptable

    chosen = file or acceptance_file.find_acceptance_file()
    if chosen is None:
        return ()
    try:
        return acceptance_file.read_acceptances(chosen)
    except Unacceptable as refused:
        from mlplatform.cli.printing.terminal import refuse

        refuse(ctx, refused.problems)


def _entries(ctx: click.Context, text: str | None, name: str) -> tuple[Acceptance, ...]:
    from mlplatform.plan.acceptance_file import parse_acceptances
    from mlplatform.reading.partial import Unacceptable

    try:
        return parse_acceptances(text or "", name)
    except Unacceptable as refused:
        from mlplatform.cli.printing.terminal import refuse

        refuse(ctx, refused.problems)


def _former(text: str | None, revision: str, name: str) -> tuple[Acceptance, ...]:
    """The entries before the change; none where that file is refused, so that a change can mend it."""
    from mlplatform.plan.acceptance_file import parse_acceptances
    from mlplatform.reading.partial import Unacceptable

    try:
        return parse_acceptances(text or "", name)
    except Unacceptable:
        click.echo(f"{name} at {revision[:40]} is refused: none of its acceptances counts", err=True)
        return ()


def _project() -> Path:
    here = Path.cwd().resolve()
    return next((folder for folder in (here, *here.parents) if (folder / "Pulumi.yaml").is_file()), here)
