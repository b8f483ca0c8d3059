"""Which steps Vertex AI runs as custom jobs, and what it refuses of them. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.backend import Backend
from mlplatform.components.pipeline_problems import managed_steps
from mlplatform.pipelines.forms.vertex_jobs import DISTRIBUTIONS, is_job
from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

CONTAINER_DISK = 100
"""Of a container step, GB: the default of a custom job, which a step has no field for,
https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/DiskSpec (2026-11)"""


def needs_job(step: StepSpec) -> bool:
    """Whether a step has several nodes, spot machines or a larger disk than a container step."""
    asked = step.resources
    return is_job(asked.nodes, asked.capacity, asked.disk_gib, CONTAINER_DISK)


def job_problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Jobs that nothing sends: the program that does is in the image of the platform's own programs."""
    told: set[int] = set()
    for path, step in managed_steps(spec):
        index = int(path.partition(".")[0][len("pipelines[") : -1])
        if needs_job(step) and index not in told and spec.pipelines[index].programs_image is None:
            told.add(index)
            yield backend.refuse(
                f"pipelines[{index}].programs_image",
                "none",
                f"the image with mlplatform-step: Vertex AI runs {step.name} as a custom job, which that program sends",
                "give one, or use one node on demand with at most "
                f"{CONTAINER_DISK} GiB of disk, or set engine to cluster",
                fields=(f"{path}.resources", f"pipelines[{index}].engine"),
            )


def unknown_distribution(step: StepSpec) -> str | None:
    """How the nodes of a step find each other, where the nodes of a custom job cannot be told so; None otherwise."""
    return step.distribution if step.distribution not in (None, *DISTRIBUTIONS) else None
