"""Endpoints that the cluster runs: for each a router, and the replicas of what is released."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata
from mlplatform.cluster.objects.containers import (
    Container,
    ContainerPort,
    HttpGet,
    Lifecycle,
    LifecycleHandler,
    Probe,
    Resources,
    Sleep,
)
from mlplatform.cluster.objects.core import ServiceAccount
from mlplatform.cluster.objects.network import (
    EgressRule,
    IngressRule,
    NetworkPeer,
    NetworkPolicy,
    NetworkPolicySpec,
    NetworkPort,
)
from mlplatform.cluster.objects.pods import PodMetadata, PodSpec, PodTemplate, SpreadConstraint
from mlplatform.cluster.objects.workloads import (
    Deployment,
    DeploymentSpec,
    DeploymentStrategy,
    KubeService,
    RollingUpdate,
    ServicePort,
    ServiceSpec,
)
from mlplatform.cluster.parts.base import NAMESPACE_LABEL, TRAINING_ACCOUNT, namespace, needs_groups
from mlplatform.cluster.parts.runtimes import fabric_claim
from mlplatform.cluster.people_facts import BindsAccounts
from mlplatform.cluster.serving.capture import capture_containers, capture_mount, capture_volumes
from mlplatform.cluster.serving.entry import (
    entry_containers,
    entry_ingress,
    entry_items,
    entry_mount,
    entry_volume,
)
from mlplatform.cluster.serving.names import router_labels
from mlplatform.cluster.serving.pieces import (
    NO_WAIT,
    endpoint_item,
    endpoint_metadata,
    identity_egress,
    names_and_https,
    replica_budget,
)
from mlplatform.cluster.serving.router import ROUTER_PORT, router_config
from mlplatform.cluster.serving.router_metrics import METRICS_PATH, METRICS_PORT, METRICS_PORT_NAME
from mlplatform.cluster.serving.server_metrics import SERVER_METRICS_PATH
from mlplatform.cluster.serving.variant import models_network, variant_items
from mlplatform.cluster.serving.weights import LOCKED, cache_items
from mlplatform.cluster.serving_facts import (
    ROUTERS,
    SERVERS,
    CollectsRouterMetrics,
    ModelAccess,
    RouterMetrics,
    ServesModels,
)
from mlplatform.components.cluster_names import account_name, router_account
from mlplatform.components.cluster_rollouts import is_rolled_out
from mlplatform.components.envoy import ENVOY, READY_PATH
from mlplatform.components.labels import ENDPOINT_LABEL
from mlplatform.components.model_servers import server_container
from mlplatform.components.releases import apply_releases
from mlplatform.components.token_metrics import measures_tokens
from mlplatform.spec.endpoints import SERVING_NAMESPACE, EndpointSpec

_ROUTERS = 2
_FORGET_SECONDS = 10
"""Seconds until no node sends new requests to a router that leaves."""

_PORT = 80


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """Everything of every endpoint; nothing where the spec has none on the cluster."""
    spec = layer.spec
    if not spec.cluster_endpoints:
        return
    backend = discovery.backend(spec.targets[0].cloud)
    access = backend.load(ServesModels)(spec)
    # a fabric's pods lock memory (IPC_LOCK) and mount its libraries, which only `privileged` admits
    yield namespace(SERVING_NAMESPACE, "privileged" if needs_groups(layer) else "baseline")
    grouped = {endpoint.pool for endpoint in spec.cluster_endpoints if endpoint.nodes > 1}
    for nodes in layer.pools:
        if nodes.claim and nodes.pool.name in grouped:
            yield fabric_claim(nodes, nodes.claim, SERVING_NAMESPACE)
    collected = servers = None
    if spec.monitoring.prometheus:
        collect = backend.load(CollectsRouterMetrics)
        collected = collect(ROUTERS, METRICS_PORT_NAME, METRICS_PORT, METRICS_PATH)
        yield from collected.items
        if any(measures_tokens(endpoint) for endpoint in spec.cluster_endpoints):
            servers = collect(SERVERS, METRICS_PORT_NAME, METRICS_PORT, SERVER_METRICS_PATH)
            yield from servers.items
    for wanted in spec.cluster_endpoints:
        endpoint = apply_releases(spec, wanted, backend).spec
        for account in (account_name(endpoint), router_account(endpoint)):
            if account is None:
                continue
            yield LayerItem(
                role=f"account-{SERVING_NAMESPACE}-{account}",
                stage="access",
                body=ServiceAccount(
                    metadata=Metadata(
                        name=account,
                        namespace=SERVING_NAMESPACE,
                        annotations=backend.load(BindsAccounts)(spec, account) or None,
                    ),
                    automount_service_account_token=False,
                ),
            )
        yield from _router(layer, endpoint, access, collected)
        if endpoint.awaits_model:
            continue
        for variant in (*endpoint.all_variants(), *((endpoint.shadow,) if endpoint.shadow else ())):
            yield from variant_items(layer, endpoint, variant, access, servers)
        yield from cache_items(endpoint)
        counted = servers is not None and measures_tokens(endpoint)
        models = models_network(endpoint, access, counted=counted)
        yield endpoint_item("access", "network", f"{endpoint.name}--models", models)


def callers(layer: LayerContext) -> tuple[str, ...]:
    """Service accounts that may call endpoints, as `namespace:name`: those of jobs."""
    teams = layer.spec.cluster.teams if layer.spec.cluster else ()
    namespaces = (layer.spec.access.training_namespace, *(team.namespace for team in teams))
    return tuple(f"{each}:{TRAINING_ACCOUNT}" for each in namespaces)


def _router(
    layer: LayerContext, endpoint: EndpointSpec, access: ModelAccess, collected: RouterMetrics | None
) -> Iterator[LayerItem]:
    """The router, on the system's nodes."""
    name, labels = endpoint.name, router_labels(endpoint)
    health = "/" if endpoint.awaits_model else server_container(endpoint, _any_image(endpoint)).health_path
    selected = LabelSelector(match_labels=labels)
    leaves = _FORGET_SECONDS + endpoint.timeout_seconds
    # the measurements of rollouts read them too
    counted = collected is not None or is_rolled_out(endpoint)
    config = router_config(
        endpoint, access.keys_host, health, callers(layer), layer.spec.monitoring.alerts if counted else None
    )
    captures = endpoint.capture_percent > 0
    container = Container(
        name="router",
        image=ENVOY,
        command=("envoy",),
        args=("--config-yaml", config, "--concurrency", "2"),
        ports=(ContainerPort(name=METRICS_PORT_NAME, container_port=METRICS_PORT),) if counted else None,
        resources=Resources(
            requests={"cpu": "200m", "memory": "256Mi"}, limits={"memory": "1Gi" if captures else "512Mi"}
        ),
        security_context=LOCKED,
        volume_mounts=(
            *((capture_mount(),) if captures else ()),
            *((entry_mount(),) if endpoint.open_entry else ()),
        )
        or None,
        readiness_probe=Probe(
            http_get=HttpGet(path=READY_PATH, port=ROUTER_PORT), period_seconds=5, failure_threshold=2
        ),
        # Envoy ends at once when it is told to: other shares of the traffic would cut off every request under way
        lifecycle=Lifecycle(pre_stop=LifecycleHandler(sleep=Sleep(seconds=leaves))),
    )
    template = PodTemplate(
        metadata=PodMetadata(
            labels={**labels, **((access.labels or {}) if router_account(endpoint) else {})},
            annotations=(collected.annotations or None) if collected else None,
        ),
        spec=PodSpec(
            containers=(container,),
            init_containers=(
                *(entry_containers(endpoint.open_entry, access.secrets) if endpoint.open_entry else ()),
                *(capture_containers(endpoint, layer.spec, access.captures) if captures else ()),
            )
            or None,
            service_account_name=router_account(endpoint),
            volumes=(
                *(capture_volumes(endpoint) if captures else ()),
                *((entry_volume(),) if endpoint.open_entry else ()),
            )
            or None,
            automount_service_account_token=False,
            termination_grace_period_seconds=leaves + _FORGET_SECONDS,
            topology_spread_constraints=tuple(
                SpreadConstraint(topology_key=key, label_selector=selected)
                for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
            ),
        ),
    )
    deployment = DeploymentSpec(
        selector=selected,
        template=template,
        replicas=_ROUTERS,
        strategy=DeploymentStrategy(rolling_update=RollingUpdate(max_surge=1, max_unavailable=0)),
    )
    yield endpoint_item(
        "routers", "router", name, Deployment(metadata=endpoint_metadata(endpoint, name), spec=deployment)
    )
    service = ServiceSpec(selector=labels, ports=(ServicePort(port=_PORT, target_port=ROUTER_PORT),))
    yield endpoint_item(
        "access", "service", name, KubeService(metadata=endpoint_metadata(endpoint, name, NO_WAIT), spec=service)
    )
    yield from entry_items(endpoint, access)
    yield endpoint_item("access", "budget", name, replica_budget(endpoint, name, labels))
    yield endpoint_item("access", "network", name, _router_network(layer, endpoint, access, counted))


