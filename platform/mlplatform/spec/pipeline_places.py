"""Problems of pipelines with the rest of the spec: targets, pools and a cluster that are not there."""

from collections.abc import Iterator, Sequence

from mlplatform.field_problem import EVERY, FieldPath, FieldProblem, repeated
from mlplatform.similar import nearest_names
from mlplatform.spec.cluster import ClusterSpec
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.pipeline_steps import StepResources, StepSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.target import Target
from mlplatform.spec.training import GpuPoolSpec, TrainingSpec


def pipeline_problems(
    pipelines: Sequence[PipelineSpec],
    targets: Sequence[Target],
    training: TrainingSpec | None,
    cluster: ClusterSpec | None,
) -> Iterator[FieldProblem]:
    """Pipelines that run nowhere, or in several places, and steps on pools that are not there."""
    yield from repeated("pipelines", [pipeline.name for pipeline in pipelines], of="pipeline")
    for index, pipeline in enumerate(pipelines):
        at: FieldPath = ("pipelines", index)
        yield from _target_problems(at, pipeline, targets)
        yield from _door_problems(index, pipelines)
        if pipeline.engine != "managed":
            yield from _cluster_problems(at, pipeline, training, cluster)
        pools = training.all_pools if training else ()
        if pipeline.engine != "managed" and training is None:
            continue
        for position, step in enumerate(pipeline.steps):
            yield from _pool_problems((*at, "steps", position, "resources"), pipeline, step, pools)


def _target_problems(at: FieldPath, pipeline: PipelineSpec, targets: Sequence[Target]) -> Iterator[FieldProblem]:
    names = [target.name for target in targets]
    if pipeline.on is None:
        if len(names) > 1:
            yield FieldProblem(
                (*at, "on"),
                f"one of the targets, because a model is trained in one place: {', '.join(names)}",
                f"write for example {names[0]}",
                got="none",
                fields=(("targets",),),
            )
    elif pipeline.on not in names:
        near = nearest_names(pipeline.on, names)
        yield FieldProblem(
            (*at, "on"),
            f"one of the targets: {', '.join(names)}",
            f"write {near[0]}" if near else "use one of these names",
            fields=(("targets",),),
        )


def _door_problems(index: int, pipelines: Sequence[PipelineSpec]) -> Iterator[FieldProblem]:
    """Two images for the one program that starts the runs of a target, and teams whose ceilings differ."""
    pipeline = pipelines[index]
    yield from _team_problems(index, pipelines)
    for first, other in enumerate(pipelines[:index]):
        if (
            pipeline.triggers
            and other.triggers
            and pipeline.on == other.on
            and None not in (pipeline.programs_image, other.programs_image)
            and pipeline.programs_image != other.programs_image
        ):
            yield FieldProblem(
                ("pipelines", index, "programs_image"),
                f"that of {other.name}, {other.programs_image}: one program starts all runs of a target",
                "use one image for both",
                fields=(("pipelines", first, "programs_image"), ("pipelines", index, "triggers")),
            )
            return


def _team_problems(index: int, pipelines: Sequence[PipelineSpec]) -> Iterator[FieldProblem]:
    """Two pipelines of a team on one target that say different ceilings."""
    pipeline = pipelines[index]
    team = pipeline.triggers.team if pipeline.triggers else None
    for first, other in enumerate(pipelines[:index]):
        same = other.triggers.team if other.triggers else None
        if team and same and team.name == same.name and team != same and pipeline.on == other.on:
            yield FieldProblem(
                ("pipelines", index, "triggers", "team"),
                f"the ceilings that {other.name} says for the team {team.name}: they are shared",
                "write the same ones, or give the team another name",
                got=_ceilings(team.max_runs_at_once, team.max_usd_per_month),
                fields=(("pipelines", first, "triggers", "team"),),
            )
            return


def _ceilings(runs: int | None, usd: float | None) -> str:
    said = {"max_runs_at_once": runs, "max_usd_per_month": usd}
    return ", ".join(f"{name} {value:g}" for name, value in said.items() if value is not None)


