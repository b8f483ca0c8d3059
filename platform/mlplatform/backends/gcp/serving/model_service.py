"""Revisions of an endpoint's services: a model's server, the router, or the container that waits for a model."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_gcp import cloudrunv2

from mlplatform.backends.gcp.artifact_store.parts import GcpStore
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.registry.server_images import pull_through_cache
from mlplatform.backends.gcp.serving.autoscaling import scaling_args
from mlplatform.backends.gcp.serving.capture import (
    capture_container,
    capture_mounts,
    capture_volumes,
    redaction_container,
)
from mlplatform.backends.gcp.serving.envoy import router_config, waiting_config
from mlplatform.backends.gcp.serving.names import ServedModel, served_models
from mlplatform.backends.gcp.serving.sizes import ROUTER_CONCURRENCY, ROUTER_CPUS, Size, replica_size
from mlplatform.backends.gcp.serving.variants import Revision
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.envoy import ENVOY, READY_PATH
from mlplatform.components.model_servers import server_container
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec

_Container = cloudrunv2.ServiceTemplateContainerArgs
_Resources = cloudrunv2.ServiceTemplateContainerResourcesArgs
_PROBE_SECONDS = 5
"""Seconds between two probes of a server that starts."""
_FAST_START = (1, 60)
"""Seconds between probes, and number of probes, of a router that starts."""


def model_revision(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, model: ServedModel) -> Revision:
    """The server of one model."""
    store = native(needs.store.parts, GcpStore)
    container = server_container(spec, model.image)
    image = pull_through_cache(native(needs.models.parts, GcpModels), container.image)
    replica = replica_size(scope.context.backend, scope.context.target, spec, needs.choice)
    bucket = store.buckets["models"].name
    environment = dict(sorted({**container.environment, **spec.env}.items()))
    always_on = replica.accelerator is not None or not spec.sleeps
    mount = cloudrunv2.ServiceTemplateContainerVolumeMountArgs(name="model", mount_path=container.mount)
    server = _Container(
        name="server",
        image=image.address,
        commands=list(container.command) or None,
        args=list(container.args) or None,
        envs=[*_plain_variables(environment), *_secret_variables(spec.secrets)] or None,
        ports=cloudrunv2.ServiceTemplateContainerPortsArgs(container_port=spec.port),
        resources=_Resources(
            limits=replica.limits, cpu_idle=not always_on, startup_cpu_boost=replica.accelerator is None
        ),
        startup_probe=_startup(
            spec.port, container.health_path, _PROBE_SECONDS, -(-spec.longest_start // _PROBE_SECONDS)
        ),
        liveness_probe=_liveness(spec.port, container.health_path),
        volume_mounts=[mount] if model.model else None,
    )
    return Revision(
        containers=[server],
        volumes=[_model(bucket, model.model)] if model.model else [],
        scaling=scaling_args(spec),
        concurrency=spec.max_concurrency,
        accelerator=replica.accelerator,
        ready=image.ready,
    )


def waiting_revision(spec: EndpointSpec, needs: EndpointNeeds) -> Revision:
    """The container that answers while there is no model: it sleeps, and costs nothing until the first request."""
    config = waiting_config(spec)
    image = pull_through_cache(native(needs.models.parts, GcpModels), ENVOY)
    return Revision(
        containers=[_envoy(spec, image.address, config, Size(1, 1), sleeps=True)],
        scaling=cloudrunv2.ServiceTemplateScalingArgs(min_instance_count=0, max_instance_count=1),
        concurrency=ROUTER_CONCURRENCY,
        ready=image.ready,
    )


def router_revision(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> Revision:
    """The router before the models, with a container that keeps captures."""
    config = router_config(scope.spec, scope.target(GcpTarget), spec)
    image = pull_through_cache(native(needs.models.parts, GcpModels), ENVOY)
    captures = spec.capture_percent > 0
    min_instances = min(1, spec.replicas[0])
    in_flight = spec.replicas[1] * spec.max_concurrency * len(served_models(spec))
    max_instances = max(2, -(-in_flight // ROUTER_CONCURRENCY))
    replica = Size(ROUTER_CPUS, 2 if captures else 1)
    envoy = _envoy(spec, image.address, config, replica, sleeps=min_instances == 0 and not captures, captures=captures)
    beside: list[_Container] = []
    ready = list(image.ready)
    if captures:
        beside.append(capture_container(spec, image.address))
    if spec.redact:
        from mlplatform.spec.capture_redaction import redaction_image

        named = redaction_image(spec, scope.spec)
        program = pull_through_cache(native(needs.models.parts, GcpModels), named)
        beside.append(redaction_container(spec, program.address))
        ready += program.ready
        scope.note(
            f"endpoints[{spec.name}].redact",
            f"push the image {named} before `up`: Cloud Run refuses a revision whose image is not there",
        )
    return Revision(
        containers=[envoy, *beside],
        volumes=capture_volumes(spec, native(needs.store.parts, GcpStore)) if captures else [],
        scaling=cloudrunv2.ServiceTemplateScalingArgs(
            min_instance_count=min_instances, max_instance_count=max_instances
        ),
        concurrency=ROUTER_CONCURRENCY,
        ready=ready,
    )


def _envoy(
    spec: EndpointSpec, image: str, config: str, replica: Size, *, sleeps: bool, captures: bool = False
) -> _Container:
    return _Container(
        name="router",
        image=image,
        args=["--concurrency", str(replica.cpus), "--config-yaml", config],
        ports=cloudrunv2.ServiceTemplateContainerPortsArgs(container_port=spec.port),
        resources=_Resources(limits=replica.limits, cpu_idle=sleeps, startup_cpu_boost=True),
        startup_probe=_startup(spec.port, READY_PATH, *_FAST_START),
        liveness_probe=_liveness(spec.port, READY_PATH),
        volume_mounts=capture_mounts() if captures else None,
    )


def _model(bucket: pulumi.Input[str], path: str) -> cloudrunv2.ServiceTemplateVolumeArgs:
    gcs = cloudrunv2.ServiceTemplateVolumeGcsArgs(
        bucket=bucket, read_only=True, mount_options=["implicit-dirs", f"only-dir={path}"]
    )
    return cloudrunv2.ServiceTemplateVolumeArgs(name="model", gcs=gcs)


def _plain_variables(environment: Mapping[str, str]) -> list[cloudrunv2.ServiceTemplateContainerEnvArgs]:
    return [cloudrunv2.ServiceTemplateContainerEnvArgs(name=name, value=value) for name, value in environment.items()]


def _secret_variables(secrets: Mapping[str, str]) -> list[cloudrunv2.ServiceTemplateContainerEnvArgs]:
    """Variables that each instance reads from Secret Manager when it starts."""
    return [
        cloudrunv2.ServiceTemplateContainerEnvArgs(
            name=name,
            value_source=cloudrunv2.ServiceTemplateContainerEnvValueSourceArgs(
                secret_key_ref=cloudrunv2.ServiceTemplateContainerEnvValueSourceSecretKeyRefArgs(
                    secret=secret, version="latest"
                )
            ),
        )
        for name, secret in sorted(secrets.items())
    ]


def _startup(port: int, path: str, period: int, tries: int) -> cloudrunv2.ServiceTemplateContainerStartupProbeArgs:
    return cloudrunv2.ServiceTemplateContainerStartupProbeArgs(
        http_get=cloudrunv2.ServiceTemplateContainerStartupProbeHttpGetArgs(path=path, port=port),
        period_seconds=period,
        timeout_seconds=period,
        failure_threshold=tries,
    )


def _liveness(port: int, path: str) -> cloudrunv2.ServiceTemplateContainerLivenessProbeArgs:
    return cloudrunv2.ServiceTemplateContainerLivenessProbeArgs(
        http_get=cloudrunv2.ServiceTemplateContainerLivenessProbeHttpGetArgs(path=path, port=port),
        period_seconds=30,
        timeout_seconds=10,
        failure_threshold=4,
    )
