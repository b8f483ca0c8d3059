"""`mlplatform check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from mlplatform.cli import options
from mlplatform.plan.finding import LEVELS, Level

if TYPE_CHECKING:
    from mlplatform.checks.gate import Checked

FORMATS = ("text", "json", "markdown", "sarif", "junit")


@click.command("check")
@click.argument("source", metavar="[SPEC|PLANFILE]", required=False)
@options.target_options
@options.LAYER
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default="medium",
    show_default=True,
    help="Exit with 1 where a finding of this level or worse is not accepted.",
)
@options.ACCEPTED
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="For people, for tools, for a pull request, for code scanning, for test reports.",
)
@options.OUTPUT
@click.option("--list", "listed", is_flag=True, help="Show the rules themselves: text, json or markdown.")
@click.pass_context
def command(
    ctx: click.Context,
    source: str | None,
    targets: tuple[str, ...],
    fail_on: str,
    accepted: Path | None,
    form: str,
    output: Path | None,
    listed: bool,
) -> None:
    """Check the plan of SPEC, or a plan, preview or state file, against the security rules.

    The rules follow the CIS benchmarks and the vendors' own; `--list` shows them with their sources. Values that
    are known only after creation are reported as unknown, never as passed. Exits with 0, with 1 where a finding
    reaches --fail-on or an acceptance has expired, with 2 where an input is refused.

    \b
    Examples:
      mlplatform check prod
      mlplatform check prod --target aws --fail-on high
      mlplatform check preview.json --format sarif -o checks.sarif
      mlplatform check --list --format markdown
    """
    from mlplatform.checks.catalogue import BadRules
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.sides.reviews import STOPPED

    if listed == (source is not None):
        expected = "no SPEC beside --list" if listed else "SPEC or PLANFILE, or --list"
        raise click.UsageError(f"got {'both' if listed else 'neither'}, expected {expected}")
    level = cast("Level", fail_on)  # click lets nothing else through
    try:
        if source is None:
            deliver_document(ctx, _rules_document(ctx, form, to_file=output is not None), output)
            return
        results = _check(ctx, source, targets, accepted)
    except BadRules as error:
        raise click.ClickException(str(error)) from error
    deliver_document(ctx, _document(ctx, results, form, level, to_file=output is not None), output)
    if any(checked.stops(level) for checked in results):
        ctx.exit(STOPPED)


def _check(ctx: click.Context, source: str, targets: tuple[str, ...], accepted: Path | None) -> list[Checked]:
    """Every plan of a side, checked against the rules."""
    from mlplatform.checks.gate import gate_plan
    from mlplatform.cli.sides.acceptances import read_acceptances
    from mlplatform.cli.sides.argument import read_side

    acceptances = read_acceptances(ctx, accepted)
    risk_rules = _risk_rules() if acceptances else set[str]()
    side = read_side(ctx, source, targets, resolve=True)
    place = _relative(source) if side.kind == "spec" else source
    return [gate_plan(plan, acceptances, others=risk_rules, place=place) for plan in side.plans.values()]


def _document(ctx: click.Context, results: list[Checked], form: str, level: Level, *, to_file: bool) -> str:
    if form == "sarif":
        from mlplatform.views.checks import sarif

        return sarif.document(results)
    if form == "junit":
        from mlplatform.views.checks import junit

        return junit.document(results, level)
    from mlplatform.cli.printing.terminal import terminal_style
    from mlplatform.views.checks import checks

    if form == "json":
        return checks.document(results)
    return checks.markdown(results) if form == "markdown" else checks.text(results, terminal_style(ctx, file=to_file))


def _rules_document(ctx: click.Context, form: str, *, to_file: bool) -> str:
    from mlplatform.checks.catalogue import all_rules
    from mlplatform.cli.printing.terminal import terminal_style
    from mlplatform.views.checks import rules as view

    rules = all_rules()
    if form == "json":
        return view.document(rules)
    if form == "markdown":
        return view.markdown(rules)
    if form == "text":
        return view.text(rules, terminal_style(ctx, file=to_file))
    raise click.UsageError(f"--list: got --format {form}, expected text, json or markdown")


def _risk_rules() -> set[str]:
    """Ids of the rules of the other gate that reads the acceptance file."""
    from mlplatform.risk.catalogue import all_rules

    return {rule.id for rule in all_rules()}


def _relative(source: str) -> str:
    """The spec's file as code scanning names it: relative to the working directory where it is below."""
    from mlplatform.reading.file import find_spec_file
    from mlplatform.reading.partial import Unacceptable

    try:
        file = find_spec_file(source).resolve()
        return file.relative_to(Path.cwd().resolve()).as_posix()
    except (Unacceptable, ValueError, OSError):
        return source.rpartition(":")[2] or source
