"""`mlplatform digest`."""

from __future__ import annotations

import re

import click

MOVED = 1
"""Exit code where the preview is not the expected one."""


@click.command("digest")
@click.argument("previews", nargs=-1, required=True, metavar="PREVIEW...")
@click.option("--expect", metavar="DIGEST", help="Exit with 1 where the preview has another digest.")
@click.pass_context
def command(ctx: click.Context, previews: tuple[str, ...], expect: str | None) -> None:
    """Print the digest of PREVIEW, the document of `pulumi preview --json` (`-`: standard input).

    Several documents, of stacks that are applied one after the other, have one digest together. An offline plan
    (`mlplatform plan --format json`) is such a document too.

    The same changes to the same resources give the same digest, on any machine and at any time. So an approved
    digest guarantees that an update does what was approved.

    \b
    Examples:
      pulumi preview --stack prod-aws --refresh --json | mlplatform digest -
      mlplatform digest preview.json --expect "$(cat approved.digest)"
    """
    from mlplatform.cli.sides.documents import read_json
    from mlplatform.plan.digest import NoPreview, digest_preview, join_digests

    expected = expect.strip() if expect is not None else None
    if expected is not None and not re.fullmatch(r"sha256:[0-9a-f]{64}", expected):
        raise click.UsageError(f"--expect: got '{(expect or '')[:80]}', expected `sha256:` and 64 hexadecimal digits")
    digests: list[str] = []
    for preview in previews:
        try:
            digests.append(digest_preview(read_json(preview, "the document of `pulumi preview --json`")))
        except NoPreview as error:
            raise click.ClickException(f"{preview}: {error}") from error
    actual = join_digests(digests)
    click.echo(actual)
    if expected is not None and actual != expected:
        click.echo(f"expected {expected}: the changes are not those reviewed; preview and review them again", err=True)
        ctx.exit(MOVED)
