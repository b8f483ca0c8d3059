"""The pods of one variant: they copy the released model from the store, check it, and serve it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mlplatform.cluster.facts import CpuPoolNodes, PoolNodes
from mlplatform.cluster.objects.base import LabelSelector
from mlplatform.cluster.objects.containers import (
    Capabilities,
    ClaimRef,
    Container,
    ContainerSecurity,
    EnvVar,
    HttpGet,
    Lifecycle,
    LifecycleHandler,
    Mount,
    Probe,
    Resources,
    SeccompProfile,
    Sleep,
)
from mlplatform.cluster.objects.pods import PodClaim, PodMetadata, PodSpec, PodTemplate, SpreadConstraint
from mlplatform.cluster.objects.volumes import EmptyDir, Volume
from mlplatform.cluster.pod_facts import PodWiring
from mlplatform.cluster.serving.names import model_labels, worker_labels
from mlplatform.cluster.serving.router import DNS_SECONDS
from mlplatform.cluster.serving.secrets import secret_container, secret_variables, secret_volume
from mlplatform.cluster.serving.server_metrics import metrics_container
from mlplatform.cluster.serving.weights import Weights
from mlplatform.cluster.serving_facts import ModelAccess, RouterMetrics
from mlplatform.cluster.wiring import FABRIC_CLAIM, claim_name, tolerations_of, with_profile
from mlplatform.components.cluster_names import account_name
from mlplatform.components.cluster_serving import replica_gpus
from mlplatform.components.labels import POOL_LABEL
from mlplatform.components.model_servers import ServerContainer, group_container, server_container
from mlplatform.components.token_metrics import measures_tokens
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.releases import FormerRelease
from mlplatform.spec.variants import ShadowSpec, VariantSpec

Member = Literal["alone", "leader", "worker"]
"""A pod's part in its replica: all of it; or, of a replica over several nodes, the one that answers, or another."""

_PROBE_SECONDS = 10
JOIN_SECONDS = 1800
"""Seconds in which the other nodes of a replica are there and have copied the model; its first one waits for them."""

_SERVER = ContainerSecurity(allow_privilege_escalation=False, seccomp_profile=SeccompProfile())
"""What a model's server may do; the images of most start as root."""


def replica_template(
    endpoint: EndpointSpec,
    variant: VariantSpec | ShadowSpec,
    nodes: PoolNodes | CpuPoolNodes,
    access: ModelAccess,
    wiring: PodWiring | None,
    release: FormerRelease | None,
    sums: str | None,
    member: Member = "alone",
    metrics: RouterMetrics | None = None,
) -> PodTemplate:
    """The pods of a variant.

    Args:
        endpoint: the endpoint, with what is released.
        variant: the variant or shadow.
        nodes: its pool.
        access: how pods read models.
        wiring: what pods need on a pool with GPUs. None: the pool has none.
        release: the release of the variant. None: its image holds the model.
        sums: the ConfigMap with the digests of the release. None: the record has none.
        member: their part in a replica. Omitted: each pod is one.
        metrics: what brings the server's own metrics to the collector. None: they are not read.
    """
    gpus = replica_gpus(endpoint, nodes.choice if isinstance(nodes, PoolNodes) else None)
    server = server_container(endpoint, variant.image, gpus)
    grouped = None
    if member != "alone":
        server = group_container(server, endpoint.nodes, leader=member == "leader")
        grouped = wiring
    spot = nodes.pool.capacity == "spot"
    artifact = release.artifact if release else None
    weights = (
        Weights(endpoint=endpoint, variant=variant.name, server=server, artifact=artifact, sums=sums)
        if artifact
        else None
    )
    volumes = [*(weights.volumes if weights else ()), *secret_volume(endpoint)]
    volumes += [Volume(name="shm", empty_dir=EmptyDir(medium="Memory"))] if gpus > 1 else []
    volumes += grouped.volumes if grouped else ()
    labels = (worker_labels if member == "worker" else model_labels)(endpoint, variant.name)
    selected = LabelSelector(match_labels=labels)
    claimed = grouped is not None and nodes.claim is not None
    # the other nodes of a replica answer nothing, and a shadow answers nobody
    counts = measures_tokens(endpoint) and member != "worker" and isinstance(variant, VariantSpec)
    return PodTemplate(
        metadata=PodMetadata(
            labels={**labels, **(access.labels or {}), **((grouped.labels if grouped else None) or {})},
            annotations={
                **((grouped.annotations if grouped else None) or {}),
                **(metrics.annotations if metrics and counts else {}),
            }
            or None,
        ),
        spec=PodSpec(
            init_containers=(
                *secret_container(endpoint, access.secrets),
                *(weights.containers(access) if weights else ()),
                *(grouped.sidecars if grouped else ()),
            )
            or None,
            containers=(
                _server(endpoint, nodes, server, gpus, grouped, weights.mount if weights else None, member),
                *((metrics_container(endpoint),) if metrics and counts else ()),
            ),
            node_selector={POOL_LABEL: nodes.pool.name, **((wiring.selector if wiring else None) or {})},
            # no queue adds them: endpoints do not wait for a turn
            tolerations=tolerations_of(nodes.taints) or None,
            topology_spread_constraints=tuple(
                SpreadConstraint(topology_key=key, label_selector=selected)
                for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
            ),
            service_account_name=account_name(endpoint),
            automount_service_account_token=False,
            # the router forgets the replica first, then its last requests end; a spot node leaves less time
            termination_grace_period_seconds=None if spot else DNS_SECONDS + endpoint.timeout_seconds,
            volumes=tuple(volumes) or None,
            resource_claims=(PodClaim(name=FABRIC_CLAIM, resource_claim_template_name=claim_name(nodes)),)
            if claimed
            else None,
        ),
    )


