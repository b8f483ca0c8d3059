"""`mlplatform plan`."""

from __future__ import annotations

from pathlib import Path

import click

from mlplatform.cli import options


@click.command("plan")
@click.argument("spec")
@options.target_options
@options.LAYER
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="For people, for tools (one target, the shape of `pulumi preview --json`), for a pull request.",
)
@options.OUTPUT
@click.option("--resolve", is_flag=True, help="Realistic values where only the cloud knows them, instead of 'unknown'.")
@click.pass_context
def command(
    ctx: click.Context, spec: str, targets: tuple[str, ...], form: str, output: Path | None, resolve: bool
) -> None:
    """Run the program of SPEC against strict mocked providers and show the resources that it would create.

    No account, no credentials and no Pulumi CLI are needed, and nothing is created. The same spec gives the
    same bytes. Exits with 0 where there is a plan, with 2 where the spec or a provider refuses something.

    \b
    Examples:
      mlplatform plan prod
      mlplatform plan stacks/prod.py --target aws --target gcp --format markdown
      mlplatform plan prod --target azure --format json --resolve -o plan.json
    """
    from mlplatform.cli.printing.output import deliver_document

    deliver_document(ctx, _document(ctx, spec, targets, form, resolve=resolve, to_file=output is not None), output)


def _document(
    ctx: click.Context, spec: str, targets: tuple[str, ...], form: str, *, resolve: bool, to_file: bool
) -> str:
    from mlplatform.cli.sides.specs import choose_targets, load_spec, record_plan

    platform = load_spec(ctx, spec, targets)
    chosen = choose_targets(platform, targets)
    if form == "json" and len(chosen) > 1:
        raise click.UsageError(f"--format json: got {len(chosen)} targets, expected one; add --target {chosen[0]}")
    plans = [record_plan(platform, target, resolve=resolve) for target in chosen]
    if form == "json":
        from mlplatform.views.plan import json

        return json.document(plans[0])
    from mlplatform.cli.sides.folders import in_project
    from mlplatform.plan.summary import summarise_plan

    within = in_project(spec)
    summaries = [summarise_plan(plan, platform, in_project=within) for plan in plans]
    if form == "markdown":
        from mlplatform.views.plan import markdown

        return markdown.document(summaries)
    from mlplatform.cli.printing.terminal import terminal_style
    from mlplatform.views.plan import text

    return text.document(summaries, terminal_style(ctx, file=to_file))
