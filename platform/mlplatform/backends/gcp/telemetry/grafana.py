"""Grafana for the project's metrics: GCP has no managed one, so it is a Cloud Run service with login through IAP.

It has no state: data source, settings and dashboards are files, so a restart or an upgrade loses nothing.
"""

from __future__ import annotations

import pulumi
from pulumi_gcp import artifactregistry, cloudrunv2, iap, projects, secretmanager, serviceaccount

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import ACCOUNT, COMPUTE, RUN, member_name, slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.telemetry.grafana_files import MOUNT, build_dashboard_files
from mlplatform.backends.gcp.telemetry.grafana_source import PORT, build_data_source, grafana_settings
from mlplatform.backends.gcp.telemetry.limits import GRAFANA_CACHE
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.access import ROLES, Role

IMAGE = "grafana/grafana:12.1.1"
"""Docker Hub's official image, pulled through a cache of the platform."""

READERS: tuple[Role, ...] = ROLES
"""Roles of people who may log in, as viewers."""

_MOUNT = "/etc/grafana/provisioning/datasources"


def build_grafana(scope: Scope, keys: GcpKeys, days: int) -> pulumi.Output[str]:
    """Build the service and its cache, account, data source and dashboards' bucket; returns its address.

    Args:
        scope: its owner.
        keys: the platform's.
        days: for which logs are kept.
    """
    target = scope.target(GcpTarget)
    account = _account(scope, keys, target)
    reads = projects.IAMMember(
        scope.child("grafana-reads"),
        project=target.project,
        role="roles/monitoring.viewer",
        member=account.member,
        opts=scope.opts(),
    )
    secret, ready = build_data_source(scope, keys, target, account)
    dashboards, files = build_dashboard_files(scope, keys, target, account, days)
    service = _service(scope, keys, target, account, (_source(secret), dashboards), (reads, *ready, *files))
    cloudrunv2.ServiceIamMember(
        scope.child("grafana-iap"),
        project=target.project,
        location=target.region,
        name=service.name,
        role="roles/run.invoker",
        member=keys.foundation.agents["iap"],
        opts=scope.opts(),
    )
    for role in READERS:
        for name in target.people.get(role, ()):
            iap.WebCloudRunServiceIamMember(
                scope.child(f"grafana-{role}-{slug(name)}"),
                project=target.project,
                location=target.region,
                cloud_run_service_name=service.name,
                role="roles/iap.httpsResourceAccessor",
                member=member_name(name),
                opts=scope.opts(depends_on=keys.foundation.after("iap")),
            )
    scope.note(
        "monitoring.grafana",
        "GCP has no managed Grafana: it runs on Cloud Run behind Identity-Aware Proxy and has no state; "
        "people of the organisation's domain log in; `mlplatform dashboards apply` gives it its dashboards",
    )
    return service.uri


def _account(scope: Scope, keys: GcpKeys, target: GcpTarget) -> serviceaccount.Account:
    return serviceaccount.Account(
        scope.child("grafana-account"),
        project=target.project,
        account_id=physical_name(scope.spec, "grafana", ACCOUNT),
        display_name=f"{platform_name(scope.spec, ' ')}: Grafana",
        opts=scope.opts(depends_on=keys.foundation.after("iam")),
    )


def _image(scope: Scope, keys: GcpKeys, target: GcpTarget) -> tuple[str, artifactregistry.Repository]:
    name = physical_name(scope.spec, GRAFANA_CACHE, COMPUTE)
    cache = artifactregistry.Repository(
        scope.child(GRAFANA_CACHE),
        project=target.project,
        location=target.region,
        repository_id=name,
        description="Cache of Docker Hub for Grafana",
        format="DOCKER",
        mode="REMOTE_REPOSITORY",
        kms_key_name=keys.ids["registry"],
        remote_repository_config=artifactregistry.RepositoryRemoteRepositoryConfigArgs(
            docker_repository=artifactregistry.RepositoryRemoteRepositoryConfigDockerRepositoryArgs(
                public_repository="DOCKER_HUB"
            )
        ),
        labels=scope.tags,
        opts=scope.opts(depends_on=(*keys.ready["registry"], *keys.foundation.after("artifactregistry"))),
    )
    return f"{target.region}-docker.pkg.dev/{target.project}/{name}/{IMAGE}", cache


def _source(secret: secretmanager.Secret) -> cloudrunv2.ServiceTemplateVolumeArgs:
    source = cloudrunv2.ServiceTemplateVolumeSecretArgs(
        secret=secret.secret_id,
        items=[cloudrunv2.ServiceTemplateVolumeSecretItemArgs(path="mlplatform.yaml", version="latest")],
    )
    return cloudrunv2.ServiceTemplateVolumeArgs(name="source", secret=source)


def _service(
    scope: Scope,
    keys: GcpKeys,
    target: GcpTarget,
    account: serviceaccount.Account,
    volumes: tuple[cloudrunv2.ServiceTemplateVolumeArgs, ...],
    ready: tuple[pulumi.Resource, ...],
) -> cloudrunv2.Service:
    image, cache = _image(scope, keys, target)
    name = physical_name(scope.spec, "grafana", RUN)
    container = cloudrunv2.ServiceTemplateContainerArgs(
        image=image,
        ports=cloudrunv2.ServiceTemplateContainerPortsArgs(container_port=PORT),
        envs=[
            cloudrunv2.ServiceTemplateContainerEnvArgs(name=variable, value=value)
            for variable, value in sorted(grafana_settings(target, name).items())
        ],
        resources=cloudrunv2.ServiceTemplateContainerResourcesArgs(limits={"cpu": "1", "memory": "1Gi"}),
        startup_probe=cloudrunv2.ServiceTemplateContainerStartupProbeArgs(
            http_get=cloudrunv2.ServiceTemplateContainerStartupProbeHttpGetArgs(path="/api/health"),
            period_seconds=5,
            failure_threshold=24,
        ),
        volume_mounts=[
            cloudrunv2.ServiceTemplateContainerVolumeMountArgs(name="source", mount_path=_MOUNT),
            cloudrunv2.ServiceTemplateContainerVolumeMountArgs(name="dashboards", mount_path=MOUNT),
        ],
    )
    return cloudrunv2.Service(
        scope.child("grafana"),
        project=target.project,
        location=target.region,
        name=name,
        ingress="INGRESS_TRAFFIC_ALL",
        iap_enabled=True,
        deletion_protection=False,
        binary_authorization=cloudrunv2.ServiceBinaryAuthorizationArgs(use_default=True),
        template=cloudrunv2.ServiceTemplateArgs(
            service_account=account.email,
            encryption_key=keys.ids["monitoring"],
            scaling=cloudrunv2.ServiceTemplateScalingArgs(min_instance_count=0, max_instance_count=1),
            containers=[container],
            volumes=list(volumes),
            # only this environment mounts buckets, https://docs.cloud.google.com/run/docs/configuring/services/cloud-storage-volume-mounts
            execution_environment="EXECUTION_ENVIRONMENT_GEN2",
        ),
        # not in the template: another tag would be another revision, and a restart
        labels=scope.tags,
        opts=scope.opts(
            depends_on=(
                *ready,
                cache,
                *keys.ready["monitoring"],
                *keys.foundation.after("run", "binaryauthorization", "iap"),
            )
        ),
    )
