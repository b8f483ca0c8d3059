"""`mlplatform import-model`."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlplatform.promote.hub import Hub
    from mlplatform.promote.importing import PinnedModel


@click.command("import-model")
@click.argument("model", metavar="[OWNER/NAME]", required=False)
@click.option("--revision", metavar="COMMIT", help="The whole commit, 40 digits: the files of a branch change.")
@click.option("--licence", metavar="SPDX", help="Its licence, to be held against the hub's. Omitted: the hub's.")
@click.option("--to", "environment", metavar="ENVIRONMENT", help="Mirror what the spec of this environment pins.")
@click.option(
    "--spec", metavar="SPEC", help="The spec's file or stack. Omitted: the stack with the environment's name."
)
@click.option("--target", "targets", multiple=True, metavar="NAME", help="Only this target; may be repeated.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the files in this folder, by name and commit. Omitted: a temporary one.",
)
@click.option("--hub", "address", metavar="URL", envvar="HF_ENDPOINT", help="A copy of the hub, by https.")
@click.option(
    "--most-gib", type=click.FloatRange(min=0, min_open=True), default=100.0, show_default=True, help="Most to fetch."
)
@click.option("--dry-run", is_flag=True, help="Print the commands of --to, and fetch and copy nothing.")
@click.pass_context
def command(
    ctx: click.Context,
    model: str | None,
    revision: str | None,
    licence: str | None,
    environment: str | None,
    spec: str | None,
    targets: tuple[str, ...],
    folder: Path | None,
    address: str | None,
    most_gib: float,
    dry_run: bool,
) -> None:
    """Pin a model of Hugging Face for a pipeline, or mirror what the spec pins into the platform's store.

    With OWNER/NAME, it prints the entry for the spec: licence and digest at one commit. It takes safetensors and text,
    and refuses pickles, code, and a model without a licence. With --to, it fetches exactly what the spec pins, and
    copies it into `models` of each target with the cloud's own command line and your own rights: a CI job does it like
    a person. Models that are not for everybody need HF_TOKEN in the environment.

    Exits with 0, or with 2 where something is refused or missing; then nothing was copied.

    \b
    Examples:
      mlplatform import-model acme/base --revision 0123456789abcdef0123456789abcdef01234567
      mlplatform import-model --to dev
      mlplatform import-model --to prod --target aws --folder mirror
    """
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.promote.hub import HUB, Hub, is_safe
    from mlplatform.promote.importing import pin_model
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.spec.problem import Problem

    try:
        if (model is None) == (environment is None):
            got = "nothing" if model is None else "both"
            raise Unacceptable(Problem("OWNER/NAME", got, "a model to pin, or --to", "give one of the two"))
        where = (address or HUB).rstrip("/")
        if not is_safe(where):
            raise Unacceptable(Problem("--hub", where, "an https address", "name one"))
        hub = Hub(where, os.environ.get("HF_TOKEN") or None)
        if environment is not None:
            _mirror(hub, spec or environment, environment, targets, folder, most_gib, dry_run=dry_run)
            return
        if revision is None:
            fix = "copy the whole commit from the model's history at the hub"
            raise Unacceptable(Problem("--revision", "nothing", "a commit: the files of a branch change", fix))
        pinned = pin_model(hub, model or "", revision, licence=licence, most_gib=most_gib)
    except Unacceptable as refused:
        refuse(ctx, refused.problems)
        return
    click.echo(_about(pinned), err=True)
    click.echo(_entry(pinned))


def _mirror(
    hub: Hub,
    spec: str,
    environment: str,
    targets: tuple[str, ...],
    folder: Path | None,
    most_gib: float,
    *,
    dry_run: bool,
) -> None:
    from tempfile import TemporaryDirectory

    from mlplatform.cli.printing.output import make_folder
    from mlplatform.promote.importing import base_models, copy_mirror, mirror_model, mirror_places
    from mlplatform.promote.reading import read_for_promotion

    platform, _ = read_for_promotion(spec, environment)
    wanted = base_models(platform, targets)
    if not wanted:
        click.echo("no pipeline reads a base model: there is nothing to mirror")
    for pinned, names in wanted.items():
        with TemporaryDirectory() as temporary:
            own = (folder or Path(temporary)) / pinned.id / pinned.revision
            places = tuple(mirror_places(platform, pinned, names, own))
            for place in places:
                click.echo(f"{place.target}: {shlex.join(place.transfer.copy)}", err=True)
            if dry_run:
                continue
            make_folder(own, "choose another one with --folder")
            fetched = mirror_model(hub, pinned, own, most_gib=most_gib)
            copy_mirror(fetched, places)
            click.echo(f"{_about(fetched)}\n  mirrored to {', '.join(names)}")


def _about(pinned: PinnedModel) -> str:
    files, left = pinned.chosen.files, pinned.chosen.left
    lines = [f"{pinned.spec.id}: {len(files)} files, {pinned.size / 2**20:,.1f} MiB, licence {pinned.spec.licence}"]
    if left:
        more = f" and {len(left) - 5} more" if len(left) > 5 else ""
        lines.append(f"  left out: {', '.join(left[:5])}{more}")
    return "\n".join(lines)


def _entry(pinned: PinnedModel) -> str:
    spec = pinned.spec
    fields = {"id": spec.id, "revision": spec.revision, "licence": spec.licence, "digest": spec.digest}
    return "\n".join(("base_model:", *(f"  {name}: {value}" for name, value in fields.items())))
