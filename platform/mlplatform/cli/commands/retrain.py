"""`mlplatform retrain`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.pipelines.retrain import AskedReason


@click.command("retrain")
@click.argument("name")
@click.argument("spec")
@options.target_option("The target, by its name or by its cloud. Omitted: the one that the pipeline names in `on`.")
@click.option("--set", "values", multiple=True, metavar="PARAMETER=VALUE", help="A value of the run; may be repeated.")
@click.option(
    "--force", is_flag=True, help="Also in the cool-down, beyond the month's runs, and while triggers are off."
)
@click.option("--by", metavar="NAME", help="Who asks; kept in the record of the door.")
@click.option(
    "--reason",
    type=click.Choice(["manual", "code", "drift", "quality", "labels"]),
    default="manual",
    show_default=True,
    help="Why: CI sends code, monitors send drift and quality, labelling tools send labels.",
)
@click.option(
    "--key",
    metavar="TEXT",
    help="What happened: the same key again starts nothing. Of code: the commit. Omitted by a person: a new one.",
)
@click.option("--branch", metavar="NAME", help="Of code: the branch.")
@click.option("--count", type=click.IntRange(1, 10**9), default=1, help="Of labels: how many are new.")
@click.option("--send", is_flag=True, help="Send it with the cloud's own command line. Omitted: it is printed.")
@click.pass_context
def command(
    ctx: click.Context,
    name: str,
    spec: str,
    target: str | None,
    values: tuple[str, ...],
    force: bool,
    by: str | None,
    reason: AskedReason,
    key: str | None,
    branch: str | None,
    count: int,
    send: bool,
) -> None:
    """Ask for a run of the pipeline NAME of SPEC.

    A message goes to the door of the target, which decides within minutes: a run that is going, the cool-down and the
    monthly ceilings hold it back, and the record of the door says why. With --force only a run that is going and the
    ceiling of USD do.

    Without --send nothing is sent: the command that would send it is printed. It uses your own rights (aws, gcloud,
    az). Exits with 2 where the door would refuse or skip it.

    \b
    Examples:
      mlplatform retrain fraud-retrain prod
      mlplatform retrain fraud-retrain prod --set rounds=500 --send
      mlplatform retrain fraud-retrain prod --reason code --branch main --key "$(git rev-parse HEAD)" --send
    """
    from mlplatform import discovery
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.cli.sides.pipelines import choose_pipeline
    from mlplatform.pipelines.retrain import RunRequest, message_text, request_problems

    pipeline, narrowed = choose_pipeline(ctx, spec, name, target)
    if key is None and reason != "manual":
        raise click.UsageError(f"--key: needed with --reason {reason}, so that the same event counts once")
    request = RunRequest(
        reason=reason,
        key=_new_key() if key is None else key,
        values=_values(values),
        branch=branch or "",
        count=count,
        force=force,
        by=by or "",
    )
    problems = tuple(request_problems(pipeline, request))
    if problems:
        refuse(ctx, problems)
    try:
        words = discovery.backend(narrowed.targets[0].cloud).door_command(narrowed, message_text(pipeline, request))
    except NotImplementedError as none:
        raise click.ClickException(str(none)) from none
    if not send:
        click.echo("nothing is sent; with --send, or by hand:", err=True)
        click.echo(shlex.join(words))
        return
    from mlplatform.promote.carry_out import CommandFailed, run_command

    try:
        run_command(words)
    except CommandFailed as failed:
        raise click.ClickException(f"it was not sent: {failed}; the command was: {shlex.join(words)}") from None
    click.echo(f"sent; the door of {narrowed.targets[0].name} decides within minutes, and its record says what and why")


def _values(given: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not name or not equals:
            raise click.UsageError(f"--set: got {each!r}, expected PARAMETER=VALUE")
        if name in values:
            raise click.UsageError(f"--set: {name} is given twice")
        values[name] = value
    return values


def _new_key() -> str:
    from uuid import uuid4

    return uuid4().hex
