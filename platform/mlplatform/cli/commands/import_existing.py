"""`mlplatform import`: what an account has already, as a file for `pulumi import`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli import options
from mlplatform.components.names import LAYERS, Layer

if TYPE_CHECKING:
    from mlplatform.plan.model import Plan
    from mlplatform.spec.platform import PlatformSpec
    from mlplatform.takeover.identify import Identifier
    from mlplatform.takeover.model import Takeover
    from mlplatform.takeover.survey import Looked


@click.command("import")
@click.argument("spec")
@options.target_option("The target, by its name or by its cloud. Omitted: the only one of the spec.")
@click.option(
    "--id",
    "ids",
    multiple=True,
    metavar="NAME[=ID]",
    help="A resource that exists, by its logical name or URN, with its id; without id, the one that follows from the "
    "spec. May be repeated.",
)
@click.option(
    "--ids",
    "files",
    multiple=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="The same as a mapping of name to id (YAML or JSON), as `--format ids` writes it; may be repeated.",
)
@click.option(
    "--layer",
    type=click.Choice(LAYERS),
    default="cloud",
    show_default=True,
    help="The stack of the cloud's resources, or the one of what is inside its cluster.",
)
@click.option(
    "--live",
    is_flag=True,
    help="Ask the account what is there, or with --layer cluster the cluster, by reading calls, with your login.",
)
@click.option(
    "--context",
    metavar="NAME",
    help="With --layer cluster --live: the context of your kubeconfig with this cluster, which `kubectl` asks.",
)
@click.option(
    "--state",
    metavar="FILE",
    help="The document of `pulumi stack export`: what is in it is left out. Omitted: the stack is empty.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "ids", "pulumi"]),
    default="text",
    show_default=True,
    help="For people, for tools, a list of ids to fill in, the file for `pulumi import --file`.",
)
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context,
    spec: str,
    target: str | None,
    ids: tuple[str, ...],
    files: tuple[Path, ...],
    layer: Layer,
    live: bool,
    context: str | None,
    state: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Take over resources that SPEC describes and the account already has, with `pulumi import`.

    Says of each resource of one stack whether it is taken over, with its id, or will be created. What exists is
    what you name, and with --live what the account or the cluster shows; what nobody says is never taken as
    existing. Ids that follow from the spec (names of buckets, roles, objects in the cluster) are filled in; ids that
    the cloud made up are yours to give. Nothing is changed anywhere.

    \b
    Examples:
      mlplatform import dev --target aws --format ids -o ids.yaml
      mlplatform import dev --target aws --id acme-ml-store-data --id acme-ml-network-vpc=vpc-0123456789abcdef0
      mlplatform import dev --target aws --live
      mlplatform import dev --target aws --ids ids.yaml --format pulumi -o import.json
      mlplatform import dev --target aws --layer cluster --state state.json --ids ids.yaml --format pulumi
      mlplatform import dev --target aws --layer cluster --live --context acme-dev
      pulumi import --file import.json --protect=false --generate-code=false
    """
    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import terminal_style
    from mlplatform.views import takeover as view

    inside = layer == "cluster"
    if inside and live and not context:
        raise click.UsageError(
            "--live: got it with --layer cluster and no --context, expected the context of your kubeconfig with this "
            "cluster: nobody else can say which cluster kubectl reaches; `kubectl config get-contexts` lists them"
        )
    if context and not (inside and live):
        raise click.UsageError("--context: expected it with --layer cluster --live; remove it, or add both")
    options.keep_layer(ctx, layer)
    found = _survey(ctx, spec, target, list(_pairs(ctx, ids, files)), live=live, context=context, state=state)
    if form == "pulumi":
        deliver_document(ctx, _document(found, live=live), output)
        return
    style = terminal_style(ctx, file=output is not None)
    texts = {"json": view.takeover_json, "ids": view.takeover_ids}
    text = texts[form](found) if form in texts else view.takeover_text(found, style, asked=live or inside)
    deliver_document(ctx, text, output)


