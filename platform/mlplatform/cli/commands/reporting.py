"""From the arguments of `mlplatform report` to its page."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlplatform.cli.sides.inputs import Side
    from mlplatform.plan.acceptance import Acceptance
    from mlplatform.plan.change import Diff
    from mlplatform.plan.cost import Prices, Usage
    from mlplatform.plan.model import Plan
    from mlplatform.spec.platform import PlatformSpec
    from mlplatform.views.report.stack import Part


def report(
    ctx: click.Context,
    sources: tuple[str, ...],
    base: str | None,
    clouds: tuple[str, ...],
    usage: Path | None,
    prices: tuple[Path, ...],
    accepted: Path | None,
) -> str:
    """The page; arguments as the command's options say.

    Raises:
        click.ClickException: something cannot be read or is refused.
    """
    from mlplatform.checks.catalogue import BadRules
    from mlplatform.cli.commands.costing import read_prices, read_usage
    from mlplatform.cli.sides.reviews import read_accepted
    from mlplatform.plan.matrix import build_matrix
    from mlplatform.render.templates import builtin
    from mlplatform.risk.catalogue import BadRiskRule
    from mlplatform.views.report.report import Subject, document

    amounts, over, entries = read_usage(ctx, usage), read_prices(prices), read_accepted(ctx, accepted)
    if base and len(sources) > 1 and Path(base).is_file():
        raise click.UsageError(f"--base: got the file {base} with several SPECs, expected a git revision or one SPEC")
    parts: list[Part] = []
    origins: list[str] = []
    label = ""
    try:
        for source in sources:
            before, head, diffs = _read(ctx, source, base, clouds)
            label = before.label if before else label
            parts += _parts(before, head, diffs, amounts, over, entries)
            origins.append(_origin(head, source))
    except (BadRules, BadRiskRule) as error:
        raise click.ClickException(str(error)) from error
    provenance = _provenance(origins, parts)
    return document(Subject(tuple(parts), build_matrix(), label, provenance), builtin())


def _read(
    ctx: click.Context, source: str, base: str | None, clouds: tuple[str, ...]
) -> tuple[Side | None, Side, dict[str, Diff]]:
    """What there is, where that is known; what there would be; and the difference by cloud."""
    from mlplatform.cli.sides.inputs import Pair, read_pair, read_side

    if base is None:
        side = read_side(ctx, source, clouds, resolve=True)
        if not side.before:
            return None, side, {}
        from mlplatform.cli.sides.inputs import Side

        pair = Pair(Side("what is there", "state", side.before), side, side.verdicts)
    else:
        first = base if Path(base).is_file() else f"{base}:{source}"
        pair = read_pair(ctx, first, source, clouds, resolve=True)
    return pair.base, pair.head, {diff.cloud: diff for diff in pair.diffs()}


def _parts(
    before: Side | None,
    head: Side,
    diffs: dict[str, Diff],
    usage: Usage,
    prices: dict[str, Prices],
    entries: tuple[Acceptance, ...],
) -> list[Part]:
    from mlplatform import discovery
    from mlplatform.checks.gate import gate_plan
    from mlplatform.plan.cost import estimate
    from mlplatform.plan.summary import summarise_plan
    from mlplatform.review import review
    from mlplatform.risk.catalogue import all_rules
    from mlplatform.views.report.stack import Part

    risks = {rule.id for rule in all_rules()}
    if strange := [cloud for cloud in diffs if cloud not in discovery.clouds()]:
        known = ", ".join(discovery.clouds())
        raise click.ClickException(
            f"{head.label}: got resources of {strange[0] or 'no known cloud'}, expected of {known} to compare them; "
            "leave --base out"
        )
    parts: list[Part] = []
    for cloud in sorted({*head.plans, *diffs}, key=lambda cloud: _position(head.spec, cloud)):
        diff = diffs.get(cloud)
        plan = head.plans[cloud] if cloud in head.plans else _nothing(diff)
        checked = gate_plan(plan, entries, others=risks)
        specs = (before.spec if before else None, head.spec)
        found = review(diff, specs=specs, acceptances=entries, usage=usage, prices=prices.get(cloud)) if diff else None
        told = summarise_plan(plan, head.spec) if head.spec and cloud in head.plans else None
        cost = found.cost.after if found else estimate(plan, usage, prices.get(cloud))
        parts.append(Part(head.label, checked.title, plan, checked, cost, found, told, head.unlisted))
    return parts


def _position(spec: PlatformSpec | None, cloud: str) -> tuple[int, str]:
    order = [target.cloud for target in spec.targets] if spec else []
    return (order.index(cloud) if cloud in order else len(order), cloud)


def _nothing(diff: Diff | None) -> Plan:
    """What is left of a stack that goes as a whole."""
    assert diff is not None
    return diff.after


def _origin(head: Side, source: str) -> str:
    if head.spec is None:
        from hashlib import sha256

        file = Path(source)
        return f"sha256:{sha256(file.read_bytes()).hexdigest()}" if file.is_file() else head.label
    from mlplatform.provenance import digest, provenance

    if head.revision:
        return f"commit {head.revision[:12]}, spec {digest(head.spec)[:19]}"
    file = Path(source)
    return provenance(head.spec, file.resolve().parent if file.exists() else Path.cwd()).text


def _provenance(origins: list[str], parts: list[Part]) -> tuple[tuple[str, str], ...]:
    from importlib.metadata import PackageNotFoundError, version

    from mlplatform import discovery

    rows = [("Made from", origin) for origin in dict.fromkeys(origins)]
    packages = ["mlplatform", "pulumi"]
    for part in parts:
        if part.plan.origin == "program" and part.plan.cloud in discovery.clouds():
            packages += discovery.backend(part.plan.cloud).sdks
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
