"""`mlplatform rehearse`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("rehearse", short_help="Play a stack's whole life on Pulumi's engine, without an account.")
@click.argument("spec")
@click.option(
    "--cloud",
    "clouds",
    multiple=True,
    metavar="CLOUD",
    help="Rehearse this target only; may be repeated. Omitted: every target of the spec.",
)
@click.option(
    "--change",
    "changes",
    multiple=True,
    metavar="NAME|FILE",
    help="Play this change only: tag, nodes, model, rollback, alarm, variant, autoscaled, pool, endpoint, none, or the "
    "spec to change to; may be repeated. Omitted: all that have a name.",
)
@click.option("--faults", type=click.IntRange(0, 1000), default=0, help="Inject so many faults, a run each.")
@click.option("--seed", type=int, default=0, show_default=True, help="Decides which faults.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="For people, for tools, for CI systems that read JUnit's XML.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the document to this file, whole or not at all. Omitted: standard output.",
)
@click.option("--keep", is_flag=True, help="Leave the throwaway folder with state, logs and events where it is.")
@click.pass_context
def command(
    ctx: click.Context,
    spec: str,
    clouds: tuple[str, ...],
    changes: tuple[str, ...],
    faults: int,
    seed: int,
    form: str,
    output: Path | None,
    keep: bool,
) -> None:
    """Make, change and destroy the platform of SPEC with the real `pulumi` against a mock cloud.

    The engine runs in a throwaway folder, with a state, a home and a passphrase of its own; your stacks,
    credentials and network are out of its sight. Exits with 0 where every phase showed what it must, with 1 where
    one did not, with 2 where the spec is refused or no `pulumi` is on PATH.

    \b
    Examples:
      mlplatform rehearse dev --cloud aws
      mlplatform rehearse prod --cloud gcp --change stacks/next.py --keep
      mlplatform rehearse staging --faults 10 --seed 7 --format junit -o rehearsal.xml
    """
    from mlplatform.cli.commands.rehearsing import rehearsals

    found = rehearsals(
        ctx, spec, tuple(dict.fromkeys(clouds)), changes, faults=faults, seed=seed, keep=keep, form=form, output=output
    )
    if not all(rehearsal.ok for rehearsal in found):
        ctx.exit(1)
