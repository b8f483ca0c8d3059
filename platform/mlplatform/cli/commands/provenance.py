"""`mlplatform provenance`."""

from __future__ import annotations

import click


@click.command("provenance", short_help="Tell which version of a spec this is.")
@click.argument("spec")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "id", "json"]),
    default="text",
    show_default=True,
    help="For people, the one name of the version, for tools.",
)
@click.pass_context
def command(ctx: click.Context, spec: str, form: str) -> None:
    """Tell which version of SPEC this is: the commit, or the digest of what the spec says.

    The digest stands in where there is no Git, and where files differ from the commit. The same spec has the
    same digest, whatever file it is written in.

    \b
    Examples:
      mlplatform provenance prod
      pulumi up --message "$(mlplatform provenance prod --format id)"
    """
    from mlplatform.cli.sides.specs import load_spec
    from mlplatform.provenance import provenance
    from mlplatform.reading.file import find_spec_file

    platform = load_spec(ctx, spec)
    found = provenance(platform, find_spec_file(spec).resolve().parent)
    if form == "json":
        import json

        shown = {"id": found.id, "commit": found.commit, "branch": found.branch, "dirty": found.dirty}
        click.echo(json.dumps({**shown, "spec": found.digest}, indent=2))
    else:
        click.echo(found.id if form == "id" else found.text)
