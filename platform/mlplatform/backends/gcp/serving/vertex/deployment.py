"""What an endpoint of Vertex AI shall serve, as data that its workflow reads.

What Vertex AI cannot change of a deployed model is in the id of the deployment: a workflow that runs twice finds what
it has made, and a change makes another deployment beside the old one.
https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/deployModel
"""

from __future__ import annotations

import json

import pulumi

from mlplatform.backends.gcp.artifact_store.parts import GcpStore
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.registry.server_images import pull_through_cache
from mlplatform.backends.gcp.serving.names import ServedModel, served_models
from mlplatform.backends.gcp.serving.vertex.names import MACHINE_PREFIX, endpoint_id, model_id, number
from mlplatform.backends.gcp.serving.vertex.servers import vertex_container
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.choice import Choice
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.model_servers import server_image
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.replicas import AutoscalingSpec

Json = dict[str, object]

_ID_DIGITS = 10
_PROBE_SECONDS = 10
_MOST_DEPLOYMENT_SECONDS = 7200
"""https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/ModelContainerSpec"""
_FIRST_SECONDS = 1800
"""Seconds until a machine is there and has pulled the image; the server starts then."""
_SHARED_MEMORY_MB = 16_384
"""Shared memory of a container, for the GPUs of one server; the default is 64 MB."""

_METRICS = {
    "gpu": "aiplatform.googleapis.com/prediction/online/accelerator/duty_cycle",
    "cpu": "aiplatform.googleapis.com/prediction/online/cpu/utilization",
}
"""Metrics of autoscaling whose unit Google documents, https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/AutoscalingMetricSpec"""


def wanted_variants(
    scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, choice: Choice
) -> dict[str, pulumi.Output[str]]:
    """The deployment of each variant as JSON, by the variant's name; none while the endpoint waits for a model."""
    if spec.awaits_model:
        return {}
    percents = {variant.name: variant.traffic_percent for variant in spec.all_variants()}
    return {
        model.role: _deployment(scope, spec, needs, choice, model, percents[model.role])
        for model in served_models(spec)
    }


def images_ready(needs: EndpointNeeds, spec: EndpointSpec) -> list[pulumi.Resource]:
    """Caches of the images; the endpoint comes after them."""
    models = native(needs.models.parts, GcpModels)
    return [
        resource
        for model in served_models(spec)
        if not spec.awaits_model
        for resource in pull_through_cache(models, server_image(spec, model.image)).ready
    ]


def _deployment(
    scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, choice: Choice, model: ServedModel, percent: int
) -> pulumi.Output[str]:
    store = native(needs.store.parts, GcpStore)
    image = pull_through_cache(native(needs.models.parts, GcpModels), server_image(spec, model.image)).address
    return pulumi.Output.all(
        bucket=store.buckets["models"].name,
        account=native(needs.identity.parts, GcpIdentity).email,
        key=native(scope.context.keys.parts, GcpKeys).ids["serving"],
    ).apply(
        lambda known: json.dumps(
            _wanted(scope, spec, choice, model, percent, image, known["bucket"], known["account"], known["key"]),
            sort_keys=True,
        )
    )


def _wanted(
    scope: Scope,
    spec: EndpointSpec,
    choice: Choice,
    model: ServedModel,
    percent: int,
    image: str,
    bucket: str,
    account: str,
    key: str,
) -> Json:
    fixed: Json = {
        "modelId": model_id(scope.spec, spec.name, model.role),
        "model": {
            "displayName": model_id(scope.spec, spec.name, model.role),
            "containerSpec": _container(spec, choice, f"gs://{bucket}/{model.model}" if model.model else "", image),
            "encryptionSpec": {"kmsKeyName": key},
        },
        "machineSpec": {
            "machineType": choice.machine.machine_type.removeprefix(MACHINE_PREFIX),
            "acceleratorType": choice.machine.accelerator_type,
            "acceleratorCount": choice.machine.accelerator.count,
        },
        "serviceAccount": account,
    }
    endpoint = endpoint_id(scope.spec, scope.target(GcpTarget), spec)
    return {
        **fixed,
        "id": number(f"{endpoint} {json.dumps(fixed, sort_keys=True)}", _ID_DIGITS),
        "percent": percent,
        "minReplicaCount": spec.replicas[0],
        "maxReplicaCount": spec.replicas[1],
        "autoscalingMetricSpecs": _autoscaling(spec.autoscaling, fixed=spec.replicas[0] == spec.replicas[1]),
    }


def _container(spec: EndpointSpec, choice: Choice, model: str, image: str) -> Json:
    container = vertex_container(spec, model, choice.machine.accelerator.count)
    environment = dict(sorted({**container.environment, **spec.env}.items()))
    probe: Json = {"httpGet": {"path": container.health_path, "port": spec.port}, "timeoutSeconds": _PROBE_SECONDS}
    return {
        "imageUri": image,
        **({"command": list(container.command)} if container.command else {}),
        **({"args": list(container.args)} if container.args else {}),
        **({"env": [{"name": name, "value": value} for name, value in environment.items()]} if environment else {}),
        "ports": [{"containerPort": spec.port}],
        "predictRoute": container.predict_path,
        "healthRoute": container.health_path,
        # without it Vertex AI starts a server anew that does not listen within 40 seconds, while it loads its model
        "startupProbe": {
            **probe,
            "periodSeconds": _PROBE_SECONDS,
            "failureThreshold": -(-spec.longest_start // _PROBE_SECONDS),
        },
        "deploymentTimeout": f"{min(_MOST_DEPLOYMENT_SECONDS, _FIRST_SECONDS + spec.longest_start)}s",
        "sharedMemorySizeMb": str(_SHARED_MEMORY_MB),
    }


def _autoscaling(autoscaling: AutoscalingSpec, *, fixed: bool) -> list[Json]:
    metric = _METRICS.get(autoscaling.metric)
    # a fixed number of replicas needs no metric, whatever the spec's default is
    return [] if fixed or metric is None else [{"metricName": metric, "target": autoscaling.target}]
