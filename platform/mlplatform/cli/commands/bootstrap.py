"""`mlplatform bootstrap`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.components.bootstrap import Bootstrap
    from mlplatform.spec.platform import PlatformSpec


@click.command("bootstrap")
@click.argument("spec")
@options.target_option("The target, by its name or by its cloud. Needed where the spec has several.")
@click.option("--state", metavar="URL", help="Existing state (`s3://…`, `gs://…`, `azblob://…`). Omitted: one is made.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["script", "json"]),
    default="script",
    show_default=True,
    help="Commands of the cloud's own command line, or a document for tools.",
)
@click.option(
    "--program",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a small Pulumi program (Python) that makes the same into this folder, instead of printing.",
)
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context,
    spec: str,
    target: str | None,
    state: str | None,
    form: str,
    program: Path | None,
    output: Path | None,
) -> None:
    """Print what an account needs before the first `up` of SPEC, derived from what it plans.

    The state with its key, the identities of CI for previews and updates with the least rights that the planned
    resources take, and what a subscription or project registers once. Nothing is created here: run the script as an
    administrator of the account. Run again, it changes nothing that is already so.

    \b
    Examples:
      mlplatform bootstrap prod --target aws > bootstrap.sh
      mlplatform bootstrap prod --target gcp --format json -o bootstrap.json
      mlplatform bootstrap prod --target aws --program bootstrap/prod-aws
      mlplatform bootstrap prod --target azure --state 'azblob://state?storage_account=acmestate'
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.sides.specs import choose_targets, load_spec
    from mlplatform.components.names import layers_of, stack_name

    platform = load_spec(ctx, spec, (target,) if target else ())
    only, *others = choose_targets(platform, (target,) if target else ())
    if others:
        raise click.UsageError(f"got {len(others) + 1} targets, expected one: add --target {only}")
    stack = stack_name(platform, only)
    found = _derive(platform, only, state)
    if program is not None:
        _write_program(program, stack, found)
        return
    if form == "json":
        from mlplatform.views.bootstrap import json

        text = json.document(stack, only, found)
    else:
        from mlplatform.views.bootstrap import script

        text = script.document([stack_name(platform, only, layer) for layer in layers_of(platform)], found)
    deliver_document(ctx, text, output)


def _write_program(folder: Path, stack: str, found: Bootstrap) -> None:
    from mlplatform.bootstrap.folder import program_files
    from mlplatform.cli.printing.output import make_folder, write_file

    make_folder(folder, "choose another one with --program")
    for name, text in program_files(stack, found).items():
        write_file(folder / name, text)
    command = f"cd {shlex.quote(str(folder))} && pulumi stack init {stack} && pulumi up"
    click.echo(f"next, with an administrator's credentials: `{command}`", err=True)
    for line in (*found.settings, *found.limits):
        click.echo(f"- {line}", err=True)


def _derive(platform: PlatformSpec, target: str, state: str | None) -> Bootstrap:
    from mlplatform.bootstrap.derive import derive_bootstrap
    from mlplatform.cli.sides.specs import record_plan
    from mlplatform.components.bootstrap import UnknownRights
    from mlplatform.components.imagined_releases import as_released

    # releases come later than the first `up`, with the same rights
    plan = record_plan(as_released(platform, (target,)), target, resolve=True)
    try:
        return derive_bootstrap(platform, target, plan, state=state)
    except UnknownRights as error:
        raise click.ClickException(f"{error}\nThis is a gap of mlplatform; report it with the names above") from error
    except ValueError as error:
        raise click.UsageError(f"--state: {error}") from error
