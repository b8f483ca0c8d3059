"""`mlplatform plan`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("plan", short_help="Show what would be made, without an account or credentials.")
@click.argument("spec")
@click.option(
    "--cloud",
    "clouds",
    multiple=True,
    metavar="CLOUD",
    help="Plan this target only; may be repeated. Omitted: every target of the spec.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="For people, for tools (one cloud, the shape of `pulumi preview --json`), for a pull request.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the document to this file, whole or not at all. Omitted: standard output.",
)
@click.option("--resolve", is_flag=True, help="Realistic values where only the cloud knows them, instead of 'unknown'.")
@click.pass_context
def command(
    ctx: click.Context, spec: str, clouds: tuple[str, ...], form: str, output: Path | None, resolve: bool
) -> None:
    """Run the program of SPEC against strict mocked providers and show what it would make.

    No account, no credentials and no Pulumi CLI are needed, and nothing is created. The same spec gives the
    same bytes. Exits with 0 where there is a plan, with 2 where the spec or a provider refuses something.

    \b
    Examples:
      mlplatform plan prod
      mlplatform plan stacks/prod.py --cloud aws --cloud gcp --format markdown
      mlplatform plan prod --cloud azure --format json --resolve -o plan.json
    """
    from mlplatform.cli.sides.specs import plan

    text = plan(ctx, spec, tuple(dict.fromkeys(clouds)), form, resolve=resolve, to_file=output is not None)
    if output is None:
        click.echo(text, nl=False, color=ctx.color)
    else:
        from mlplatform.cli.printing.output import write

        write(output, text)
