"""Problems of pipelines whose steps are pods on the training cluster: what pods, Argo and Airflow do not have."""

from collections.abc import Iterator

from mlplatform.field_problem import FieldPath, FieldProblem
from mlplatform.spec.access import AccessSpec
from mlplatform.spec.artifact_store import ArtifactStoreSpec
from mlplatform.spec.cluster import ClusterSpec
from mlplatform.spec.mounts import MOUNT_PLACES
from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE, STARTER_NAMESPACE, PipelineSpec


def pod_problems(
    at: FieldPath, pipeline: PipelineSpec, access: AccessSpec, store: ArtifactStoreSpec, cluster: ClusterSpec | None
) -> Iterator[FieldProblem]:
    """What is refused about a pipeline with engine `cluster` or `airflow`.

    Args:
        at: path of the pipeline.
        pipeline: the pipeline.
        access: the spec's.
        store: the spec's.
        cluster: the layer inside the cluster, where there is one.
    """
    taken = {PIPELINES_NAMESPACE: "the steps of pipelines have"}
    if pipeline.triggers:
        taken[STARTER_NAMESPACE] = "what starts runs in the cluster has"
    if access.training_namespace in taken:
        yield FieldProblem(
            ("access", "training_namespace"),
            f"another name: {taken[access.training_namespace]} the namespace {access.training_namespace}",
            "write for example training",
            fields=((*at, "engine"),),
        )
    for position, step in enumerate(pipeline.steps):
        path: FieldPath = (*at, "steps", position)
        if step.cache_days:
            yield FieldProblem(
                (*path, "cache_days"),
                "0 on the training cluster: Airflow has no cache, and Argo's controller would need the right to change "
                "every ConfigMap for one",
                "remove it, or set engine to managed",
                fields=((*at, "engine"),),
            )
        if step.resources.nodes > 1:
            yield from _gang_problems(path, at, pipeline, step)
    yield from _folder_problems(at, pipeline, store, cluster)


def _gang_problems(path: FieldPath, at: FieldPath, pipeline: PipelineSpec, step: StepSpec) -> Iterator[FieldProblem]:
    """Steps of several nodes, which are JobSets."""
    if pipeline.engine == "airflow":
        yield FieldProblem(
            (*path, "resources", "nodes"),
            "1 with Airflow, whose operator makes one pod",
            "take more accelerators on one node, or set engine to cluster",
            fields=((*at, "engine"), (*path, "distribution")),
        )
        return
    if step.distribution == "mpi":
        yield FieldProblem(
            (*path, "distribution"),
            "torch, tensorflow or ray: MPI starts its processes by SSH, and pods have no keys for it",
            "use one of these, or the operator of MPI beside the platform",
            fields=((*path, "resources", "nodes"), (*at, "engine")),
        )
    for position, other in enumerate(pipeline.steps):
        if other.when and other.when.step == step.name:
            yield FieldProblem(
                (*at, "steps", position, "when", "step"),
                "a step of one node: Argo reads no values from what several nodes write",
                "let a step after it write the metrics",
                fields=((*path, "resources", "nodes"), (*at, "engine")),
            )


def _folder_problems(
    at: FieldPath, pipeline: PipelineSpec, store: ArtifactStoreSpec, cluster: ClusterSpec | None
) -> Iterator[FieldProblem]:
    """Places that the steps see as folders, which `cluster.mounts` must name, and which must take files."""
    mounted = [mount.place for mount in cluster.mounts] if cluster else []
    needed: dict[str, FieldPath] = {}
    for position, step in enumerate(pipeline.steps):
        gang = step.resources.nodes > 1
        if step.checkpoint or gang:
            field = ("checkpoint",) if step.checkpoint else ("resources", "nodes")
            needed.setdefault("pipelines", (*at, "steps", position, *field))
        for name, source in step.inputs.items() if pipeline.engine == "airflow" or gang else ():
            if source.place:
                needed.setdefault(source.place, (*at, "steps", position, "inputs", name, "place"))
            elif source.released or source.base_model:
                field = "released" if source.released else "base_model"
                needed.setdefault("models", (*at, "steps", position, "inputs", name, field))
    if pipeline.engine == "airflow":
        needed["pipelines"] = (*at, "engine")
    for place, path in needed.items():
        if place not in MOUNT_PLACES:
            yield FieldProblem(
                path,
                f"a place that pods see as a folder: {', '.join(MOUNT_PLACES)}",
                "read it in a step of one node with engine cluster, which copies it there",
                fields=((*at, "engine"),),
            )
        elif cluster is not None and place not in mounted:
            what = "what steps hand on" if path[-1] == "engine" else "it"
            yield FieldProblem(
                path,
                f"the place {place} as a folder of pods, where {what} is",
                f"add {{place: {place}}} to cluster.mounts",
                got=f"cluster.mounts with {', '.join(mounted) or 'nothing'}",
                fields=(("cluster", "mounts"),),
            )
    if "pipelines" in needed and store.pipelines.worm:
        yield FieldProblem(
            needed["pipelines"],
            "a place `pipelines` that takes files: in a write-once one folders are read-only",
            "remove worm from artifact_store.pipelines, or set engine to managed",
            got="a write-once place",
            fields=(("artifact_store", "pipelines", "worm"), (*at, "engine")),
        )
