"""What Vertex AI cannot run of a pipeline, and what it runs in another way. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.pipeline_problems import only_written, pipeline_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = (
    only_written("Vertex AI Pipelines", "start a run from the file: a PipelineJob with it as pipelineSpec"),
)
"""Fields of pipelines that GCP honours in part."""

_LONGEST_MINUTES = 7 * 24 * 60
"""The default `timeout` of a custom job, as which Vertex AI runs a container step: no step can raise it,
https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/CustomJobSpec (2026-11)"""


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Everything Vertex AI refuses in a pipeline, beyond its limits."""
    yield from pipeline_problems(backend, target, spec, longest_minutes=lambda _: _LONGEST_MINUTES)
