"""`mlplatform dashboards`."""

from __future__ import annotations

import click

from mlplatform.cli import options

DIFFERS = 1
"""Exit code of --check where something is otherwise in Grafana."""


@click.group("dashboards")
def command() -> None:
    """Put the platform's dashboards into its Grafana.

    \b
    Examples:
      mlplatform dashboards apply prod --target aws
      mlplatform dashboards apply prod --target gcp --check
    """


@command.command("apply", short_help="Make the dashboards in Grafana those of a spec.")
@click.argument("spec")
@options.target_option("The target, by its name or by its cloud. Needed where the spec has several.")
@click.option("--check", is_flag=True, help="Change nothing in Grafana; exit with 1 where something is to change.")
@click.pass_context
def apply(ctx: click.Context, spec: str, target: str | None, check: bool) -> None:
    """Make folder, data sources and dashboards in the target's Grafana those of SPEC; a second time changes nothing.

    Run it after `up`, with monitoring.grafana in the spec and the extra `dashboards` installed. It asks the cloud's own
    command line (aws, gcloud, az) with your rights: on AWS for a service account that is removed at the end and whose
    token lasts minutes, on Azure for your own token, on Google Cloud for the files that its Grafana reads. No token is
    kept anywhere. Dashboards that this program did not make stay. Exits with 2 where the spec has no Grafana.

    \b
    Examples:
      mlplatform dashboards apply prod --target azure
      mlplatform dashboards apply prod --target aws --check
    """
    from mlplatform.cli.commands.render_dashboards import written_dashboards
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.components.live_traffic import NotAnswered
    from mlplatform.promote.carry_out import CommandFailed, run_command
    from mlplatform.spec.problem import Problem

    narrowed, files = written_dashboards(ctx, spec, target)
    if not narrowed.monitoring.grafana:
        refuse(
            ctx,
            [Problem("monitoring.grafana", "False", "a Grafana of the platform", "set it to true, and run `up`")],
        )
    from mlplatform.render.dashboards.apply import NotApplied
    from mlplatform.render.dashboards.put import put_dashboards

    try:
        done = put_dashboards(narrowed, files, change=not check, run=run_command)
    except (NotApplied, NotAnswered, CommandFailed) as failed:
        raise click.ClickException(str(failed)) from None
    for each in done:
        click.echo(f"{each.how:>9}  {each.what}")
    if check and any(each.how != "as it was" for each in done):
        ctx.exit(DIFFERS)