def _any_image(endpoint: EndpointSpec) -> str | None:
    """An image of the endpoint; the health path is that of its server, whatever the image."""
    return next((variant.image for variant in endpoint.all_variants() if variant.image), None)


def _router_network(layer: LayerContext, endpoint: EndpointSpec, access: ModelAccess, counted: bool) -> NetworkPolicy:
    """Jobs reach the router, which reaches the endpoint's models, names, and the keys of tokens by HTTPS.

    Metrics are read from addresses that differ by cloud, outside of the cluster too; they are numbers without secrets.
    """
    peers = tuple(
        NetworkPeer(namespace_selector=LabelSelector(match_labels={NAMESPACE_LABEL: caller.partition(":")[0]}))
        for caller in callers(layer)
    )
    models = NetworkPeer(pod_selector=LabelSelector(match_labels={ENDPOINT_LABEL: endpoint.name}))
    return NetworkPolicy(
        metadata=endpoint_metadata(endpoint, endpoint.name),
        spec=NetworkPolicySpec(
            pod_selector=LabelSelector(match_labels=router_labels(endpoint)),
            policy_types=("Ingress", "Egress"),
            ingress=(
                IngressRule(from_=peers, ports=(NetworkPort(port=ROUTER_PORT),)),
                *entry_ingress(endpoint),
                *((IngressRule(ports=(NetworkPort(port=METRICS_PORT),)),) if counted else ()),
            ),
            egress=(
                EgressRule(to=(models,), ports=(NetworkPort(port=endpoint.port),)),
                *names_and_https(),
                *(identity_egress(access) if router_account(endpoint) else ()),
            ),
        ),
    )
