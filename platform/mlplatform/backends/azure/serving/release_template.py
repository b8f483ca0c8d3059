"""Template of one release: model version, environment, online deployment."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import machinelearningservices as ml

from mlplatform.backends.azure.foundation.templates import ML_API, literal_text, to_wire
from mlplatform.backends.azure.naming import name_hash
from mlplatform.backends.azure.serving import servers
from mlplatform.backends.azure.serving.release import ReleaseContent, ReleaseTarget, content_hash

WORKSPACE_TYPE = "Microsoft.MachineLearningServices/workspaces"
_MOUNT = "/mnt/models"


def release_resources(
    content: ReleaseContent, target: ReleaseTarget, collector: ml.DataCollectorArgs | None
) -> list[Mapping[str, object]]:
    """The template's resources, each after those that it needs."""
    prefix = f"{target.workspace}/{target.endpoint}-{content.variant}"
    resources: list[Mapping[str, object]] = []
    references: dict[str, object] = {}
    if target.model_uri:
        version = name_hash(f"{content.model_type} {content.model}")
        resources += [
            _asset("models", prefix, ml.ModelContainerPropertiesArgs(tags=content.tags)),
            _asset(
                "models/versions",
                f"{prefix}/{version}",
                ml.ModelVersionPropertiesArgs(
                    model_uri=target.model_uri, model_type=content.model_type, tags=content.tags
                ),
                after=_id("models", prefix),
            ),
        ]
        references["model"] = _id("models/versions", f"{prefix}/{version}")
    if target.image is not None:
        properties = _environment(content, target.image)
        version = content_hash([content.image_to_run, content.model, content.spec.port, content.spec.health_path])
        resources += [
            _asset("environments", prefix, ml.EnvironmentContainerPropertiesArgs(tags=content.tags)),
            _asset("environments/versions", f"{prefix}/{version}", properties, after=_id("environments", prefix)),
        ]
        references["environmentId"] = _id("environments/versions", f"{prefix}/{version}")
    resources.append(
        {
            "type": f"{WORKSPACE_TYPE}/onlineEndpoints/deployments",
            "apiVersion": ML_API,
            "name": f"{target.workspace}/{target.endpoint}/{content.deployment}",
            "location": target.location,
            "kind": "Managed",
            "sku": {"name": "Default", "capacity": content.spec.replicas[0]},
            "tags": dict(content.tags),
            "dependsOn": list(references.values()),
            "properties": {**_deployment(content, target, collector), **references},
        }
    )
    return resources


def _asset(kind: str, name: str, properties: object, after: str | None = None) -> Mapping[str, object]:
    return {
        "type": f"{WORKSPACE_TYPE}/{kind}",
        "apiVersion": ML_API,
        "name": name,
        "dependsOn": [after] if after else [],
        "properties": to_wire(properties),
    }


def _id(kind: str, name: str) -> str:
    return f"[resourceId({', '.join(repr(part) for part in (f'{WORKSPACE_TYPE}/{kind}', *name.split('/')))})]"


def _environment(content: ReleaseContent, image: pulumi.Input[str]) -> ml.EnvironmentVersionPropertiesArgs:
    address = servers.server_address(content.spec)
    health, scoring = address.health_path, "/"
    if content.spec.server == "tensorflow":
        # the server names a model by its folder, which changes with every version: callers use one fixed path
        served = f"/v1/models/{_folder(content)}"
        health, scoring = served, f"{served}:predict"
    return ml.EnvironmentVersionPropertiesArgs(
        image=image,
        os_type=ml.OperatingSystemType.LINUX,
        inference_config=ml.InferenceContainerPropertiesArgs(
            liveness_route=ml.RouteArgs(path=health, port=address.port),
            readiness_route=ml.RouteArgs(path=health, port=address.port),
            scoring_route=ml.RouteArgs(path=scoring, port=address.port),
        ),
    )


def _deployment(
    content: ReleaseContent, target: ReleaseTarget, collector: ml.DataCollectorArgs | None
) -> dict[str, object]:
    spec = content.spec
    typed = ml.ManagedOnlineDeploymentArgs(
        endpoint_compute_type="Managed",
        instance_type=content.instance_type,
        model_mount_path=_MOUNT if target.image is not None and target.model_uri else None,
        app_insights_enabled=True,
        request_settings=ml.OnlineRequestSettingsArgs(
            max_concurrent_requests_per_instance=spec.max_concurrency, request_timeout=f"PT{spec.timeout_seconds}S"
        ),
        scale_settings=ml.DefaultScaleSettingsArgs(scale_type="Default"),
        # before it, the server may load its model
        liveness_probe=_probe(_duration(spec.longest_start)),
        readiness_probe=_probe("PT10S"),
        data_collector=collector,
    )
    variables: dict[str, object] = {name: literal_text(value) for name, value in spec.env.items()}
    if spec.server == "tensorflow" and content.model:
        version = name_hash(f"{content.model_type} {content.model}")
        variables["MODEL_BASE_PATH"] = f"{_MOUNT}/{target.endpoint}-{content.variant}/{version}"
        variables["MODEL_NAME"] = _folder(content)
    return {**_fields(typed), "environmentVariables": {**variables, **target.secrets}}


def _fields(typed: ml.ManagedOnlineDeploymentArgs) -> Mapping[str, object]:
    fields = to_wire(typed)
    return fields if isinstance(fields, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def _probe(delay: str) -> ml.ProbeSettingsArgs:
    return ml.ProbeSettingsArgs(
        initial_delay=delay, period="PT10S", timeout="PT2S", failure_threshold=60, success_threshold=1
    )


def _duration(seconds: int) -> str:
    return f"PT{seconds}S" if seconds % 60 else f"PT{seconds // 60}M"


def _folder(content: ReleaseContent) -> str:
    return (content.model or "model").strip("/").rpartition("/")[2]
