"""`mlplatform render dashboards`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.spec.platform import PlatformSpec


@click.command("dashboards", short_help="Dashboards of Grafana.")
@click.argument("spec")
@options.target_option("The target, by its name or by its cloud. Needed where the spec has several.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder. What this command wrote before is written over, or removed where it has no panel now.",
)
@click.pass_context
def dashboards(ctx: click.Context, spec: str, target: str | None, out: Path) -> None:
    """Write the dashboards of SPEC for Grafana: system, GPUs, queues, endpoints, models, drift and cost.

    Needs `mlplatform[dashboards]`, and no account. A dashboard without a panel is left out. `mlplatform dashboards
    apply` puts them into the platform's own Grafana; these files are for another one. Exits with 2 where the target has
    no dashboard.

    \b
    Examples:
      mlplatform render dashboards prod --target aws --out dashboards
    """
    from mlplatform.cli.printing.output import write_file
    from mlplatform.components.boards import BOARDS

    _, files = written_dashboards(ctx, spec, target)
    there = [out / f"{board}.json" for board in BOARDS if (out / f"{board}.json").exists()]
    for path in there:
        if not _is_ours(path):
            raise click.ClickException(
                f"{path}: got a file that this command did not write; choose another folder with --out, or remove it"
            )
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path in there:
            if path.name not in files:
                path.unlink()
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written: {error.strerror}") from error
    for name, content in files.items():
        write_file(out / name, content)
        click.echo(f"wrote {out / name}")


def _is_ours(path: Path) -> bool:
    """Whether a file is a dashboard of this program: its tags say so."""
    from mlplatform.json_text import NotJson, parse_json
    from mlplatform.plan.sources.fields import items, mapping

    try:
        return "mlplatform" in items(mapping(parse_json(path.read_text("utf-8"))).get("tags"))
    except (OSError, UnicodeDecodeError, NotJson):
        return False


def written_dashboards(ctx: click.Context, spec: str, target: str | None) -> tuple[PlatformSpec, Mapping[str, str]]:
    """The spec, narrowed to its target, and the dashboards by the names of their files.

    Args:
        ctx: of the command; a refused spec ends it with 2.
        spec: a file or a stack's name.
        target: name of the target. Omitted: the only one.

    Raises:
        click.ClickException: Grafana's library is not installed.
    """
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.cli.sides.specs import choose_targets, load_spec
    from mlplatform.spec.problem import Problem

    platform = load_spec(ctx, spec, (target,) if target else ())
    chosen, *others = choose_targets(platform, (target,) if target else ())
    if others:
        raise click.UsageError(f"{spec}: got {len(others) + 1} targets, expected one; add --target {chosen}")
    try:
        from mlplatform.render.dashboards.grafana import dashboard_files
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"dashboards need {(error.name or '').split('.')[0]}, which is not installed: install mlplatform with its "
            "extra `dashboards`"
        ) from error
    from mlplatform.render.dashboards.boards import boards_of

    found = boards_of(platform, chosen)
    if not found.boards:
        expected = "a training cluster, an endpoint or a monitor, whose figures can be shown"
        refuse(ctx, [Problem("monitoring", "nothing that is measured", expected, "add `training` or `endpoints`")])
    narrowed = platform.on(chosen)
    return narrowed, dashboard_files(narrowed, found)
