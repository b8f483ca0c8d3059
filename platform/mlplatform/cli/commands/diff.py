"""`mlplatform diff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.views.diff.common import Compared

DIFFERENT = 1
"""Exit code of --exit-code where something differs."""


@click.command("diff")
@click.argument("base")
@click.argument("head", required=False)
@options.target_options
@options.LAYER
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="For people, for tools, for a pull request.",
)
@options.OUTPUT
@click.option("--exit-code", is_flag=True, help="Exit with 1 where something differs, as `git diff --exit-code` does.")
@click.pass_context
def command(
    ctx: click.Context,
    base: str,
    head: str | None,
    targets: tuple[str, ...],
    form: str,
    output: Path | None,
    exit_code: bool,
) -> None:
    """Compare BASE, the platform as it is, with HEAD, as it would become: deletions and replacements first.

    Each is a spec file or a stack's name; a file of `pulumi preview --json`, `pulumi stack export` or
    `mlplatform plan --format json`; `-` for one of these on standard input; or REVISION:STACK for a git
    revision, which is read without touching your files. Two revisions are written as in git, followed by the stack.
    A preview alone is compared with the deployed state that it contains. Needs no account. Exits with 0, or with 2
    where an input is refused.

    \b
    Examples:
      mlplatform diff main..HEAD prod
      mlplatform diff HEAD:prod prod --target aws
      mlplatform diff preview.json --format markdown
      pulumi stack export | mlplatform diff - prod
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.sides.pairs import read_pair
    from mlplatform.plan.spec_diff import MAX_PLANNED
    from mlplatform.views.diff.common import Compared

    pair = read_pair(ctx, base, head, targets)
    compared = Compared(pair.base.label, pair.head.label, pair.diffs(exact=MAX_PLANNED), pair.head.unlisted)
    deliver_document(ctx, _document(ctx, compared, form, to_file=output is not None), output)
    if exit_code and any(diff.changes for diff in compared.diffs):
        ctx.exit(DIFFERENT)


def _document(ctx: click.Context, compared: Compared, form: str, *, to_file: bool) -> str:
    if form == "json":
        from mlplatform.views.diff import json

        return json.document(compared)
    if form == "markdown":
        from mlplatform.views.diff import markdown

        return markdown.document(compared)
    from mlplatform.cli.printing.terminal import terminal_style
    from mlplatform.views.diff import text

    return text.document(compared, terminal_style(ctx, file=to_file))
