"""The tracking server as a service of Cloud Run: MLflow, and an Envoy before it.

Cloud Run asks callers for an identity that may invoke the service. It takes requests of more than 32 MiB only where the
container speaks HTTP/2, which MLflow does not: https://docs.cloud.google.com/run/quotas#request_limits
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_gcp import cloudrunv2

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.registry.server_images import pull_through_cache
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.tracking.client import server_name, service_uri
from mlplatform.cluster.tracking.server import (
    FRONT_PORT,
    HEALTH_PATH,
    MLFLOW,
    UPLOAD_SECONDS,
    plain_front_config,
    server_command,
)
from mlplatform.cluster.tracking.start import start_script, start_variables
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import native
from mlplatform.components.envoy import ENVOY
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.components.tracking import ManagedTracking, TrackingDatabase
from mlplatform.components.tracking_names import ARTIFACTS
from mlplatform.components.tracking_sizes import TrackingSizes
from mlplatform.spec.tracking import TrackingSpec

_NOTE = (
    "the tracking server is reached from the platform's network alone, at the address in the output trackingUri, with "
    "an identity token of who may invoke it; whoever may log a run may change and delete every other. Its instances "
    "never sleep, because a start takes a minute or more"
)
_START_PROBES = 24
"""Probes of ten seconds: Cloud Run ends an instance that has not started in four minutes."""


@dataclass(frozen=True, kw_only=True)
class GcpTrackingService(ManagedTracking):
    """A service of Cloud Run."""

    scope: Scope
    """The tracking component's own scope."""

    service: cloudrunv2.Service
    """The service."""

    def grant(self, identity: Identity) -> None:
        """Let an identity call the server."""
        target, grantee = self.scope.target(GcpTarget), native(identity.parts, GcpIdentity)
        for name, member in grantee.grantees("log"):
            grantee.grants.append(
                cloudrunv2.ServiceIamMember(
                    self.scope.child(name),
                    project=target.project,
                    location=target.region,
                    name=self.service.name,
                    role="roles/run.invoker",
                    member=member,
                    opts=self.scope.opts(effect_seconds=GRANT_SECONDS),
                )
            )


def build(
    scope: Scope,
    spec: TrackingSpec,
    sizes: TrackingSizes,
    identity: Identity,
    database: TrackingDatabase,
    store: ArtifactStore,
    models: ModelRegistry,
) -> GcpTrackingService:
    """The service, as the identity that logs in to the database and writes the artefacts."""
    target, account = scope.target(GcpTarget), native(identity.parts, GcpIdentity)
    keys, network = native(scope.context.keys.parts, GcpKeys), native(scope.context.network.parts, GcpNetwork)
    caches = native(models.parts, GcpModels)
    front_image, server_image = pull_through_cache(caches, ENVOY), pull_through_cache(caches, spec.image or MLFLOW)
    service = cloudrunv2.Service(
        scope.child("service"),
        project=target.project,
        location=target.region,
        name=server_name(scope.spec),
        description="Tracking server",
        ingress="INGRESS_TRAFFIC_INTERNAL_ONLY",
        binary_authorization=cloudrunv2.ServiceBinaryAuthorizationArgs(use_default=True),
        # what must not be lost is in the database and in the store
        deletion_protection=False,
        labels=scope.tags,
        template=cloudrunv2.ServiceTemplateArgs(
            service_account=account.email,
            encryption_key=keys.ids["serving"],
            execution_environment="EXECUTION_ENVIRONMENT_GEN2",
            containers=[_front(front_image.address), _server(server_image.address, database, store)],
            # one more while others start
            scaling=cloudrunv2.ServiceTemplateScalingArgs(
                min_instance_count=sizes.replicas, max_instance_count=sizes.replicas + 1
            ),
            max_instance_request_concurrency=80,
            timeout=f"{UPLOAD_SECONDS}s",
            vpc_access=cloudrunv2.ServiceTemplateVpcAccessArgs(
                egress="ALL_TRAFFIC",
                network_interfaces=[
                    cloudrunv2.ServiceTemplateVpcAccessNetworkInterfaceArgs(subnetwork=network.apps_subnet_id)
                ],
            ),
        ),
        opts=scope.opts(
            depends_on=[
                *account.grants,
                *keys.ready["serving"],
                *network.ready,
                *front_image.ready,
                *server_image.ready,
                *native(scope.context.foundation.parts, GcpFoundation).after("run", "binaryauthorization"),
            ],
            timeouts={"create": "30m", "update": "30m"},
        ),
    )
    # the address follows from names; the output waits for the service
    uri = service.id.apply(lambda _: service_uri(scope.spec))
    return GcpTrackingService(uri=uri, note=_NOTE, scope=scope, service=service)


def _front(image: str) -> cloudrunv2.ServiceTemplateContainerArgs:
    return cloudrunv2.ServiceTemplateContainerArgs(
        name="front",
        image=image,
        args=["--config-yaml", plain_front_config(), "--concurrency", "2"],
        ports=cloudrunv2.ServiceTemplateContainerPortsArgs(name="h2c", container_port=FRONT_PORT),
        resources=cloudrunv2.ServiceTemplateContainerResourcesArgs(
            limits={"cpu": "1", "memory": "512Mi"}, cpu_idle=False, startup_cpu_boost=True
        ),
        # MLflow's own health, through the front
        startup_probe=cloudrunv2.ServiceTemplateContainerStartupProbeArgs(
            http_get=cloudrunv2.ServiceTemplateContainerStartupProbeHttpGetArgs(path=HEALTH_PATH, port=FRONT_PORT),
            period_seconds=10,
            timeout_seconds=5,
            failure_threshold=_START_PROBES,
        ),
        liveness_probe=cloudrunv2.ServiceTemplateContainerLivenessProbeArgs(
            http_get=cloudrunv2.ServiceTemplateContainerLivenessProbeHttpGetArgs(path=HEALTH_PATH, port=FRONT_PORT),
            period_seconds=30,
            timeout_seconds=10,
            failure_threshold=4,
        ),
    )


def _server(image: str, database: TrackingDatabase, store: ArtifactStore) -> cloudrunv2.ServiceTemplateContainerArgs:
    place, folder = ARTIFACTS
    values: dict[str, pulumi.Input[str]] = {
        **start_variables(),
        "PGHOST": database.host,
        "PGUSER": database.user,
        "PGSSLMODE": "verify-ca",
        "TRACKING_LOGIN": "google-token",
        "TRACKING_ARTIFACTS": pulumi.Output.concat(store.uris[place], f"/{folder}"),
        **({"TRACKING_AUTHORITY": database.authority} if database.authority is not None else {}),
    }
    return cloudrunv2.ServiceTemplateContainerArgs(
        name="mlflow",
        image=image,
        commands=["sh", "-c"],
        args=[start_script(server_command("-"), {"-": "TRACKING_ARTIFACTS"})],
        envs=[
            cloudrunv2.ServiceTemplateContainerEnvArgs(name=name, value=value) for name, value in sorted(values.items())
        ],
        resources=cloudrunv2.ServiceTemplateContainerResourcesArgs(
            limits={"cpu": "1", "memory": "4Gi"}, cpu_idle=False, startup_cpu_boost=True
        ),
    )
