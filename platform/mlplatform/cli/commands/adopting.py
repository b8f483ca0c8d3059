"""From another tool's outputs to the part of a spec that uses them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import cast

import click

from mlplatform import discovery
from mlplatform.cli.sides.documents import read_json
from mlplatform.components.adoption import Given
from mlplatform.neighbours.terraform import NoTerraform, TerraformOutputs, read_outputs

Part = Mapping[str, Mapping[str, object]]


def adopt(source: str, cloud: str, pairs: Sequence[str], form: str) -> str:
    """The document that `mlplatform adopt` prints.

    Args:
        source: a file, or `-`.
        cloud: whose resources they are.
        pairs: `field=output`, as a person chose.
        form: yaml or json.

    Raises:
        click.ClickException: the document, the choice or an output is refused; every problem is told at once.
    """
    if cloud not in discovery.clouds():
        raise click.UsageError(f"--cloud: got '{cloud[:40]}', expected one of {', '.join(discovery.clouds())}")
    try:
        found = read_outputs(read_json(source, "a Terraform state, or the document of `terraform output -json`"))
    except NoTerraform as error:
        raise click.ClickException(f"{source}: {error}") from error
    given = Given(found.values, _chosen(pairs), found.sensitive)
    part = _part(cloud, given)
    _settle(source, given, part, found)
    kept = {name: fields for name, fields in part.items() if fields}
    origin = ", ".join(f"{field} from {output}" for field, output in given.used.items())
    if form == "json":
        return json.dumps(kept, indent=2) + "\n"
    import yaml

    return f"# {origin}\n" + yaml.safe_dump(kept, sort_keys=False, width=10_000)


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


def _part(cloud: str, given: Given) -> Part:
    backend = discovery.backend(cloud)
    try:
        build = backend.load("adoption")
    except ModuleNotFoundError as error:
        if error.name != f"{backend.package}.adoption":
            raise
        raise click.ClickException(f"{backend.title}: its package adopts nothing from other tools") from None
    return cast("Part", build(given))


def _settle(source: str, given: Given, part: Part, found: TerraformOutputs) -> None:
    problems = list(dict.fromkeys(given.problems))
    problems += [
        f"--map: got the field '{field[:80]}', expected one of {', '.join(given.fields)}" for field in given.unknown()
    ]
    if not problems and not any(part.values()):
        kept_back = f"; sensitive and not read: {', '.join(found.sensitive)}" if found.sensitive else ""
        problems.append(
            f"nothing is recognised among the outputs {', '.join(found.values) or 'there'}{kept_back}; "
            f"say what they are with --map FIELD=OUTPUT, fields are {', '.join(given.fields)}"
        )
    if problems:
        raise click.ClickException("\n".join(f"{source}: {problem}" for problem in problems))