def _server(
    endpoint: EndpointSpec,
    nodes: PoolNodes | CpuPoolNodes,
    server: ServerContainer,
    gpus: int,
    fabric: PodWiring | None,
    model: Mount | None,
    member: Member,
) -> Container:
    check = HttpGet(path=server.health_path, port=endpoint.port)
    longest = endpoint.longest_start + (JOIN_SECONDS if member == "leader" else 0)
    env = {**((fabric.env if fabric else None) or {}), **server.environment, **endpoint.env}
    mounts = [model] if model else []
    mounts += [Mount(name="shm", mount_path="/dev/shm")] if gpus > 1 else []
    return Container(
        name="server",
        image=server.image,
        command=(with_profile(server.command, fabric) if fabric else server.command) or None,
        args=server.args or None,
        env=(
            *(EnvVar(name=name, value=value) for name, value in sorted(env.items())),
            *secret_variables(endpoint),
        )
        or None,
        resources=_resources(endpoint, nodes, gpus, fabric),
        security_context=_security(fabric),
        volume_mounts=(*mounts, *(fabric.mounts if fabric else ())) or None,
        # a worker answers nothing; if it ends, its whole replica starts anew
        startup_probe=None
        if member == "worker"
        else Probe(http_get=check, period_seconds=_PROBE_SECONDS, failure_threshold=-(-longest // _PROBE_SECONDS)),
        readiness_probe=None
        if member == "worker"
        else Probe(http_get=check, period_seconds=_PROBE_SECONDS, failure_threshold=3),
        lifecycle=Lifecycle(pre_stop=LifecycleHandler(sleep=Sleep(seconds=_leave_seconds(nodes)))),
    )


def _leave_seconds(nodes: PoolNodes | CpuPoolNodes) -> int:
    """Seconds in which a replica goes on that the router still knows; a spot node is gone sooner."""
    return 10 if nodes.pool.capacity == "spot" else DNS_SECONDS


def _security(fabric: PodWiring | None) -> ContainerSecurity:
    if fabric is None or not fabric.capabilities:
        return _SERVER
    return ContainerSecurity(
        allow_privilege_escalation=False,
        capabilities=Capabilities(add=fabric.capabilities),
        seccomp_profile=SeccompProfile(),
    )


def _resources(
    endpoint: EndpointSpec, nodes: PoolNodes | CpuPoolNodes, gpus: int, fabric: PodWiring | None
) -> Resources:
    size: Mapping[str, str] = {"cpu": str(endpoint.cpu.vcpus), "memory": f"{endpoint.cpu.memory_gib}Gi"}
    if isinstance(nodes, CpuPoolNodes):
        return Resources(requests=size, limits={"memory": size["memory"]})
    devices = {nodes.resource: str(gpus), **((fabric.resources if fabric else None) or {})}
    claims = (ClaimRef(name=FABRIC_CLAIM),) if fabric and nodes.claim else None
    # a replica with GPUs may use what its node has left
    return Resources(requests={**size, **devices}, limits=devices, claims=claims)
