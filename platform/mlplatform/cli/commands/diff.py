"""`mlplatform diff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlplatform.views.diff.common import Compared

DIFFERENT = 1
"""Exit code of --exit-code where something differs."""


@click.command("diff", short_help="Show what differs between two specs, revisions, plans or states.")
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--cloud", "clouds", multiple=True, metavar="CLOUD", help="Compare this target only; may be repeated. Omitted: all."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="For people, for tools, for a pull request.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where something differs, as `git diff --exit-code` does.")
@click.pass_context
def command(
    ctx: click.Context,
    base: str,
    head: str | None,
    clouds: tuple[str, ...],
    form: str,
    output: Path | None,
    exit_code: bool,
) -> None:
    """Compare BASE, what there is, with HEAD, what there would be: deletions and replacements first.

    Each is a spec file or a stack's name, a file that `pulumi preview --json`, `pulumi stack export` or
    `mlplatform plan --format json` wrote, `-` for one of these on standard input, or REVISION:STACK for a git
    revision, which is read without touching your files. Two revisions are written as git does, with the stack behind
    them. A preview alone is compared with what it says is there. Needs no account. Exits with 0, and with 2 where an
    input is refused.

    \b
    Examples:
      mlplatform diff main..HEAD prod
      mlplatform diff HEAD:prod prod --cloud aws
      mlplatform diff preview.json --format markdown
      pulumi stack export | mlplatform diff - prod
    """
    from mlplatform.cli.sides.inputs import read_pair
    from mlplatform.views.diff.common import Compared

    pair = read_pair(ctx, base, head, tuple(dict.fromkeys(clouds)))
    compared = Compared(pair.base.label, pair.head.label, pair.diffs(exact=True), pair.head.unlisted)
    text = _document(ctx, compared, form, to_file=output is not None)
    if output is None:
        click.echo(text, nl=False, color=ctx.color)
    else:
        from mlplatform.cli.printing.output import write

        write(output, text)
    if exit_code and any(diff.changes for diff in compared.diffs):
        ctx.exit(DIFFERENT)


def _document(ctx: click.Context, compared: Compared, form: str, *, to_file: bool) -> str:
    if form == "json":
        from mlplatform.views.diff import json as diff_json

        return diff_json.document(compared)
    if form == "markdown":
        from mlplatform.views.diff import markdown as diff_markdown

        return diff_markdown.document(compared)
    from mlplatform.cli.printing.terminal import terminal
    from mlplatform.views.diff import text as diff_text

    return diff_text.document(compared, terminal(ctx, file=to_file))
