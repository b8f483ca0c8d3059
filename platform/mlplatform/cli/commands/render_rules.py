"""`mlplatform render rules`."""

from __future__ import annotations

from pathlib import Path

import click

from mlplatform.cli import options


@click.command("rules", short_help="Prometheus' rules: alerts, and recorded metrics.")
@click.argument("spec")
@options.target_option("The target, by its name or by its cloud. Needed where the spec has several.")
@options.OUTPUT
@click.pass_context
def rules(ctx: click.Context, spec: str, target: str | None, output: Path | None) -> None:
    """Write the alerts and recorded metrics of SPEC as one rule file of Prometheus.

    They are those that `up` makes for the cloud's managed Prometheus once all models are released, in one form for all
    clouds: to read, for
    `promtool`, or for a Prometheus of your own. Needs no account. Exits with 2 where the target has no rule.

    \b
    Examples:
      mlplatform render rules prod --target aws -o rules.yaml
      promtool check rules rules.yaml
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.cli.sides.specs import choose_targets, load_spec, record_plan
    from mlplatform.components.imagined_releases import as_released
    from mlplatform.render.rules.file import planned_rules, rule_file
    from mlplatform.spec.problem import Problem

    platform = load_spec(ctx, spec, (target,) if target else ())
    chosen, *others = choose_targets(platform, (target,) if target else ())
    if others:
        raise click.UsageError(f"{spec}: got {len(others) + 1} targets, expected one; add --target {chosen}")
    plan = record_plan(as_released(platform, (chosen,)), chosen)
    if not planned_rules(plan):
        refuse(
            ctx,
            [
                Problem(
                    "monitoring.prometheus",
                    "no rule on this target",
                    "a training cluster with managed Prometheus",
                    "set monitoring.prometheus to true, and have training in the spec",
                )
            ],
        )
    deliver_document(ctx, rule_file(plan), output)
