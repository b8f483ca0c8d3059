"""`mlplatform adopt`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("adopt", short_help="Take over networks, buckets and keys that Terraform made.")
@click.argument("source")
@click.option("--cloud", required=True, metavar="CLOUD", help="The cloud they are on.")
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="FIELD=OUTPUT",
    help="Which output a field is (`name`, `name.key`, `name[0]`); repeatable. Omitted: by its usual names.",
)
@click.option(
    "--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True, help="What is written."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the document to this file, whole or not at all. Omitted: standard output.",
)
@click.pass_context
def command(
    ctx: click.Context, source: str, cloud: str, pairs: tuple[str, ...], form: str, output: Path | None
) -> None:
    """Print the part of a spec that uses what Terraform or OpenTofu made, read from the outputs of SOURCE.

    SOURCE is a state file, or the document of `terraform output -json` (`-`: standard input). Only outputs are read,
    sensitive ones never. `target` belongs into the spec's target, `existing` is what the component library takes.

    \b
    Examples:
      terraform output -json | mlplatform adopt - --cloud aws
      mlplatform adopt terraform.tfstate --cloud gcp --map network.subnet=subnets_names[0]
      mlplatform adopt outputs.json --cloud azure --map network.node_subnet_ids=subnets.nodes -o network.yaml
    """
    from mlplatform.cli.commands.adopting import adopt

    text = adopt(source, cloud, pairs, form)
    if output is None:
        click.echo(text, nl=False, color=ctx.color)
    else:
        from mlplatform.cli.printing.output import write

        write(output, text)
