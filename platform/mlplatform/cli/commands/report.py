"""`mlplatform report`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.cli.sides.acceptances import AcceptedRisks
    from mlplatform.cli.sides.model import Pair, Side
    from mlplatform.plan.change import Diff
    from mlplatform.plan.cost import Prices, Usage
    from mlplatform.plan.model import Plan
    from mlplatform.spec.platform import PlatformSpec
    from mlplatform.views.report.stack import ReportStack


@click.command("report")
@click.argument("sources", nargs=-1, required=True, metavar="SPEC|PLANFILE...")
@click.option(
    "--base",
    metavar="REVISION|FILE",
    help="Compare with a git revision, or with a plan, state or spec file for a single SPEC. "
    "Omitted: no comparison, except for a preview, which has both sides.",
)
@options.target_options
@options.LAYER
@options.USAGE
@options.PRICES
@options.EXACT
@options.ACCEPTED
@options.TRUST
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The HTML file, written whole or not at all.",
)
@click.pass_context
def command(
    ctx: click.Context,
    sources: tuple[str, ...],
    base: str | None,
    targets: tuple[str, ...],
    usage: Path | None,
    prices: tuple[Path, ...],
    exact: bool,
    accepted: Path | None,
    trust: str | None,
    output: Path,
) -> None:
    """Write one HTML file about every SPEC, plan, preview or state file: a diagram by network and capability, every
    resource with its inputs, checks, cost, the support of each cloud, and with --base the changes and their risks.

    The file is self-contained, uses no network and contains no secrets. It is no gate: exits with 0,
    or with 2 where an input is refused.

    \b
    Examples:
      mlplatform report prod -o report.html
      mlplatform report prod --target aws --base origin/main -o report.html
      mlplatform report preview.json -o report.html
    """
    from mlplatform.checks.catalogue import BadRules
    from mlplatform.cli.commands.cost import read_prices, read_usage
    from mlplatform.cli.printing.output import write_file
    from mlplatform.cli.sides.acceptances import accepted_risks
    from mlplatform.plan.matrix import build_matrix
    from mlplatform.render.templates import builtin_templates
    from mlplatform.risk.catalogue import BadRiskRule
    from mlplatform.views.report.report import ReportSubject, report_document

    amounts, known = read_usage(ctx, usage), read_prices(prices, exact=exact)
    if base and len(sources) > 1 and Path(base).is_file():
        raise click.UsageError(f"--base: got the file {base} with several SPECs, expected a git revision or one SPEC")
    stacks: list[ReportStack] = []
    origins: list[str] = []
    label = ""
    try:
        for source in sources:
            pair, head = _read(ctx, source, base, targets)
            label = pair.base.label if pair else label
            stacks += _stacks(pair, head, amounts, known, accepted_risks(ctx, accepted, pair, trust))
            origins.append(_origin(head, source))
    except (BadRules, BadRiskRule) as error:
        raise click.ClickException(str(error)) from error
    provenance = _provenance(origins, stacks)
    write_file(
        output, report_document(ReportSubject(tuple(stacks), build_matrix(), label, provenance), builtin_templates())
    )


def _read(ctx: click.Context, source: str, base: str | None, targets: tuple[str, ...]) -> tuple[Pair | None, Side]:
    """The sides to compare, where there are two, and the one to report on."""
    from mlplatform.cli.sides.argument import read_side
    from mlplatform.cli.sides.pairs import read_pair, split_preview

    if base is None:
        side = read_side(ctx, source, targets, resolve=True)
        return (split_preview(side) if side.before else None), side
    first = base if Path(base).is_file() else f"{base}:{source}"
    pair = read_pair(ctx, first, source, targets)
    return pair, pair.head


def _stacks(
    pair: Pair | None,
    head: Side,
    usage: Usage,
    prices: Callable[[str], Prices],
    risks: AcceptedRisks,
) -> list[ReportStack]:
    from mlplatform.checks.gate import gate_plan
    from mlplatform.cli.sides.reviews import refuse_unknown_clouds
    from mlplatform.plan.cost import estimate
    from mlplatform.plan.cost.released import priced_plan, say_released
    from mlplatform.plan.summary import summarise_plan
    from mlplatform.review import review
    from mlplatform.risk.catalogue import all_rules
    from mlplatform.views.report.stack import ReportStack

    risk_rules = {rule.id for rule in all_rules()}
    diffs = {diff.target: diff for diff in pair.diffs()} if pair else dict[str, "Diff"]()
    refuse_unknown_clouds(head.label, {diff.cloud for diff in diffs.values()}, "leave --base out")
    specs = (pair.base.spec if pair else None, head.spec)
    stacks: list[ReportStack] = []
    for target in sorted({*head.plans, *diffs}, key=lambda target: _position(head.spec, target)):
        diff = diffs.get(target)
        plan = head.plans[target] if target in head.plans else _removed(diff)
        checked = gate_plan(plan, risks.entries, others=risk_rules)
        known = prices(plan.cloud)
        change = (
            review(diff, specs=specs, acceptances=risks.entries, trusted=risks.trusted, usage=usage, prices=known)
            if diff
            else None
        )
        whole = summarise_plan(plan, head.spec) if head.spec and target in head.plans else None
        priced = priced_plan(plan, head.spec, target)
        cost = change.cost.after if change else say_released(estimate(priced, usage, known), head.spec, target)
        narrowed = head.spec.on(target) if head.spec and target in head.plans else None
        budget = narrowed.budget if narrowed else None
        stacks.append(
            ReportStack(
                head.label,
                checked.title,
                plan,
                checked,
                cost,
                change,
                whole,
                head.unlisted,
                float(budget.monthly_usd) if budget else None,
                narrowed,
            )
        )
    return stacks


def _position(spec: PlatformSpec | None, target: str) -> tuple[int, str]:
    order = [each.name for each in spec.targets] if spec else []
    return (order.index(target) if target in order else len(order), target)


def _removed(diff: Diff | None) -> Plan:
    """The plan of a stack that is deleted as a whole."""
    assert diff is not None
    return diff.after


def _origin(head: Side, source: str) -> str:
    if head.spec is None:
        from hashlib import sha256

        file = Path(source)
        return f"sha256:{sha256(file.read_bytes()).hexdigest()}" if file.is_file() else head.label
    from mlplatform.cli.sides.specs import provenance_of
    from mlplatform.provenance import digest

    if head.revision:
        return f"commit {head.revision[:12]}, spec {digest(head.spec)[:19]}"
    return provenance_of(head.spec, source).text


def _provenance(origins: list[str], stacks: list[ReportStack]) -> tuple[tuple[str, str], ...]:
    from datetime import UTC, datetime
    from importlib.metadata import PackageNotFoundError, version

    from mlplatform import discovery

    rows = [("Made from", origin) for origin in dict.fromkeys(origins)]
    packages = ["mlplatform", "pulumi"]
    for stack in stacks:
        if stack.plan.origin == "program" and stack.plan.cloud in discovery.clouds():
            packages += discovery.backend(stack.plan.cloud).sdks
    for package in dict.fromkeys(packages):
        name = package.replace("_", "-")
        try:
            rows.append((name, version(name)))
        except PackageNotFoundError:
            continue
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        rows.append(("Time", datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%d %H:%M UTC")))
    return tuple(rows)
