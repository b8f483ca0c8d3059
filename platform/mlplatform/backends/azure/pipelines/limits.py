"""What Azure ML cannot run of a pipeline, and what it runs in another way. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.limits import refuse_nothing
from mlplatform.components.pipeline_problems import no_door, only_written, per_step, pipeline_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_LONGEST_MINUTES = 21 * 24 * 60
"""Longest job, https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas (2026)"""

LIMITS: tuple[Limit, ...] = (
    only_written("Azure ML", "send the file: `PUT …/workspaces/<workspace>/jobs/<run>`"),
    no_door("Azure ML"),
    Limit(
        field="pipelines.steps.resources.capacity",
        support="partial",
        reason="clusters of Azure ML have no spot nodes any more: low-priority ones ended on 2026-03-31",
        alternative="use on-demand, or set engine to cluster and use a spot pool of the training cluster",
        violations=per_step(
            "resources.capacity", lambda s: s.resources.capacity if s.resources.capacity == "spot" else None
        ),
    ),
    Limit(
        field="pipelines.steps.when",
        support="partial",
        reason="pipeline jobs of Azure ML have no conditions",
        alternative="let the step read the metric itself and end, or set engine to cluster",
        violations=per_step("when", lambda step: step.when.metric if step.when else None),
    ),
    Limit(
        field="pipelines.steps.retries",
        support="partial",
        reason="Azure ML tries no step again: its command is run again on the same node, and the loss of the node ends "
        "the run",
        alternative="start the run again; steps with cache_days are not repeated",
        violations=refuse_nothing,
    ),
    Limit(
        field="pipelines.steps.cache_days",
        support="partial",
        reason="Azure ML uses outputs again whatever their age",
        alternative="0 for steps whose outputs age",
        violations=refuse_nothing,
    ),
    Limit(
        field="pipelines.steps.resources.disk_gib",
        support="partial",
        reason="nodes of Azure ML's clusters have the disks of their machine",
        alternative="read large data where it is, by mounting",
        violations=refuse_nothing,
    ),
)
"""Fields of pipelines that Azure honours in part."""


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Everything Azure ML refuses in a pipeline, beyond its limits."""
    yield from pipeline_problems(backend, target, spec, longest_minutes=lambda _: _LONGEST_MINUTES)
