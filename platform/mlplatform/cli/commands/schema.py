"""`mlplatform schema`."""

from __future__ import annotations

import click


@click.command("schema")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "markdown"]),
    default="json",
    show_default=True,
    help="JSON Schema 2020-12, or the reference of all fields.",
)
def command(form: str) -> None:
    """Print the JSON Schema of a spec, with every field's documentation.

    \b
    Examples:
      mlplatform schema > mlplatform.schema.json
      # first line of a YAML spec, for editors with a YAML language server:
      # yaml-language-server: $schema=mlplatform.schema.json
    """
    from mlplatform.views.plan import json
    from mlplatform.views.spec import reference, schema

    click.echo(json.document_text(schema.document()) if form == "json" else reference.document(), nl=False)
