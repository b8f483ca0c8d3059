"""What Vertex AI cannot run of a pipeline, and what it runs in another way. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.pipelines.jobs import job_problems, needs_job, unknown_distribution
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.limits import refuse_nothing
from mlplatform.components.pipeline_problems import managed_steps, per_step, pipeline_problems
from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_MOST_MEMORY = 624
"""https://docs.cloud.google.com/vertex-ai/docs/pipelines/machine-types (2026-11)"""

LIMITS: tuple[Limit, ...] = (
    Limit(
        field="pipelines.steps.inputs.path",
        support="partial",
        reason="a data set in Vertex AI's own list is a label on an address, which no run of a pipeline names: none is "
        "made of a folder, which is an artefact of Vertex ML Metadata instead",
        alternative="name the version of the data in training.json: the record and `mlplatform lineage` have it",
        violations=refuse_nothing,
    ),
    Limit(
        field="pipelines.steps.distribution",
        support="partial",
        reason="a custom job of Vertex AI starts torch and tensorflow; MPI starts its processes by SSH, for which an "
        "image has no keys, and Ray's nodes are not told of each other",
        alternative="use torch or tensorflow, or set engine to cluster",
        violations=per_step("distribution", unknown_distribution),
    ),
    Limit(
        field="pipelines.steps.resources.memory_gib",
        support="partial",
        reason=f"a container step of Vertex AI Pipelines has at most {_MOST_MEMORY} GB",
        alternative=f"{_MOST_MEMORY} or less, or set engine to cluster",
        violations=per_step(
            "resources.memory_gib",
            lambda s: s.resources.memory_gib if s.resources.memory_gib > _MOST_MEMORY and not needs_job(s) else None,
        ),
    ),
    Limit(
        field="pipelines.steps.cache_days",
        support="partial",
        reason="Vertex AI uses outputs again whatever their age, and compares addresses of the store, not contents",
        alternative="0 for steps whose outputs age, and a new folder for new data",
        violations=refuse_nothing,
    ),
)
"""Fields of pipelines that GCP honours in part."""

_LONGEST_MINUTES = 7 * 24 * 60
"""The default `timeout` of a custom job, as which Vertex AI runs a container step: no step can raise it,
https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/CustomJobSpec (2026-11)"""


_WAITING_MINUTES = 24 * 60
"""What is left for a custom job's machines to come: the step that waits for it is a container step itself."""


def _longest_minutes(step: StepSpec) -> int:
    return _LONGEST_MINUTES - _WAITING_MINUTES if needs_job(step) else _LONGEST_MINUTES


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Everything Vertex AI refuses in a pipeline, beyond its limits."""
    yield from pipeline_problems(backend, target, spec, longest_minutes=_longest_minutes)
    yield from _image_problems(spec, backend)
    yield from job_problems(spec, backend)
    yield from _notification_problems(spec, backend)


def _image_problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    for path, step in managed_steps(spec):
        pipeline = path.partition(".")[0]
        image = spec.pipelines[int(pipeline[len("pipelines[") : -1])].image_of(step)
        if image and not _is_pulled(image):
            yield backend.refuse(
                f"{path}.image",
                image,
                "an image of Artifact Registry or Docker Hub: Vertex AI pulls from no other registry",
                "push it to one of the platform's repositories, and name it there",
                fields=(f"{pipeline}.image", f"{pipeline}.programs_image"),
            )


MOST_NOTIFICATIONS = 10
"""Of one bucket for one kind of event, https://docs.cloud.google.com/storage/docs/pubsub-notifications (2026-11)"""


def _notification_problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """More folders of a place than Cloud Storage tells of; a folder that several pipelines name is told of once."""
    told: dict[str, set[str]] = {}
    for index, pipeline in enumerate(spec.pipelines):
        for position, data in enumerate(pipeline.triggers.data if pipeline.triggers else ()):
            folders = told.setdefault(data.place, set())
            if data.path not in folders and len(folders) == MOST_NOTIFICATIONS:
                yield backend.refuse(
                    f"pipelines[{index}].triggers.data[{position}].path",
                    data.path,
                    f"at most {MOST_NOTIFICATIONS} folders of the place {data.place} in the triggers of all pipelines: "
                    "a bucket tells of new objects in so many",
                    "name a folder that holds several of them, with a marker",
                    fields=("pipelines",),
                )
            else:
                folders.add(data.path)


_PULLED = ("pkg.dev", "gcr.io", "docker.io")
"""https://docs.cloud.google.com/vertex-ai/docs/training/create-custom-container (2026-11)"""


def _is_pulled(image: str) -> bool:
    """Whether Vertex AI pulls from an image's registry; without one it is Docker Hub's."""
    registry, slash, _ = image.partition("/")
    named = slash and ("." in registry or ":" in registry)
    return (
        not named
        or registry == _PULLED[-1]
        or registry.endswith(tuple(f".{each}" for each in _PULLED[:-1]))
        or (registry in _PULLED)
    )
