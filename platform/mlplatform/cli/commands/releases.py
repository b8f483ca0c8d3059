"""`mlplatform releases`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.post.proposal import Host
    from mlplatform.promote.registered import ReadsRegistry
    from mlplatform.promote.standing import Standing
    from mlplatform.spec.platform import PlatformSpec

DISAGREE = 1
"""Exit code where a release does not stand as the record says."""


@click.command("releases")
@click.argument("spec", metavar="SPEC")
@click.option("--target", "targets", multiple=True, metavar="NAME", help="Only this target; may be repeated.")
@click.option(
    "--wait",
    type=click.IntRange(0, 720),
    default=0,
    metavar="MINUTES",
    help="Ask again every minute while a rollout is under way. Omitted: ask once.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["any", "taken-back"]),
    default="any",
    show_default=True,
    help="What makes it exit with 1: anything that does not serve as the record says, or only what was taken back.",
)
@click.option(
    "--propose",
    type=click.Choice(["github", "gitlab"]),
    help="In a job of this system: open a pull request that takes back in the record what was taken back.",
)
@click.option("--base", metavar="BRANCH", default="main", show_default=True, help="The branch of that pull request.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context,
    spec: str,
    targets: tuple[str, ...],
    wait: int,
    fail_on: str,
    propose: Host | None,
    base: str,
    form: str,
    output: Path | None,
) -> None:
    """Hold the record of releases, the store, the model registry and the live traffic against each other.

    Asks each target with the cloud's own command line (aws, gcloud, az; kubectl for endpoints on the cluster) and your
    rights, and changes nothing there. A release serves, or it is moving, taken back, not deployed yet, its files are
    missing, it is not registered, or nobody can say. The model registry is the MLflow server that MLFLOW_TRACKING_URI
    names; without that variable it is not asked. Exits with 0, with 1 where something stands otherwise than the record
    says, with 2 where the spec or the record is refused.

    \b
    Examples:
      mlplatform releases prod
      mlplatform releases prod --target aws --wait 120 --format json
      mlplatform releases prod --fail-on taken-back
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import refuse, terminal_style
    from mlplatform.reading.load import load
    from mlplatform.spec.problem import Problem
    from mlplatform.views.standing import standings_json, standings_text

    loaded = load(spec)
    if loaded.spec is None or loaded.problems:
        refuse(ctx, loaded.problems)
    platform = loaded.spec
    known = [target.name for target in platform.targets]
    if wrong := [name for name in targets if name not in known]:
        expected = f"one of the spec's targets: {', '.join(known)}"
        refuse(ctx, [Problem("--target", wrong[0], expected, "use one of these names")])
    found = _ask(platform, [name for name in known if not targets or name in targets], wait, _registry(platform))
    style = terminal_style(ctx, file=output is not None)
    deliver_document(ctx, standings_json(found) if form == "json" else standings_text(found, style), output)
    if propose:
        _propose(platform, found, propose, base, Path(loaded.file))
    if any(each.word == "taken back" or (fail_on == "any" and each.word != "serves") for each in found):
        ctx.exit(DISAGREE)


def _registry(platform: PlatformSpec) -> ReadsRegistry | None:
    """The model registry, where a release names a version in it, and a variable the server."""
    import os

    from mlplatform.components.live_traffic import NotAnswered
    from mlplatform.promote.registered import SERVER, registry_from

    places = platform.record.targets.values() if platform.record else ()
    releases = (each for endpoints in places for variants in endpoints.values() for each in variants.values())
    if not any(each.registry for each in releases):
        return None
    try:
        found = registry_from(os.environ)
    except NotAnswered as error:
        click.echo(str(error), err=True)
        return None
    if found is None:
        how = "run what `mlplatform render tracking` writes"
        click.echo(f"the model registry is not asked: {SERVER} names no server; {how}", err=True)
    return found


def _ask(platform: PlatformSpec, targets: list[str], minutes: int, registry: ReadsRegistry | None) -> list[Standing]:
    import time

    from mlplatform.promote.standing import standings

    while True:
        found = [standing for name in targets for standing in standings(platform.on(name), registry=registry)]
        if minutes <= 0 or not any(each.word == "moving" for each in found):
            return found
        click.echo("a rollout is under way; asked again in a minute", err=True)
        time.sleep(60)
        minutes -= 1


def _propose(platform: PlatformSpec, found: list[Standing], host: Host, base: str, file: Path) -> None:
    """Open a pull request with the record that returns what was taken back."""
    import os

    from mlplatform.post.http import ApiRefused
    from mlplatform.post.proposal import Proposal, propose
    from mlplatform.post.request import MissingEnvironment
    from mlplatform.promote.taken_back import reverted
    from mlplatform.provenance import git
    from mlplatform.reading.record_file import record_file, record_text

    change = reverted(platform, found)
    if change is None:
        return
    for problem in change.problems:
        click.echo(f"{problem.path}: {problem.got}; {problem.fix}", err=True)
    if not change.reverted:
        return
    record = record_file(file, platform)
    folder = git(record.parent, "rev-parse", "--show-prefix") or ""
    proposal = Proposal(
        branch=change.branch,
        base=base,
        path=f"{folder}{record.name}",
        text=record_text(change.record),
        title=change.title,
        body=change.body,
    )
    try:
        address = propose(host, proposal, os.environ)
    except (ApiRefused, MissingEnvironment) as refused:
        instead = "commit what `mlplatform promote --back` writes"
        click.echo(f"no pull request could be opened: {refused}; {instead}", err=True)
        return
    click.echo(f"pull request: {address}" if address else f"{change.branch}: proposed before", err=True)
