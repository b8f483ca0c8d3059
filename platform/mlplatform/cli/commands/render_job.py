"""`mlplatform render job`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.cluster.jobs.request import JobKind, JobPriority

KINDS = ("torch", "tensorflow", "ray", "sweep", "jobset")
PRIORITIES = ("low", "normal", "high")


@click.command("job", short_help="A job for one of the pools.")
@click.argument("name")
@click.argument("spec")
@click.argument("command", nargs=-1, required=True, metavar="-- COMMAND...")
@options.target_option("The target, by its name or by its cloud. Needed where the spec has several.")
@click.option("--team", help="The team whose namespace, queue and identity it uses. Omitted: the platform's own.")
@click.option("--pool", required=True, help="The pool that it runs on, with GPUs or without.")
@click.option("--image", required=True, help="Its image, with a tag or a digest.")
@click.option(
    "--kind", type=click.Choice(KINDS), default="torch", show_default=True, help="The engine, which decides the object."
)
@click.option("--nodes", type=int, default=1, show_default=True, help="Nodes; of a sweep, trials at the same time.")
@click.option(
    "--devices", type=int, help="Devices of each node. Omitted: all of a node; one of shared GPUs; none of a CPU pool."
)
@click.option(
    "--head-pool",
    help="CPU pool of Ray's head. Omitted: the first on demand that has room, else the cluster's own nodes.",
)
@click.option("--trials", type=int, help="Trials of a sweep. Omitted: as many as --nodes.")
@click.option(
    "--max-hours",
    type=int,
    default=168,
    show_default=True,
    help="Hours of running, over all attempts and without waiting, after which it is stopped.",
)
@click.option(
    "--priority", type=click.Choice(PRIORITIES), default="normal", show_default=True, help="Its place in the queue."
)
@click.option("--fabric", is_flag=True, help="Refuse a pool without the fast fabric.")
@click.option(
    "--mount",
    "mounts",
    multiple=True,
    metavar="PLACE[:ro]",
    help="A place of cluster.mounts, or `shared`, the target's file system, as the folder /mnt/PLACE; `:ro` to read "
    "only. Repeatable.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file. Omitted: it is printed.")
@click.pass_context
def job(
    ctx: click.Context,
    name: str,
    spec: str,
    command: tuple[str, ...],
    target: str | None,
    team: str | None,
    pool: str,
    image: str,
    kind: str,
    nodes: int,
    devices: int | None,
    head_pool: str | None,
    trials: int | None,
    max_hours: int,
    priority: str,
    fabric: bool,
    mounts: tuple[str, ...],
    out: Path | None,
) -> None:
    """Write the job NAME, which runs COMMAND on a pool of SPEC, as YAML for `kubectl create -f`.

    It has what its pool needs: devices, the fabric's interfaces and settings, shared memory, the identity of training,
    time to save before an interruption, a place in the queue, and a limit of time. CHECKPOINT_DIR is its folder for
    checkpoints. Needs no account and no cluster. A job that could never run there is refused.

    \b
    Examples:
      mlplatform render job llm prod --target aws --pool pretrain --nodes 4 --image IMAGE -- torchrun train.py
      mlplatform render job prep prod --target azure --pool general --kind sweep --image IMAGE -- python prep.py
      mlplatform render job tune prod --target gcp --pool batch --kind sweep --trials 20 --image IMAGE -- python tune.py
    """
    from mlplatform.cli.printing.output import write_file
    from mlplatform.cli.sides.specs import choose_targets, load_spec
    from mlplatform.cluster.content import layer_context
    from mlplatform.cluster.jobs.kinds import job_objects
    from mlplatform.cluster.jobs.problems import job_problems
    from mlplatform.cluster.jobs.request import JobMount, JobRequest
    from mlplatform.render.jobs.text import job_text

    platform = load_spec(ctx, spec, (target,) if target else ())
    if platform.cluster is None:
        raise click.UsageError(f"{spec}: it has no layer inside its cluster; add `cluster` to the spec")
    chosen = choose_targets(platform, (target,) if target else ())
    first, *others = chosen
    if others:
        raise click.UsageError(f"{spec}: got {len(chosen)} targets, expected one; add --target {first}")
    request = JobRequest(
        name=name,
        team=team,
        pool=pool,
        image=image,
        command=command,
        kind=cast("JobKind", kind),
        nodes=nodes,
        devices=devices,
        head_pool=head_pool,
        trials=trials,
        max_hours=max_hours,
        priority=cast("JobPriority", priority),
        fabric=fabric,
        mounts=tuple(JobMount(place=each.removesuffix(":ro"), read_only=each.endswith(":ro")) for each in mounts),
    )
    layer = layer_context(platform, first)
    if problems := job_problems(layer, request):
        for problem in problems:
            click.echo(str(problem), err=True)
        ctx.exit(2)
    text = job_text(job_objects(layer, request))
    if out is None:
        click.echo(text, nl=False)
    else:
        write_file(out, text)
        click.echo(f"wrote {out}; send it with `kubectl create -f {out}`")