def _cluster_problems(
    at: FieldPath, pipeline: PipelineSpec, training: TrainingSpec | None, cluster: ClusterSpec | None
) -> Iterator[FieldProblem]:
    missing = "training" if training is None else "cluster" if cluster is None else None
    if missing:
        yield FieldProblem(
            (*at, "engine"),
            "managed: the spec has no " + ("cluster" if training is None else "layer inside its cluster"),
            f"add `{missing}`, or remove engine",
            fields=(("training",), ("cluster",)),
        )
    elif pipeline.engine == "airflow" and pipeline.triggers and cluster and not _reaches_airflow(cluster):
        yield FieldProblem(
            (*at, "triggers"),
            "no triggers: nothing of the platform reaches an Airflow whose address the spec does not have",
            "add cluster.airflow or cluster.managed_airflow, set cluster.airflow_url, or set engine to cluster; or "
            "remove triggers and give the DAG a schedule in that Airflow",
            got="triggers",
            fields=((*at, "engine"), *(("cluster", name) for name in ("airflow", "managed_airflow", "airflow_url"))),
        )
    elif pipeline.engine == "cluster" and cluster and "argo-workflows" not in cluster.addons:
        yield FieldProblem(
            (*at, "engine"),
            "Argo Workflows in the cluster, which runs the steps",
            "add argo-workflows to cluster.addons, or remove engine",
            fields=(("cluster", "addons"),),
        )


def _reaches_airflow(cluster: ClusterSpec) -> bool:
    return any(each is not None for each in (cluster.airflow, cluster.managed_airflow, cluster.airflow_url))


def step_pools(
    wanted: StepResources, pools: Sequence[GpuPoolSpec | CpuPoolSpec]
) -> tuple[GpuPoolSpec | CpuPoolSpec, ...]:
    """The pools that can run a step, by name: with its accelerator, or CPU pools, and its capacity. It gets the first.

    Args:
        wanted: machines of a step of a pipeline that runs on the cluster.
        pools: the cluster's pools, in any order.
    """
    models = tuple(map(_model, wanted.accelerator or ()))
    fitting = (pool for pool in sorted(pools, key=lambda pool: pool.name) if wanted.pool in (None, pool.name))
    return tuple(
        pool for pool in fitting if _carries(pool, models) and (wanted.capacity == "spot") == (pool.capacity == "spot")
    )


def _pool_problems(
    at: FieldPath, pipeline: PipelineSpec, step: StepSpec, pools: Sequence[GpuPoolSpec | CpuPoolSpec]
) -> Iterator[FieldProblem]:
    wanted = step.resources
    if pipeline.engine == "managed":
        if wanted.pool:
            yield FieldProblem(
                (*at, "pool"),
                "no pool: the cloud's service has machines of its own",
                "remove it, or set engine to cluster",
                fields=(("pipelines", EVERY, "engine"),),
            )
        return
    known = [pool.name for pool in pools]
    if wanted.pool and wanted.pool not in known:
        near = nearest_names(wanted.pool, known)
        yield FieldProblem(
            (*at, "pool"),
            f"one of the pools: {', '.join(known)}" if known else "a pool, and the spec has none",
            f"write {near[0]}" if near else "use one of these names" if known else "add pools to training.pools",
            fields=(("training", "pools", EVERY, "name"),),
        )
        return
    possible = step_pools(wanted, pools)
    if not possible:
        there = "; ".join(f"{pool.name}: {_described(pool)}" for pool in pools)
        yield FieldProblem(
            (*at, "accelerator" if wanted.accelerator else "capacity"),
            f"what a pool has ({there or 'there is none'})",
            "use one of these, or add a pool to training.pools or training.cpu_pools",
            got=f"{', '.join(wanted.accelerator or ()) or 'no accelerator'}, {wanted.capacity}",
            fields=(("training",), (*at, "pool"), (*at, "capacity")),
        )
    elif wanted.nodes > possible[0].max_nodes:
        yield FieldProblem(
            (*at, "nodes"),
            f"at most {possible[0].max_nodes}, max_nodes of pool {possible[0].name}",
            "lower it, or raise max_nodes",
            fields=((*at, "nodes"), ("training",)),
        )


def _carries(pool: GpuPoolSpec | CpuPoolSpec, models: Sequence[str]) -> bool:
    if isinstance(pool, CpuPoolSpec):
        return not models
    return any(_model(name) in models for name in pool.accelerator)


def _described(pool: GpuPoolSpec | CpuPoolSpec) -> str:
    what = "no accelerator" if isinstance(pool, CpuPoolSpec) else " or ".join(pool.accelerator)
    return f"{what}, {'spot' if pool.capacity == 'spot' else 'on-demand'}"


def _model(accelerator: str) -> str:
    return accelerator.partition(":")[0]
