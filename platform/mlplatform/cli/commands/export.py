"""`mlplatform export`."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from mlplatform.cli import options
from mlplatform.render.outputs.formats import FORMATS


@click.group("export")
def command() -> None:
    """Write a stack's outputs for other tools.

    \b
    Examples:
      pulumi stack output --json | mlplatform export outputs - --format tfvars -o platform.auto.tfvars
      mlplatform export outputs prod --target aws --format yaml
    """


@command.command("outputs", short_help="A stack's outputs as variables, data or an inventory.")
@click.argument("source")
@click.option("--format", "form", type=click.Choice(FORMATS), default="json", show_default=True, help="Output format.")
@options.target_option("SOURCE is a spec: export example outputs of this target, to try it out.")
@click.option("--show-secrets", is_flag=True, help="Keep secrets that SOURCE contains in plain text.")
@options.OUTPUT
@click.pass_context
def outputs(
    ctx: click.Context, source: str, form: str, target: str | None, show_secrets: bool, output: Path | None
) -> None:
    """Write the outputs of SOURCE: the document of `pulumi stack output --json` (`-`: standard input), or with
    --target a spec.

    Names are changed to what the other tool accepts, and stay unique. Secrets are left out, and their names listed.

    \b
    Examples:
      pulumi stack output --json > outputs.json
      mlplatform export outputs outputs.json --format ansible-inventory -o inventory.yaml
      mlplatform export outputs outputs.json --format dotenv -o outputs.env
      mlplatform export outputs stacks/prod.py --target gcp --format tfvars
    """
    from mlplatform.render.outputs.formats import Format, format_outputs
    from mlplatform.render.outputs.values import NoOutputs, read_outputs

    try:
        stack_outputs = read_outputs(_document(ctx, source, target), show_secrets=show_secrets)
    except NoOutputs as error:
        raise click.ClickException(f"{source}: {error}") from error
    text = format_outputs(stack_outputs.values, cast("Format", form))
    if output is None:
        click.echo(text, nl=False, color=False)
    else:
        from mlplatform.cli.printing.output import write_file

        write_file(output, text)
    if stack_outputs.left_out:
        click.echo(f"left out, because secret or not known yet: {', '.join(stack_outputs.left_out)}", err=True)


def _document(ctx: click.Context, source: str, target: str | None) -> object:
    if target is None:
        if source != "-" and not Path(source).is_file():
            fix = "write `pulumi stack output --json` to a file, or name a spec's target with --target"
            raise click.ClickException(f"{source}: no such file; {fix}")
        from mlplatform.cli.sides.documents import read_json

        return read_json(source, "the document of `pulumi stack output --json`")
    from mlplatform.cli.sides.specs import choose_targets, load_spec, record_plan

    spec = load_spec(ctx, source, (target,))
    [chosen] = choose_targets(spec, (target,))
    return dict(record_plan(spec, chosen, resolve=True).outputs)
