"""`mlplatform name-images`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlplatform.post.proposal import Host
    from mlplatform.promote.named_images import NamedImages


@click.command("name-images")
@click.argument("spec", metavar="SPEC")
@click.option(
    "--images",
    "file",
    required=True,
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="What CI hands on: lines of REPOSITORY=ADDRESS@DIGEST.",
)
@click.option(
    "--propose",
    type=click.Choice(["github", "gitlab"]),
    help="In a job of this system: open a pull request instead of writing files here.",
)
@click.option("--base", metavar="BRANCH", default="main", show_default=True, help="The branch of that pull request.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.pass_context
def command(ctx: click.Context, spec: str, file: Path, propose: Host | None, base: str, dry_run: bool) -> None:
    """Write the digests of built images into the files of a spec.

    Replaces ADDRESS@sha256:… in the files of SPEC's folder and below it, YAML and Python, where they name the image by
    its address and a digest; nothing else changes. An image that no file names so is told. Exits with 0, or with 2
    where SPEC or the list of images is refused.

    \b
    Examples:
      mlplatform name-images dev --images .mlplatform/images/dev-aws
      mlplatform name-images prod --images .mlplatform/images/prod-aws --propose github
    """
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.promote.named_images import name_images, read_built
    from mlplatform.reading.beside import write_whole
    from mlplatform.reading.file import read_text
    from mlplatform.reading.load import load
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.spec.problem import Problem

    loaded = load(spec)
    if loaded.spec is None:
        refuse(ctx, loaded.problems)
    try:
        built = read_built(read_text(file))
    except Unacceptable as refused:
        refuse(ctx, refused.problems)
    except ValueError as error:
        expected = "lines of REPOSITORY=ADDRESS@DIGEST"
        refuse(ctx, [Problem("--images", str(error), expected, "name the file that CI hands on", file=str(file))])
    found = name_images(Path(loaded.file).parent, built)
    for image in found.unnamed:
        click.echo(f"{image.repository}: no file of the spec names {image.address} by a digest", err=True)
    for path in found.texts:
        click.echo(f"{path}: {', '.join(found.changed)}")
    if dry_run:
        return
    if propose:
        _propose(found, propose, base)
        return
    try:
        for path, text in found.texts.items():
            write_whole(path, text)
    except Unacceptable as refused:
        refuse(ctx, refused.problems)


def _propose(found: NamedImages, host: Host, base: str) -> None:
    """A pull request for each file."""
    import hashlib
    import os

    from mlplatform.post.http import ApiRefused
    from mlplatform.post.proposal import Proposal, propose
    from mlplatform.post.request import MissingEnvironment
    from mlplatform.provenance import git

    for path, text in found.texts.items():
        folder = git(path.parent, "rev-parse", "--show-prefix") or ""
        names = ", ".join(found.changed)
        digest = hashlib.sha256(f"{folder}{path.name}\n{text}".encode(errors="surrogateescape")).hexdigest()[:12]
        proposal = Proposal(
            branch=f"mlplatform/images-{digest}",
            base=base,
            path=f"{folder}{path.name}",
            text=text,
            title=f"images: {names} as they were built",
            body=f"CI built {names} anew and pushed it. This names the new digests in {folder}{path.name}; the next "
            "update runs them.",
        )
        try:
            address = propose(host, proposal, os.environ)
        except (ApiRefused, MissingEnvironment) as refused:
            click.echo(f"no pull request could be opened: {refused}; run the command and commit the file", err=True)
            continue
        click.echo(f"pull request: {address}" if address else f"{proposal.branch}: proposed before", err=True)
