"""`mlplatform digest`."""

from __future__ import annotations

import re

import click

MOVED = 1
"""Exit code where the preview is not the expected one."""


@click.command("digest", short_help="Name what a preview would do, and tell whether it still does.")
@click.argument("preview")
@click.option("--expect", metavar="DIGEST", help="Exit with 1 where the preview would do something else.")
@click.pass_context
def command(ctx: click.Context, preview: str, expect: str | None) -> None:
    """Print the digest of PREVIEW, the document of `pulumi preview --json` (`-`: standard input).

    The same changes to the same resources give the same digest, whenever and by whomever they are previewed. So an
    approved digest holds an update to what was approved.

    \b
    Examples:
      pulumi preview --stack prod-aws --refresh --json | mlplatform digest -
      mlplatform digest preview.json --expect "$(cat approved.digest)"
    """
    from mlplatform.cli.sides.documents import read_json
    from mlplatform.plan.digest import NoPreview, digest_preview

    if expect is not None and not re.fullmatch(r"sha256:[0-9a-f]{64}", expect.strip()):
        raise click.UsageError(f"--expect: got '{expect[:80]}', expected `sha256:` and 64 hexadecimal digits")
    try:
        found = digest_preview(read_json(preview, "the document of `pulumi preview --json`"))
    except NoPreview as error:
        raise click.ClickException(f"{preview}: {error}") from error
    click.echo(found)
    if expect is not None and found != expect.strip():
        click.echo(
            f"expected {expect.strip()}: what would be done is not what was reviewed; preview and review it again",
            err=True,
        )
        ctx.exit(MOVED)
