"""`mlplatform render dvc`."""

from __future__ import annotations

from pathlib import Path

import click

from mlplatform.cli import options
from mlplatform.spec.artifact_store import PLACES, Place


@click.command("dvc", short_help="The store as a remote of DVC.")
@click.argument("spec")
@options.target_options
@click.option("--place", type=click.Choice(PLACES), default="data", show_default=True, help="The place of the store.")
@options.OUTPUT
@click.pass_context
def dvc(ctx: click.Context, spec: str, targets: tuple[str, ...], place: Place, output: Path | None) -> None:
    """Write `.dvc/config` for a repository whose data is in the store of SPEC: a remote for each target.

    The first target is the default. Needs no account, and the file has no secret: people and jobs log in with their own
    identities. Options of your own go to `.dvc/config.local`, which DVC reads too. A place that deletes old objects is
    refused, because a version of the data may still name them. Exits with 2 where something is refused; then nothing is
    written.

    \b
    Examples:
      mlplatform render dvc prod --target aws -o .dvc/config
      mlplatform render dvc dev --target gcp --place features
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.own_file import refuse_foreign
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.cli.sides.specs import choose_targets, load_spec
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.render.dvc.config import HEAD, dvc_config

    platform = load_spec(ctx, spec, targets)
    try:
        text = dvc_config([platform.on(name) for name in choose_targets(platform, targets)], place)
    except Unacceptable as refused:
        refuse(ctx, refused.problems)
    if output and output.is_file():
        refuse_foreign(
            output,
            HEAD,
            choose="choose another file with -o",
            words="got a configuration that this command did not write, expected an empty file, or one that it "
            "wrote; move what you need of it to .dvc/config.local, and remove the file",
        )
    deliver_document(ctx, text, output)
