"""What the service of one model runs: the server's container with the model's files, or the waiting one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import cloudrunv2

from mlplatform.backends.gcp.artifact_store.parts import GcpStore
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.registry.server_images import pull_through_cache
from mlplatform.backends.gcp.serving.autoscaling import scaling
from mlplatform.backends.gcp.serving.capture import mounts, mover, volumes
from mlplatform.backends.gcp.serving.envoy import routing, waiting
from mlplatform.backends.gcp.serving.names import Served, served
from mlplatform.backends.gcp.serving.servers import ENVOY, READY_PATH, Container, container
from mlplatform.backends.gcp.serving.sizes import ROUTER_CONCURRENCY, ROUTER_CPUS, Size, replica_size
from mlplatform.backends.gcp.serving.variants import Revision
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.spec.endpoints import EndpointSpec

_Container = cloudrunv2.ServiceTemplateContainerArgs
_Resources = cloudrunv2.ServiceTemplateContainerResourcesArgs
_SLOW_START = (5, 48)
"""Seconds between probes, and probes: together 240 seconds, the longest start Cloud Run grants,
https://docs.cloud.google.com/run/docs/configuring/healthchecks"""
_FAST_START = (1, 60)


def model_revision(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, one: Served) -> Revision:
    """The server of one model."""
    store = native(needs.store.parts, GcpStore)
    wanted = container(spec, one.image)
    pulled = pull_through_cache(native(needs.models.parts, GcpModels), wanted.image)
    replica = replica_size(scope.context.backend, scope.context.target, spec, needs.choice)
    bucket = store.buckets["models"].name
    environment = dict(sorted({**wanted.environment, **spec.env}.items()))
    always_on = replica.accelerator is not None or spec.replicas[0] > 0
    mount = (
        [cloudrunv2.ServiceTemplateContainerVolumeMountArgs(name="model", mount_path=wanted.mount)] if one.model else []
    )
    server = _Container(
        name="server",
        image=pulled.address,
        commands=list(wanted.command) or None,
        args=list(wanted.args) or None,
        envs=[*_plain(environment), *_secret(spec.secrets)] or None,
        ports=cloudrunv2.ServiceTemplateContainerPortsArgs(container_port=spec.port),
        resources=_Resources(
            limits=replica.limits, cpu_idle=not always_on, startup_cpu_boost=replica.accelerator is None
        ),
        startup_probe=_startup(spec.port, wanted.health_path, *_SLOW_START),
        liveness_probe=_liveness(spec.port, wanted.health_path),
        volume_mounts=mount or None,
    )
    return Revision(
        containers=[server],
        volumes=[_model(bucket, one.model)] if one.model else [],
        scaling=scaling(spec),
        concurrency=spec.max_concurrency,
        accelerator=replica.accelerator,
        ready=pulled.ready,
        content=_content(spec, wanted, pulled.address, replica, environment, [_known(bucket), one.model]),
    )


def waiting_revision(spec: EndpointSpec, needs: EndpointNeeds) -> Revision:
    """What answers while there is no model: it sleeps, and costs nothing until somebody calls."""
    config = waiting(spec)
    pulled = pull_through_cache(native(needs.models.parts, GcpModels), ENVOY)
    return Revision(
        containers=[_envoy(spec, pulled.address, config, Size(1, 1), sleeps=True)],
        scaling=cloudrunv2.ServiceTemplateScalingArgs(min_instance_count=0, max_instance_count=1),
        concurrency=ROUTER_CONCURRENCY,
        ready=pulled.ready,
        content={"image": pulled.address, "config": config, "timeout": spec.timeout_seconds},
    )


def router_revision(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> Revision:
    """The router before the models, with what keeps captures beside it."""
    config = routing(scope.spec, scope.target(GcpTarget), spec)
    pulled = pull_through_cache(native(needs.models.parts, GcpModels), ENVOY)
    captures = spec.capture_percent > 0
    least = min(1, spec.replicas[0])
    in_flight = spec.replicas[1] * spec.max_concurrency * len(served(spec))
    most = max(2, -(-in_flight // ROUTER_CONCURRENCY))
    replica = Size(ROUTER_CPUS, 2 if captures else 1)
    envoy = _envoy(spec, pulled.address, config, replica, sleeps=least == 0 and not captures, captures=captures)
    return Revision(
        containers=[envoy, *([mover(spec, pulled.address)] if captures else [])],
        volumes=volumes(native(needs.store.parts, GcpStore)) if captures else [],
        scaling=cloudrunv2.ServiceTemplateScalingArgs(min_instance_count=least, max_instance_count=most),
        concurrency=ROUTER_CONCURRENCY,
        ready=pulled.ready,
        content={
            "image": pulled.address,
            "config": config,
            "scale": [least, most],
            "captures": captures,
            "timeout": spec.timeout_seconds,
        },
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
        volume_mounts=mounts() if captures else None,
    )


def _content(
    spec: EndpointSpec,
    wanted: Container,
    image: str,
    replica: Size,
    environment: Mapping[str, str],
    model: Sequence[str | None],
) -> dict[str, object]:
    return {
        "image": image,
        "command": [*wanted.command, *wanted.args],
        "health": [spec.port, wanted.health_path],
        "environment": dict(environment),
        "secrets": dict(spec.secrets),
        "model": [*model, wanted.mount],
        "size": [replica.limits, replica.accelerator],
        "scale": [*spec.replicas, spec.autoscaling.metric, spec.autoscaling.target, spec.max_concurrency],
        "timeout": spec.timeout_seconds,
    }


def _model(bucket: pulumi.Input[str], path: str) -> cloudrunv2.ServiceTemplateVolumeArgs:
    gcs = cloudrunv2.ServiceTemplateVolumeGcsArgs(
        bucket=bucket, read_only=True, mount_options=["implicit-dirs", f"only-dir={path}"]
    )
    return cloudrunv2.ServiceTemplateVolumeArgs(name="model", gcs=gcs)


def _known(name: pulumi.Input[str]) -> str:
    """A name as part of another one's content: one that is known only later cannot be."""
    return name if isinstance(name, str) else "existing"


def _plain(environment: Mapping[str, str]) -> list[cloudrunv2.ServiceTemplateContainerEnvArgs]:
    return [cloudrunv2.ServiceTemplateContainerEnvArgs(name=name, value=value) for name, value in environment.items()]


def _secret(secrets: Mapping[str, str]) -> list[cloudrunv2.ServiceTemplateContainerEnvArgs]:
    """Read when an instance starts."""
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
