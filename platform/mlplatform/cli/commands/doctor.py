"""`mlplatform doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.components.live_account import DoctorFinding
    from mlplatform.spec.platform import PlatformSpec

MISSING = 1
"""Exit code where something is missing without which a command or the first `up` stops."""


@click.command("doctor")
@click.argument("spec", metavar="[SPEC]", required=False)
@click.option("--target", "targets", multiple=True, metavar="NAME", help="Only this target; may be repeated.")
@click.option(
    "--live", is_flag=True, help="Ask the accounts of the targets too, by reading calls, with your login. Needs SPEC."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context, spec: str | None, targets: tuple[str, ...], live: bool, form: str, output: Path | None
) -> None:
    """Look whether everything is there that SPEC needs: on this machine, and with --live in its accounts.

    On this machine: tools with their versions, packages of the clouds, and whether there is a login; no value of one is
    shown. In the accounts, with the cloud's own command line (aws, gcloud, az): the account itself, its services, every
    quota that the plan needs, zones that offer its machines, policies of the organisation that would refuse something,
    and names that are taken already. Each finding says what to do. Nothing is changed anywhere.

    Exits with 0, with 1 where something is missing, with 2 where the spec is refused. What nobody can say is shown with
    a question mark, and does not fail.

    \b
    Examples:
      mlplatform doctor
      mlplatform doctor prod --target aws --live
      mlplatform doctor prod --live --format json -o findings.json
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import terminal_style
    from mlplatform.cli.sides.specs import choose_targets, load_spec
    from mlplatform.doctor.machine import examine_machine
    from mlplatform.views.doctor import findings_json, findings_text

    if spec is None and (live or targets):
        raise click.UsageError("--live and --target need SPEC: what is asked for is what its plan needs")
    platform = load_spec(ctx, spec, targets) if spec else None
    chosen = choose_targets(platform, targets) if platform else ()
    found = list(examine_machine(platform, targets=chosen))
    if platform and live:
        found += [finding for name in chosen for finding in _ask(platform, name)]
    style = terminal_style(ctx, file=output is not None)
    deliver_document(ctx, findings_json(found) if form == "json" else findings_text(found, style), output)
    if any(each.word == "missing" for each in found):
        ctx.exit(MISSING)


def _ask(platform: PlatformSpec, target: str) -> list[DoctorFinding]:
    from mlplatform.cli.sides.specs import record_plan
    from mlplatform.components.imagined_releases import as_released
    from mlplatform.doctor.accounts import examine_account

    # releases come later than the first `up`, and need quotas too
    plan = record_plan(as_released(platform, (target,)), target, resolve=True)
    return list(examine_account(platform, plan))
