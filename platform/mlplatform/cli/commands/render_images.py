"""`mlplatform render images`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.spec.pinned_images import PinnedImages
    from mlplatform.spec.platform import PlatformSpec

UNRESOLVED = 1


@click.command("images", short_help="The images that the cluster pulls.")
@click.argument("spec")
@options.target_option("The target, by its name or by its cloud. Needed where the spec has several.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "script"]),
    default="text",
    show_default=True,
    help="`script`: commands of bash that copy the images into the platform's registry.",
)
@click.option(
    "--resolve",
    is_flag=True,
    help="Ask the registries for the digests, and write them to images/ENVIRONMENT.json beside the spec.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file. Omitted: it is printed.")
@click.pass_context
def command(ctx: click.Context, spec: str, target: str | None, style: str, resolve: bool, out: Path | None) -> None:
    """List the images that the layer inside the cluster of SPEC pulls: from where, to where, by which digest.

    Needs no account and no cluster; --resolve needs the registries: it asks `crane` where that is on PATH, else the
    registries themselves, without a login. The layer then pulls by digest, and a tag that is moved changes nothing.
    Where SPEC's `cluster.images` is `platform`, copy the images before the cluster's stack is applied.

    \b
    Examples:
      mlplatform render images prod --target aws
      mlplatform render images prod --target aws --resolve
      mlplatform render images prod --target aws --format script | bash
    """
    from mlplatform.cli.printing.output import write_file
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.cli.sides.specs import choose_targets, load_spec
    from mlplatform.reading.file import find_spec_file
    from mlplatform.reading.images_file import images_file, read_images, write_images
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.render.images.listing import images_json, images_script, images_text, list_images

    # digests of an earlier version of the layer are refused elsewhere; here they are replaced
    platform = load_spec(ctx, spec, (target,) if target else (), images=not resolve)
    if platform.cluster is None:
        raise click.UsageError(f"{spec}: it has no layer inside its cluster; add `cluster` to the spec")
    chosen = choose_targets(platform, (target,) if target else ())
    failed: tuple[str, ...] = ()
    if resolve:
        file = images_file(find_spec_file(spec), platform)
        former, _ = read_images(file, platform)
        pinned, failed = _resolve(platform, chosen, former)
        try:
            write_images(file, pinned)
        except Unacceptable as refused:
            refuse(ctx, refused.problems)
        click.echo(f"wrote {len(pinned.digests)} digests to {file}", err=True)
        for reason in failed:
            click.echo(reason, err=True)
        platform = platform.with_pinned_images(pinned)
    if len(chosen) != 1:
        if resolve and style == "text" and out is None:
            ctx.exit(UNRESOLVED if failed else 0)
        raise click.UsageError(f"{spec}: got {len(chosen)} targets, expected one; add --target {chosen[0]}")
    write = {"text": images_text, "json": images_json, "script": images_script}[style]
    text = write(list_images(platform, chosen[0]))
    if out is None:
        click.echo(text, nl=False)
    else:
        write_file(out, text)
        click.echo(f"wrote {out}")
    ctx.exit(UNRESOLVED if failed else 0)


def _resolve(
    platform: PlatformSpec, chosen: tuple[str, ...], former: PinnedImages | None
) -> tuple[PinnedImages, tuple[str, ...]]:
    """The digests of all images of the chosen targets, beside those of the others; and what could not be read."""
    from concurrent.futures import ThreadPoolExecutor

    from mlplatform.catalog.today import selling_day
    from mlplatform.cluster.content import layer_context, layer_images
    from mlplatform.render.images.resolve import NotResolved, read_digest
    from mlplatform.spec.pinned_images import PinnedImages

    pulled = {each.name: layer_images(layer_context(platform, each.name)) for each in platform.targets}
    wanted = {str(image): image for name in chosen for image in pulled[name] if image.digest is None}
    everywhere = {str(image) for images in pulled.values() for image in images}
    digests = {image: digest for image, digest in (former.digests if former else {}).items() if image in everywhere}

    def ask(name: str) -> str | NotResolved:
        try:
            return read_digest(wanted[name])
        except NotResolved as refused:
            return refused

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = dict(zip(wanted, pool.map(ask, wanted), strict=True))
    digests |= {name: answer for name, answer in answers.items() if isinstance(answer, str)}
    pinned = PinnedImages(
        platform=platform.name,
        environment=platform.environment,
        as_of=selling_day() or date.today(),
        digests=dict(sorted(digests.items())),
    )
    return pinned, tuple(str(answer) for answer in answers.values() if isinstance(answer, NotResolved))
