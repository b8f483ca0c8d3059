"""From the arguments of `mlplatform check` to its document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli.printing.terminal import terminal
from mlplatform.plan.finding import Level

if TYPE_CHECKING:
    from mlplatform.checks.gate import Checked


def checked(ctx: click.Context, source: str, clouds: tuple[str, ...], accepted: Path | None) -> list[Checked]:
    """Read a side and hold every plan of it to the rules.

    Args:
        ctx: of the command.
        source: as `mlplatform.cli.sides.inputs.read_side` takes it.
        clouds: which targets; all where empty.
        accepted: the acceptance file. Omitted: the project's, if it has one.

    Raises:
        click.ClickException: something cannot be read or is refused.
    """
    from mlplatform.checks.catalogue import BadRules
    from mlplatform.checks.gate import gate
    from mlplatform.cli.sides.inputs import read_side
    from mlplatform.cli.sides.reviews import read_accepted

    entries = read_accepted(ctx, accepted)
    others = _risks() if entries else set[str]()
    side = read_side(ctx, source, clouds, resolve=True)
    place = _place(source) if side.kind == "spec" else source
    try:
        return [gate(plan, entries, others=others, place=place) for plan in side.plans.values()]
    except BadRules as error:
        raise click.ClickException(str(error)) from error


def document(ctx: click.Context, found: list[Checked], form: str, level: Level, *, to_file: bool) -> str:
    """The findings in one of the formats.

    Args:
        ctx: of the command.
        found: one per cloud.
        form: text, json, markdown, sarif or junit.
        level: what fails.
        to_file: the text goes to a file, not to the terminal.
    """
    if form == "sarif":
        from mlplatform.views.checks import sarif

        return sarif.document(found)
    if form == "junit":
        from mlplatform.views.checks import junit

        return junit.document(found, level)
    from mlplatform.views.checks import checks

    if form == "json":
        return checks.document(found)
    return checks.markdown(found) if form == "markdown" else checks.text(found, terminal(ctx, file=to_file))


def rules(ctx: click.Context, form: str, *, to_file: bool) -> str:
    """All rules, in text, JSON or markdown.

    Raises:
        click.ClickException: another format, or an installed package offers something that is no rule.
    """
    from mlplatform.checks.catalogue import BadRules, all_rules
    from mlplatform.views.checks import rules as view

    try:
        found = all_rules()
    except BadRules as error:
        raise click.ClickException(str(error)) from error
    if form == "json":
        return view.document(found)
    if form == "markdown":
        return view.markdown(found)
    if form == "text":
        return view.text(found, terminal(ctx, file=to_file))
    raise click.UsageError(f"--list: got --format {form}, expected text, json or markdown")


def _risks() -> set[str]:
    """Ids of the rules of the other gate that reads the acceptance file."""
    from mlplatform.risk.catalogue import all_rules

    return {rule.id for rule in all_rules()}


def _place(source: str) -> str:
    """The spec's file as code scanning names it: relative to the working directory where it lies below."""
    from mlplatform.reading.file import find_spec_file
    from mlplatform.reading.partial import Unacceptable

    try:
        file = find_spec_file(source).resolve()
        return file.relative_to(Path.cwd().resolve()).as_posix()
    except (Unacceptable, ValueError, OSError):
        return source.rpartition(":")[2] or source
