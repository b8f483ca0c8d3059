"""Problems of a whole spec: those that take two of its parts to see, in the order in which they are told.

What a part needs of the others stands beside the part. Modules that only some specs need are loaded for those alone.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlplatform.field_problem import FieldPath, FieldProblem, repeated
from mlplatform.spec.artifact_store import kept_problems
from mlplatform.spec.budget import recipient_problems
from mlplatform.spec.cluster import bare_layer_problems
from mlplatform.spec.entry_problems import entry_problems
from mlplatform.spec.names_in_use import (
    cluster_endpoint_problems,
    extension_problems,
    repository_problems,
    team_problems,
    unknown_overrides,
)
from mlplatform.spec.notebook_problems import notebook_problems
from mlplatform.spec.owned_names import owned_tags
from mlplatform.spec.pipeline_places import pipeline_problems
from mlplatform.spec.plain_secrets import text_problems
from mlplatform.spec.target import misplaced_field_problems, name_problems

if TYPE_CHECKING:
    from mlplatform.spec.platform import PlatformSpec


def spec_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """Everything in a spec that no part of it is refused for."""
    yield from text_problems(spec)
    yield from fitting_problems(spec)


def fitting_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """Everything in a spec that does not fit together."""
    yield from owned_tags("tags", spec.tags)
    yield from name_problems(spec.targets)
    yield from repeated("endpoints", [endpoint.name for endpoint in spec.endpoints], of="endpoint")
    yield from repeated("extensions", [extension.name for extension in spec.extensions], of="extension")
    yield from extension_problems(spec)
    pools = [pool.name for pool in spec.training.all_pools] if spec.training else []
    yield from _override_problems(spec, pools)
    if spec.cluster and spec.training is None:
        yield from bare_layer_problems()
    yield from team_problems(spec, pools)
    yield from repository_problems(spec)
    yield from cluster_endpoint_problems(spec, pools)
    yield from entry_problems(spec.endpoints)
    yield from notebook_problems(spec.cluster, spec.training, spec.targets)
    yield from _pipeline_problems(spec)
    if spec.endpoints or spec.pipelines or spec.tracking:
        what = "released models are in it, and what the tracking server keeps of runs"
        needs: tuple[FieldPath, ...] = (("endpoints",), ("pipelines",), ("tracking",))
        yield from kept_problems(spec.artifact_store, "models", what, *needs)
    yield from _optional_part_problems(spec)
    if spec.budget:
        yield from recipient_problems(spec.budget, spec.monitoring)


def _override_problems(spec: "PlatformSpec", pools: list[str]) -> Iterator[FieldProblem]:
    """Overrides of what is not there, or with fields that it does not have."""
    endpoints = [endpoint.name for endpoint in spec.endpoints]
    for index, target in enumerate(spec.targets):
        yield from unknown_overrides(index, "endpoints", target.endpoints, endpoints, ("endpoints",))
        yield from unknown_overrides(index, "pools", target.pools, pools, ("training", "pools"))
        yield from misplaced_field_problems(index, target, spec.training)


def _pipeline_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    yield from pipeline_problems(spec.pipelines, spec.targets, spec.training, spec.cluster)
    for index, pipeline in enumerate(spec.pipelines):
        if pipeline.engine != "managed":
            from mlplatform.spec.pipeline_pods import pod_problems

            yield from pod_problems(("pipelines", index), pipeline, spec.access, spec.artifact_store, spec.cluster)


def _optional_part_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """Problems of the parts that many specs leave out."""
    if spec.tracking:
        from mlplatform.spec.tracking import tracking_problems

        yield from tracking_problems(spec)
    if spec.cluster and spec.cluster.airflow:
        from mlplatform.spec.airflow import airflow_problems

        yield from airflow_problems(spec)
    if spec.cluster and spec.cluster.managed_airflow:
        from mlplatform.spec.managed_airflow import managed_airflow_problems

        yield from managed_airflow_problems(spec)
    if spec.feature_store:
        from mlplatform.spec.feature_problems import feature_problems

        yield from feature_problems(spec)
    if any(endpoint.redact for endpoint in spec.endpoints):
        from mlplatform.spec.capture_redaction import redaction_problems

        yield from redaction_problems(spec)
    if any(endpoint.monitor for endpoint in spec.endpoints):
        from mlplatform.spec.monitor_problems import monitor_problems

        yield from monitor_problems(spec)
        if spec.feature_store is None:
            from mlplatform.spec.feature_problems import monitor_feature_problems

            yield from monitor_feature_problems(spec)
