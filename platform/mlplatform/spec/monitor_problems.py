"""Problems of monitors with their endpoints and the rest of the platform: pipelines, images, the cluster, the store."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mlplatform.field_problem import EVERY, FieldPath, FieldProblem
from mlplatform.similar import nearest_names
from mlplatform.spec.model_monitor import LANGUAGE_SERVERS, LOOK_GIB, MONITORS_NAMESPACE, ModelMonitorSpec
from mlplatform.spec.model_names import split_model
from mlplatform.spec.pipelines import PipelineSpec

if TYPE_CHECKING:
    from mlplatform.spec.endpoints import EndpointSpec
    from mlplatform.spec.platform import PlatformSpec


def _endpoint_problems(at: FieldPath, endpoint: "EndpointSpec", monitor: ModelMonitorSpec) -> Iterator[FieldProblem]:
    """What a monitor of an endpoint needs of it."""
    if endpoint.capture_percent == 0:
        yield FieldProblem(
            (*at, "monitor"),
            "an endpoint that keeps requests: without capture_percent there is nothing to look at",
            "set capture_percent, or remove monitor",
            got="a monitor, and capture_percent 0",
            fields=((*at, "capture_percent"),),
        )
    if endpoint.server in LANGUAGE_SERVERS and monitor.task != "language":
        yield FieldProblem(
            (*at, "monitor", "task"),
            f"language: requests to {endpoint.server} are prompts, and no rows of inputs",
            "set task to language",
            got=monitor.task,
            fields=((*at, "server"), (*at, "monitor", "task")),
        )
    served = [each for each in endpoint.all_variants() if each.traffic_percent]
    names = [each.name for each in served]
    if monitor.variant not in (None, *names) or (monitor.variant is None and len(served) > 1):
        yield FieldProblem(
            (*at, "monitor", "variant"),
            f"a variant with traffic, {', '.join(names)}: each model has its own reference",
            "name one of these",
            got=f"'{monitor.variant}'" if monitor.variant else f"none, and {len(served)} variants with traffic",
            fields=((*at, "variants"), (*at, "monitor", "variant")),
        )
    elif endpoint.server == "custom" and not any(each.model for each in served if monitor.variant in (None, each.name)):
        yield FieldProblem(
            (*at, "monitor"),
            "a model in the store: the reference is in the folder of its version",
            "name the model, and read it from MODEL_PATH",
            got="a model in the image",
            fields=((*at, "model"), (*at, "variants"), (*at, "server")),
        )
    if endpoint.server == "triton" and "/" not in monitor.reference:
        yield FieldProblem(
            (*at, "monitor", "reference"),
            "a folder inside of a model of Triton's repository: it takes each folder beside its models for a model, "
            "and stops where it is none",
            "write for example the model's name and /reference",
            got=f"'{monitor.reference}'",
            fields=((*at, "server"), (*at, "monitor", "reference")),
        )


def monitor_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """Everything that is refused about the monitors of a platform."""
    pipelines = {each.name: each for each in spec.pipelines}
    for index, endpoint in enumerate(spec.endpoints):
        monitor = endpoint.monitor
        if monitor is None:
            continue
        yield from _endpoint_problems(("endpoints", index), endpoint, monitor)
        at: FieldPath = ("endpoints", index, "monitor")
        asked: list[PipelineSpec] = []
        for place, name in enumerate(monitor.retrain):
            found = pipelines.get(name)
            yield from _retrain_problems((*at, "retrain", place), name, found, endpoint, asked, list(pipelines))
            asked += [found] if found else []
        yield from _image_problems(at, monitor, endpoint, asked, spec)
        yield from _place_problems(at, monitor, spec)
        kept = spec.artifact_store.place("monitoring").expire_after_days
        needed = (monitor.window + 1) / 24 + (monitor.labels.days if monitor.labels else 0)
        if kept is not None and kept < needed:
            yield FieldProblem(
                at,
                f"captures that are kept for {needed:.4g} days, the window and the time until labels are there",
                "let the store keep its place monitoring longer, or shorten window_hours or labels.days",
                got=f"captures that are deleted after {kept} days",
                fields=(("artifact_store",), (*at, "window_hours"), (*at, "labels")),
            )


def _place_problems(at: FieldPath, monitor: ModelMonitorSpec, spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """A cluster, or a pool, that is not there or too small."""
    if monitor.on == "managed":
        return
    if spec.training is None or spec.cluster is None:
        missing = "training" if spec.training is None else "cluster"
        yield FieldProblem(
            (*at, "on"),
            "managed: the spec has no " + ("cluster" if spec.training is None else "layer inside its cluster"),
            f"add `{missing}`, or remove on",
            fields=(("training",), ("cluster",)),
        )
        return
    if spec.access.training_namespace == MONITORS_NAMESPACE:
        yield FieldProblem(
            ("access", "training_namespace"),
            f"another name: the monitors on the cluster have the namespace {MONITORS_NAMESPACE}",
            "write for example jobs",
            got=f"'{MONITORS_NAMESPACE}'",
            fields=((*at, "on"),),
        )
    pools = {pool.name: pool for pool in spec.training.cpu_pools}
    pool = pools.get(monitor.pool) if monitor.pool else None
    if monitor.pool and pool is None:
        names = ", ".join(pools)
        yield FieldProblem(
            (*at, "pool"),
            f"one of the CPU pools: {names}" if pools else "a CPU pool, and the spec has none",
            "use one of these names" if pools else "add it to training.cpu_pools, or remove pool",
            got=f"'{monitor.pool}'",
            fields=(("training", "cpu_pools", EVERY, "name"),),
        )
    elif pool and pool.memory_gib < 2 * LOOK_GIB:
        yield FieldProblem(
            (*at, "pool"),
            f"a pool with memory_gib of at least {2 * LOOK_GIB}: a look asks for {LOOK_GIB} GiB beside what Kubernetes "
            "takes",
            "name another pool, or raise its memory_gib",
            got=f"'{pool.name}', with {pool.memory_gib} GiB",
            fields=(("training", "cpu_pools", EVERY, "memory_gib"),),
        )


def _retrain_problems(
    at: FieldPath,
    name: str,
    pipeline: PipelineSpec | None,
    endpoint: "EndpointSpec",
    others: Sequence[PipelineSpec],
    known: Sequence[str],
) -> Iterator[FieldProblem]:
    """A pipeline that is not there, cannot be asked, or makes another model."""
    if pipeline is None:
        near = nearest_names(name, known)
        yield FieldProblem(
            at,
            f"one of the pipelines: {', '.join(known)}" if known else "no pipeline: the spec has none",
            f"write {near[0]}" if near else "use one of these names" if known else "add it to pipelines, or remove it",
            fields=(at, ("pipelines", EVERY, "name")),
        )
        return
    if pipeline.triggers is None or not pipeline.triggers.events:
        yield FieldProblem(
            at,
            "a pipeline that monitors may ask: triggers.events names what for",
            'set triggers.events to ("drift", "quality") there, or remove it here',
            got=f"'{name}', which takes no message",
            fields=(at, ("pipelines",)),
        )
    served = {split_model(each.model)[0] for each in endpoint.all_variants() if each.model}
    if served and pipeline.model not in served:
        yield FieldProblem(
            at,
            f"a pipeline that makes the model of the endpoint, {', '.join(sorted(served))}",
            "name another pipeline, or correct its model",
            got=f"'{name}', which makes {pipeline.model}",
            fields=(at, ("pipelines",)),
        )
    for other in others:
        if None in (pipeline.on, other.on) or pipeline.on == other.on:
            yield FieldProblem(
                at,
                f"one pipeline for each target: {other.name} may run there too",
                "remove one of the two",
                fields=(at, ("pipelines",)),
            )


def _image_problems(
    at: FieldPath,
    monitor: ModelMonitorSpec,
    endpoint: "EndpointSpec",
    asked: Sequence[PipelineSpec],
    spec: "PlatformSpec",
) -> Iterator[FieldProblem]:
    """Targets on which nothing says which image has the program."""
    if monitor.image:
        return
    without = [
        target.name
        for target in spec.targets
        if not ((override := target.endpoints.get(endpoint.name)) and (not override.enabled or override.monitor))
        and not any(each.programs_image and each.on in (None, target.name) for each in asked)
    ]
    if without:
        yield FieldProblem(
            (*at, "image"),
            f"the image with mlplatform-monitor on {', '.join(without)}, here or as programs_image of a pipeline of "
            "retrain that runs there",
            "set image",
            got="none",
            fields=((*at, "image"), (*at, "retrain"), ("pipelines",)),
        )
