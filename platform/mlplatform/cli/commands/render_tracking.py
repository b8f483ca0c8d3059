"""`mlplatform render tracking`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.render.tracking.client import TrackingClient


@click.command("tracking", short_help="What clients of the tracking server need.")
@click.argument("spec")
@options.target_options
@click.option(
    "--for",
    "client",
    type=click.Choice(["person", "pod"]),
    default="person",
    show_default=True,
    help="Lines of shell for a person with the login of the cluster, or parts of a pod in a namespace of jobs.",
)
@options.OUTPUT
@click.pass_context
def tracking(
    ctx: click.Context, spec: str, targets: tuple[str, ...], client: TrackingClient, output: Path | None
) -> None:
    """Write address, login and version of MLflow's client for the tracking server of SPEC.

    `mlplatform render job` gives all of it to its jobs by itself. Needs no account, and no secret is in the text. Exits
    with 2 where no target has a server.

    \b
    Examples:
      mlplatform render tracking prod
      mlplatform render tracking prod --for pod -o client.yaml
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.cli.sides.specs import choose_targets, load_spec
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.render.tracking.client import tracking_client

    platform = load_spec(ctx, spec, targets)
    try:
        text = tracking_client([platform.on(name) for name in choose_targets(platform, targets)], client)
    except Unacceptable as refused:
        refuse(ctx, refused.problems)
    deliver_document(ctx, text, output)
