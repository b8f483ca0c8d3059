"""What the whole platform tells: the outputs of its stack, and what the layer inside the cluster needs of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pulumi

from mlplatform.components.airflow_names import AIRFLOW_ACCOUNT
from mlplatform.components.cluster import layer_outputs
from mlplatform.components.cluster_names import account_name, monitor_account, router_account
from mlplatform.components.tracking_names import TRACKING_ACCOUNT
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE, STARTER_NAMESPACE

if TYPE_CHECKING:
    from mlplatform.components.identity import Identity
    from mlplatform.components.platform import Platform


def platform_layer(platform: Platform) -> dict[str, pulumi.Input[object]] | None:
    """What the stack of the layer inside the cluster is told; None where there is no layer."""
    cluster = platform.context.spec.cluster
    mounted: list[Place] = [mount.place for mount in cluster.mounts] if cluster else []
    places: dict[Place, Mapping[str, pulumi.Input[str]]] = {
        place: platform.store.parts.addresses[place] for place in mounted
    }
    if platform.cluster is None:
        return None
    served = {account_name(endpoint.spec): endpoint.identity for endpoint in platform.cluster_endpoints}
    for each in platform.cluster_endpoints:
        account = router_account(each.spec)
        if account and each.router:
            served[account] = each.router
    tracking = None
    if platform.tracking and platform.tracking.identity:
        served[TRACKING_ACCOUNT] = platform.tracking.identity
        tracking = platform.tracking.layer
    if platform.airflow:
        served[AIRFLOW_ACCOUNT] = platform.airflow.identity
    jobs: dict[str, Identity] = {**platform.teams, **platform.secret_readers}
    if platform.context.spec.cluster_pipelines:
        jobs[PIPELINES_NAMESPACE] = platform.pipelines
    door = platform.door.layer if platform.door else None
    if platform.door and platform.door.starter:
        jobs[STARTER_NAMESPACE] = platform.door.starter
    monitors: dict[str, pulumi.Output[str]] = {}
    for each in platform.model_monitors:
        if each.spec.on == "cluster" and each.identity and each.job is not None:
            account = monitor_account(each.endpoint)
            jobs[account], monitors[account] = each.identity, each.job
    files = platform.file_system.address if platform.file_system else None
    airflow: Mapping[str, pulumi.Input[object]] | None = platform.airflow.layer if platform.airflow else None
    if platform.managed_airflow:
        airflow = platform.managed_airflow.parts.layer
    return layer_outputs(
        platform.cluster,
        platform.training,
        jobs,
        places,
        served=served,
        file_system=files,
        tracking=tracking,
        airflow=airflow,
        door=door,
        monitors=monitors,
    )


def platform_outputs(platform: Platform) -> dict[str, pulumi.Input[object]]:
    """The stack's outputs."""
    telemetry = platform.context.telemetry.parts
    return {
        "cloud": platform.context.target.cloud,
        "target": platform.context.target.name,
        "network": platform.network.network_id,
        "networkRequirements": [
            {"need": requirement.need, "check": requirement.check}
            for requirement in platform.network.parts.requirements
        ]
        or None,
        "storeUris": dict(platform.store.uris),
        "imageRepositories": dict(platform.images.addresses),
        "modelGroups": dict(platform.models.groups),
        **(
            {"onlineFeatures": platform.features.online.address}
            if platform.features and platform.features.online
            else {}
        ),
        **({"trackingUri": platform.tracking.uri} if platform.tracking else {}),
        **({"airflowUrl": platform.managed_airflow.url} if platform.managed_airflow else {}),
        "clusterName": platform.cluster.cluster_name if platform.cluster else None,
        "clusterCredentials": platform.cluster.credentials_command if platform.cluster else None,
        "clusterAccess": list(platform.cluster.access_commands) if platform.cluster else [],
        "layer": platform.layer,
        "endpoints": {
            endpoint.identity.scope.name.removesuffix("-identity").removeprefix(
                f"{platform.context.prefix}-endpoint-"
            ): {
                "name": endpoint.endpoint_name,
                "url": endpoint.url,
                "phase": endpoint.phase,
            }
            for endpoint in platform.endpoints
        }
        | {
            endpoint.spec.name: {
                "name": endpoint.endpoint_name,
                "url": endpoint.url,
                "phase": endpoint.phase,
            }
            for endpoint in platform.cluster_endpoints
        },
        "dashboards": dict(platform.monitoring.dashboards),
        **({"door": platform.door.inbox} if platform.door else {}),
        **(
            {"extensions": {name: dict(each.made) for name, each in platform.extensions.items()}}
            if platform.extensions
            else {}
        ),
        "prometheusUrl": telemetry.prometheus_url,
        "grafanaUrl": telemetry.grafana_url,
        "notes": [f"{note.path}: {note.text}" for note in platform.context.notes],
    }