def _survey(
    ctx: click.Context,
    spec: str,
    target: str | None,
    pairs: list[tuple[str, str, str]],
    *,
    live: bool,
    context: str | None,
    state: str | None,
) -> Takeover:
    from mlplatform import discovery
    from mlplatform.cli.sides.specs import choose_targets, load_spec, record_plan
    from mlplatform.plan.inside import without_charts
    from mlplatform.takeover.given import read_given
    from mlplatform.takeover.identify import Identifier
    from mlplatform.takeover.survey import survey

    named = (target,) if target else ()
    platform = load_spec(ctx, spec, named)
    chosen = choose_targets(platform, named)
    first, *others = chosen
    if others:
        known = ", ".join(chosen)
        raise click.UsageError(f"got a spec with {len(chosen)} targets, expected --target with one of {known}")
    managed = _managed(state) if state else frozenset[str]()
    plan = without_charts(record_plan(platform, first, resolve=True))
    bound = platform.target(first)
    identifier = Identifier(plan, discovery.backend(bound.cloud).account(bound))
    given = read_given(pairs, plan, identifier, managed)
    if given.problems:
        raise click.ClickException("\n".join(given.problems))
    known = {*given.ids, *managed}
    if context:
        looked = _ask_cluster(plan, identifier, known, context)
    else:
        looked = _ask(platform, plan, identifier, known) if live else None
    return survey(plan, identifier, given.ids, looked or {}, managed)


def _ask(platform: PlatformSpec, plan: Plan, identifier: Identifier, known: set[str]) -> Looked:
    from mlplatform.promote.carry_out import json_asker, run_command
    from mlplatform.takeover.look import WrongAccount, look_up, require_account

    ask = json_asker(run_command)
    try:
        require_account(platform, plan.target, ask)
    except WrongAccount as error:
        raise click.ClickException(str(error)) from error
    return look_up(plan, identifier, known, ask)


def _ask_cluster(plan: Plan, identifier: Identifier, known: set[str], context: str) -> Looked:
    from mlplatform.promote.carry_out import run_command
    from mlplatform.takeover.look_inside import NoContext, look_inside, server_of

    try:
        server = server_of(context, run_command)
    except NoContext as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"asking {context}, {server}", err=True)
    return look_inside(plan, identifier, known, context, run_command)


def _pairs(ctx: click.Context, ids: Iterable[str], files: Iterable[Path]) -> Iterator[tuple[str, str, str]]:
    for each in ids:
        name, _, id_ = each.partition("=")
        yield "--id", name.strip(), id_
    if files:
        from mlplatform.cli.printing.terminal import refuse
        from mlplatform.reading.partial import Unacceptable
        from mlplatform.takeover.ids_file import read_ids_file

        for file in files:
            try:
                given = read_ids_file(file)
            except Unacceptable as refused:
                refuse(ctx, refused.problems)
            yield from ((str(file), name, id_) for name, id_ in given.items())


def _managed(state: str) -> frozenset[str]:
    """The URNs in an exported state."""
    from mlplatform.cli.sides.documents import read_json
    from mlplatform.plan.sources.fields import items, mapping

    expected = "the document of `pulumi stack export`"
    document = read_json(state, expected)
    deployment = mapping(mapping(document).get("deployment"))
    if "resources" not in deployment:
        raise click.ClickException(f"{state}: got a document without resources, expected {expected}")
    urns = (mapping(resource).get("urn") for resource in items(deployment.get("resources")))
    return frozenset(urn for urn in urns if isinstance(urn, str))


def _document(found: Takeover, *, live: bool) -> str:
    """The file for `pulumi import`, with a word about the rest on standard error."""
    from mlplatform.takeover.import_file import import_document, made_first
    from mlplatform.views.plan.json import document_text

    taken, unknown = len(found.of("import")), found.of("unknown")
    if not taken:
        said = "the account shows nothing of it" if live else "nobody says what exists"
        raise click.ClickException(f"nothing to take over: {said}; add --live, --id NAME=ID or --ids FILE")
    if first := made_first(found):
        from mlplatform.views.takeover import make_first

        raise click.ClickException(make_first(found, first))
    rest = f"; {len(unknown)} of which nobody can say whether they are there are left out" if unknown else ""
    click.echo(f"{found.stack}: {taken} of {len(found.entries)} resources are taken over{rest}", err=True)
    return document_text(import_document(found))
