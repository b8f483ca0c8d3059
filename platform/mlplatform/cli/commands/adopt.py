"""`mlplatform adopt`: from another tool's outputs to the part of a spec that uses them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.components.adoption import Given
    from mlplatform.neighbours.terraform import TerraformState

_SpecPart = Mapping[str, Mapping[str, object]]


@click.command("adopt")
@click.argument("source")
@click.option("--cloud", required=True, metavar="CLOUD", help="The resources' cloud.")
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="FIELD=OUTPUT|ADDRESS",
    help="The output of a field (`name`, `name.key`, `name[0]`), or the address of a resource in the state; "
    "repeatable. Omitted: the output with a usual name, or the only resource that fits.",
)
@click.option(
    "--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True, help="Output format."
)
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context, source: str, cloud: str, pairs: tuple[str, ...], form: str, output: Path | None
) -> None:
    """Print the part of a spec that uses resources of Terraform or OpenTofu, read from SOURCE.

    SOURCE is a state file, or the document of `terraform show -json` or `terraform output -json` (`-`: standard input).
    An output with a usual name comes first; what no output has is looked for among the resources of the state. What is
    sensitive is never read. What was found and not used is said, with the reason. Copy `target` into the spec's target;
    `existing` beside it is for the component library.

    \b
    Examples:
      terraform output -json | mlplatform adopt - --cloud aws
      mlplatform adopt terraform.tfstate --cloud gcp --map network.subnet=subnets_names[0]
      mlplatform adopt terraform.tfstate --cloud aws --map network.vpc_id=module.vpc.aws_vpc.this[0]
      mlplatform adopt outputs.json --cloud azure --map network.node_subnet_ids=subnets.nodes -o network.yaml
    """
    from mlplatform.cli.printing.output import deliver_document

    deliver_document(ctx, _adopt(source, cloud, pairs, form), output)


def _adopt(source: str, cloud: str, pairs: Sequence[str], form: str) -> str:
    """The document; every problem is reported at once."""
    from mlplatform import discovery
    from mlplatform.cli.sides.documents import read_json
    from mlplatform.components.adoption import Given
    from mlplatform.neighbours.terraform import NoTerraform, read_terraform
    from mlplatform.views.escape import one_line

    if cloud not in discovery.clouds():
        raise click.UsageError(f"--cloud: got '{cloud[:40]}', expected one of {', '.join(discovery.clouds())}")
    try:
        outputs = read_terraform(
            read_json(
                source, "a Terraform state, or the document of `terraform show -json` or `terraform output -json`"
            )
        )
    except NoTerraform as error:
        raise click.ClickException(f"{source}: {error}") from error
    given = Given(outputs.values, _chosen(pairs), outputs.sensitive, outputs.resources)
    part = _build(cloud, given)
    _refuse_problems(source, given, part, outputs)
    filled = {name: fields for name, fields in part.items() if fields}
    origin = ", ".join(f"{field} from {output}" for field, output in given.used.items())
    if form == "json":
        import json

        click.echo("".join(f"{one_line(note)}\n" for note in given.notes), err=True, nl=False)
        return json.dumps(filled, indent=2) + "\n"
    import yaml

    notes = "".join(f"# {one_line(note)}\n" for note in given.notes)
    return f"# {origin}\n{notes}" + yaml.safe_dump(filled, sort_keys=False, width=10_000)


def _chosen(pairs: Sequence[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for pair in pairs:
        field, equals, output = pair.partition("=")
        if not (field and equals and output):
            raise click.UsageError(f"--map: got '{pair[:80]}', expected FIELD=OUTPUT")
        if field in chosen:
            raise click.UsageError(f"--map: got '{field[:80]}' twice, expected each field once")
        chosen[field] = output
    return chosen


def _build(cloud: str, given: Given) -> _SpecPart:
    from mlplatform import discovery
    from mlplatform.components.adoption import PicksAdopted

    backend = discovery.backend(cloud)
    try:
        build = backend.load(PicksAdopted)
    except NotImplementedError:
        raise click.ClickException(f"{backend.title}: its package cannot adopt outputs of other tools") from None
    return build(given)


def _refuse_problems(source: str, given: Given, part: _SpecPart, outputs: TerraformState) -> None:
    problems = list(dict.fromkeys(given.problems))
    problems += [
        f"--map: got the field '{field[:80]}', expected one of {', '.join(given.fields)}" for field in given.unknown()
    ]
    if not problems and not any(part.values()):
        sensitive = f"; sensitive and not read: {', '.join(outputs.sensitive)}" if outputs.sensitive else ""
        names = f"none of the outputs {', '.join(outputs.values)} is" if outputs.values else "no output is"
        if outputs.resources:
            names = f"nothing of {len(outputs.resources)} resources and {len(outputs.values)} outputs is"
        notes = "".join(f"; {note}" for note in given.notes)
        problems.append(
            f"{names} recognised{sensitive}{notes}; map them with --map FIELD=OUTPUT, fields are "
            + ", ".join(given.fields)
        )
    if problems:
        raise click.ClickException("\n".join(f"{source}: {problem}" for problem in problems))
