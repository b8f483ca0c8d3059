"""`mlplatform render manifests`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.render.manifests.files import ManifestFile

STALE = 1
"""Exit code of --check where a file is out of date."""


@click.command("manifests", short_help="The layer inside the cluster, for Flux or Argo CD.")
@click.argument("spec")
@options.target_option("The target, by its name or by its cloud. Needed where the spec has several.")
@click.option(
    "--style", type=click.Choice(["flux", "argocd"]), default="flux", show_default=True, help="Who applies them."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder. Files of other names in it stay.",
)
@click.option(
    "--outputs",
    metavar="FILE",
    help="Outputs of the cloud's stack (`pulumi stack output --json`; `-`: standard input). Omitted: a variable "
    "stands for each, as Flux fills them in from a ConfigMap `layer-outputs`.",
)
@click.option("--path", default=".", show_default=True, help="Path of the folder in its repository, for Flux.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a file is out of date.")
@click.pass_context
def command(
    ctx: click.Context,
    spec: str,
    target: str | None,
    style: str,
    out: Path,
    outputs: str | None,
    path: str,
    check: bool,
) -> None:
    """Write what is inside the cluster of SPEC as YAML: a folder per stage, the objects that the layer's stack makes.

    Needs no account and no cluster. The same spec gives the same bytes. A release of a chart becomes a HelmRelease with
    its source, or an Application. Use either this or the stack, not both.

    \b
    Examples:
      mlplatform render manifests prod --target aws --out clusters/prod-aws --path clusters/prod-aws
      pulumi stack output --stack prod-gcp --json | mlplatform render manifests prod --target gcp --outputs - --out gcp
      mlplatform render manifests prod --target azure --style argocd --out clusters/prod-azure --check
    """
    from mlplatform.cli.sides.documents import read_json
    from mlplatform.cli.sides.specs import choose_targets, load_spec
    from mlplatform.cluster.content import layer_context, layer_items
    from mlplatform.render.manifests.files import UnknownOutput, manifest_files

    platform = load_spec(ctx, spec, (target,) if target else ())
    if platform.cluster is None:
        raise click.UsageError(f"{spec}: it has no layer inside its cluster; add `cluster` to the spec")
    chosen = choose_targets(platform, (target,) if target else ())
    if len(chosen) != 1:
        raise click.UsageError(f"{spec}: got {len(chosen)} targets, expected one; add --target {chosen[0]}")
    known = read_json(outputs, "the document of `pulumi stack output --json`") if outputs else None
    if known is not None and not isinstance(known, Mapping):
        raise click.ClickException(f"{outputs}: got no object, expected the document of `pulumi stack output --json`")
    items = layer_items(layer_context(platform, chosen[0]))
    try:
        files = manifest_files(items, style, cast("Mapping[str, object] | None", known), path)  # pyright: ignore[reportArgumentType]
    except UnknownOutput as unknown:
        raise click.ClickException(
            f"{outputs}: has no output {unknown}; expected those of a stack that was applied with `cluster` in its spec"
        ) from None
    stale = _stale(files, out)
    if check:
        for name in stale:
            click.echo(f"{name}: out of date")
        ctx.exit(STALE if stale else 0)
    _write(files, out)
    click.echo(f"{len(files)} files in {out}")


def _stale(files: Sequence[ManifestFile], out: Path) -> list[str]:
    """Files that differ, are missing, or are left from another spec."""
    wanted = {file.path: file.text for file in files}
    there = {path.relative_to(out).as_posix() for path in _ours(out)}
    different = [name for name, text in wanted.items() if name not in there or (out / name).read_text("utf-8") != text]
    return sorted({*different, *(there - wanted.keys())})


def _write(files: Sequence[ManifestFile], out: Path) -> None:
    from mlplatform.cli.printing.output import write_file

    wanted = {file.path for file in files}
    try:
        for path in _ours(out):
            if path.relative_to(out).as_posix() not in wanted:
                path.unlink()
        for file in files:
            (out / file.path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written: {error.strerror}") from error
    for file in files:
        write_file(out / file.path, file.text)


def _ours(out: Path) -> Iterator[Path]:
    """The files that an earlier run wrote: in folders named as stages, and the list of them."""
    from mlplatform.cluster.items import STAGES

    for number, stage in enumerate(STAGES, start=1):
        yield from sorted((out / f"{number:02}-{stage}").glob("*.yaml"))
    if (out / "stages.yaml").is_file():
        yield out / "stages.yaml"
