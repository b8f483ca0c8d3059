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
@click.option("--record", is_flag=True, help="The schema of a record of releases instead of a spec's.")
def command(form: str, record: bool) -> None:
    """Print the JSON Schema of a spec, with every field's documentation.

    \b
    Examples:
      mlplatform schema > mlplatform.schema.json
      mlplatform schema --record > mlplatform.record.schema.json
      # first line of a YAML spec, for editors with a YAML language server:
      # yaml-language-server: $schema=mlplatform.schema.json
    """
    from mlplatform.views.plan import json
    from mlplatform.views.spec import reference, schema

    if record and form != "json":
        raise click.UsageError("--record: got --format markdown, expected json; omit --format")
    if record:
        click.echo(json.document_text(schema.record_document()), nl=False)
        return
    click.echo(json.document_text(schema.document()) if form == "json" else reference.document(), nl=False)
