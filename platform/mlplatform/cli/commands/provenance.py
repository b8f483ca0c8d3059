"""`mlplatform provenance`."""

from __future__ import annotations

import click


@click.command("provenance")
@click.argument("spec")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "id", "json"]),
    default="text",
    show_default=True,
    help="For people, the version's id alone, for tools.",
)
@click.pass_context
def command(ctx: click.Context, spec: str, form: str) -> None:
    """Print the version of SPEC: its commit, or the digest of its content.

    The digest is used where there is no Git, and where files differ from the commit. The same spec has the
    same digest, whatever file it is written in.

    \b
    Examples:
      mlplatform provenance prod
      pulumi up --message "$(mlplatform provenance prod --format id)"
    """
    from mlplatform.cli.sides.specs import load_spec, provenance_of

    version = provenance_of(load_spec(ctx, spec), spec)
    if form == "json":
        import json

        body = {"id": version.id, "commit": version.commit, "branch": version.branch, "dirty": version.dirty}
        click.echo(json.dumps({**body, "spec": version.digest}, indent=2))
    else:
        click.echo(version.id if form == "id" else version.text)
