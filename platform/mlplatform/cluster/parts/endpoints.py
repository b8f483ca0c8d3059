"""Endpoints that the cluster runs: for each a router, and the replicas of what is released."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from mlplatform import discovery
from mlplatform.cluster.facts import (
    BindsAccounts,
    CollectsRouterMetrics,
    LayerContext,
    ModelAccess,
    PoolNodes,
    RouterMetrics,
    ServesModels,
    WiresPods,
)
from mlplatform.cluster.items import LayerItem, Stage
from mlplatform.cluster.objects.base import KubeObject, LabelRequirement, LabelSelector, Metadata
from mlplatform.cluster.objects.core import ConfigMap, ServiceAccount
from mlplatform.cluster.objects.network import (
    EgressRule,
    IngressRule,
    IpBlock,
    NetworkPeer,
    NetworkPolicy,
    NetworkPolicySpec,
    NetworkPort,
)
from mlplatform.cluster.objects.pods import (
    Container,
    ContainerPort,
    HttpGet,
    Lifecycle,
    LifecycleHandler,
    PodMetadata,
    PodSpec,
    PodTemplate,
    Probe,
    Resources,
    Sleep,
    SpreadConstraint,
)
from mlplatform.cluster.objects.replica_groups import (
    GroupRollout,
    GroupTemplate,
    LeaderWorkerSet,
    LeaderWorkerSetSpec,
)
from mlplatform.cluster.objects.workloads import (
    AutoscalerSpec,
    Deployment,
    DeploymentSpec,
    DeploymentStrategy,
    HorizontalPodAutoscaler,
    KubeService,
    Metric,
    MetricTarget,
    ReplicaBudget,
    ReplicaBudgetSpec,
    ResourceMetric,
    RollingUpdate,
    ScaledObject,
    ScalingBehavior,
    ScalingRules,
    ServicePort,
    ServiceSpec,
)
from mlplatform.cluster.parts.base import NAMESPACE_LABEL, TRAINING_ACCOUNT, namespace, needs_groups
from mlplatform.cluster.parts.runtimes import fabric_claim
from mlplatform.cluster.serving.models import JOIN_SECONDS, LOCKED, SUMS_FILE, digests_text, replica_template, sums_name
from mlplatform.cluster.serving.names import group_name, model_labels, model_name, router_labels
from mlplatform.cluster.serving.router import DNS_SECONDS, ROUTER_PORT, router_config
from mlplatform.cluster.serving.router_metrics import METRICS_PATH, METRICS_PORT, METRICS_PORT_NAME
from mlplatform.components.cluster_endpoint import account_name
from mlplatform.components.envoy import ENVOY, READY_PATH
from mlplatform.components.labels import ENDPOINT_LABEL, ROLE_LABEL
from mlplatform.components.model_servers import server_container
from mlplatform.components.releases import apply_releases, releases_of
from mlplatform.spec.endpoints import SERVING_NAMESPACE, EndpointSpec, ShadowSpec, VariantSpec

_ROUTERS = 2
_FORGET_SECONDS = 10
"""Seconds until no node sends new requests to a router that leaves."""

_PORT = 80
_DNS, _HTTPS = 53, 443
_NODE_MINUTES = 30
"""Minutes for a node and the download of an image, besides the start of the server; a machine with eight GPUs takes up
to 20."""

_NO_WAIT = {"pulumi.com/skipAwait": "true"}
"""A service is there before its pods."""


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
    collected = None
    if spec.monitoring.prometheus:
        collected = backend.load(CollectsRouterMetrics)(
            {ROLE_LABEL: "router"}, METRICS_PORT_NAME, METRICS_PORT, METRICS_PATH
        )
        yield from collected.items
    for wanted in spec.cluster_endpoints:
        endpoint = apply_releases(spec, wanted, backend).spec
        account = account_name(endpoint)
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
            yield from _model(layer, endpoint, variant, access)
        yield _item("access", "network", f"{endpoint.name}--models", _models_network(endpoint, access))


def callers(layer: LayerContext) -> tuple[str, ...]:
    """Service accounts that may call endpoints, as `namespace:name`: those of jobs."""
    teams = layer.spec.cluster.teams if layer.spec.cluster else ()
    namespaces = (layer.spec.access.training_namespace, *(team.namespace for team in teams))
    return tuple(f"{each}:{TRAINING_ACCOUNT}" for each in namespaces)


def _item(stage: Stage, kind: str, name: str, body: KubeObject, minutes: int = 10) -> LayerItem:
    return LayerItem(role=f"endpoint-{kind}-{name}", stage=stage, body=body, minutes=minutes)


def _metadata(endpoint: EndpointSpec, name: str, annotations: dict[str, str] | None = None) -> Metadata:
    labels = {ENDPOINT_LABEL: endpoint.name}
    return Metadata(name=name, namespace=SERVING_NAMESPACE, labels=labels, annotations=annotations)


def _model(
    layer: LayerContext, endpoint: EndpointSpec, variant: VariantSpec | ShadowSpec, access: ModelAccess
) -> Iterator[LayerItem]:
    """The replicas of one variant, with their name, number and budget."""
    spec = layer.spec
    nodes = next(each for each in layer.all_pools if each.pool.name == endpoint.pool)
    wiring = None
    if isinstance(nodes, PoolNodes):
        wiring = discovery.backend(spec.targets[0].cloud).load(WiresPods)(spec, nodes)
    release = releases_of(spec, endpoint.name).get(variant.name)
    name, selector = model_name(endpoint, variant.name), model_labels(endpoint, variant.name)
    template = partial(replica_template, endpoint, variant, nodes, access, wiring, release)
    text = digests_text(release) if release and release.artifact else ""
    sums = sums_name(name, text) if text else None
    if sums:
        yield _item("access", "release", name, ConfigMap(metadata=_metadata(endpoint, sums), data={SUMS_FILE: text}))
    least, most = endpoint.replicas
    fixed = least if least == most else None
    # an old replica goes once the router knows the new one
    replaced = RollingUpdate(max_surge=1, max_unavailable=0)
    if endpoint.nodes > 1:
        replicas: KubeObject = LeaderWorkerSet(
            metadata=_metadata(endpoint, group_name(endpoint, variant.name)),
            spec=LeaderWorkerSetSpec(
                replicas=fixed,
                leader_worker_template=GroupTemplate(
                    size=endpoint.nodes,
                    leader_template=template(sums, "leader"),
                    worker_template=template(sums, "worker"),
                    # the nodes of a replica hold parts of one model: none goes on without the others
                    restart_policy="RecreateGroupOnPodRestart",
                ),
                rollout_strategy=GroupRollout(rolling_update_configuration=replaced),
            ),
        )
    else:
        replicas = Deployment(
            metadata=_metadata(endpoint, name),
            spec=DeploymentSpec(
                selector=LabelSelector(match_labels=selector),
                template=template(sums),
                replicas=fixed,
                strategy=DeploymentStrategy(rolling_update=replaced),
                min_ready_seconds=DNS_SECONDS,
                progress_deadline_seconds=endpoint.longest_start + _NODE_MINUTES * 60,
            ),
        )
    yield _item("serving", "model", name, replicas, minutes=_rollout_minutes(endpoint))
    port = ServicePort(port=endpoint.port, target_port=endpoint.port)
    service = ServiceSpec(selector=selector, ports=(port,), cluster_ip="None")
    yield _item("access", "service", name, KubeService(metadata=_metadata(endpoint, name, _NO_WAIT), spec=service))
    # a drain of any node of a replica ends all of it
    members = {key: value for key, value in selector.items() if key != ROLE_LABEL}
    yield _item("access", "budget", name, _budget(endpoint, name, selector if endpoint.nodes == 1 else members))
    if least != most:
        yield _item("serving", "autoscaler", name, _autoscaler(endpoint, name, replicas))


def _rollout_minutes(endpoint: EndpointSpec) -> int:
    """Minutes in which every replica of a variant is replaced, one after the other."""
    each = endpoint.longest_start + DNS_SECONDS + (JOIN_SECONDS if endpoint.nodes > 1 else 0)
    return _NODE_MINUTES + -(-each * endpoint.replicas[0] // 60)


def _budget(endpoint: EndpointSpec, name: str, selector: dict[str, str]) -> ReplicaBudget:
    selected = ReplicaBudgetSpec(max_unavailable=1, selector=LabelSelector(match_labels=selector))
    return ReplicaBudget(metadata=_metadata(endpoint, name), spec=selected)


def _autoscaler(endpoint: EndpointSpec, name: str, scaled: KubeObject) -> HorizontalPodAutoscaler:
    rule = endpoint.autoscaling
    least, most = endpoint.replicas
    return HorizontalPodAutoscaler(
        metadata=_metadata(endpoint, name),
        spec=AutoscalerSpec(
            scale_target_ref=ScaledObject(name=scaled.metadata.name, api_version=scaled.API, kind=scaled.KIND),
            min_replicas=least,
            max_replicas=most,
            metrics=(Metric(resource=ResourceMetric(target=MetricTarget(average_utilization=rule.target))),),
            behavior=ScalingBehavior(scale_down=ScalingRules(stabilization_window_seconds=rule.cooldown_seconds)),
        ),
    )


def _router(
    layer: LayerContext, endpoint: EndpointSpec, access: ModelAccess, collected: RouterMetrics | None
) -> Iterator[LayerItem]:
    """The router, on the system's nodes."""
    name, labels = endpoint.name, router_labels(endpoint)
    health = "/" if endpoint.awaits_model else server_container(endpoint, _any_image(endpoint)).health_path
    selected = LabelSelector(match_labels=labels)
    leaves = _FORGET_SECONDS + endpoint.timeout_seconds
    config = router_config(
        endpoint, access.keys_host, health, callers(layer), layer.spec.monitoring.alerts if collected else None
    )
    container = Container(
        name="router",
        image=ENVOY,
        command=("envoy",),
        args=("--config-yaml", config, "--concurrency", "2"),
        ports=(ContainerPort(name=METRICS_PORT_NAME, container_port=METRICS_PORT),) if collected else None,
        resources=Resources(requests={"cpu": "200m", "memory": "256Mi"}, limits={"memory": "512Mi"}),
        security_context=LOCKED,
        readiness_probe=Probe(
            http_get=HttpGet(path=READY_PATH, port=ROUTER_PORT), period_seconds=5, failure_threshold=2
        ),
        # Envoy ends at once when it is told to: other shares of the traffic would cut off every request under way
        lifecycle=Lifecycle(pre_stop=LifecycleHandler(sleep=Sleep(seconds=leaves))),
    )
    template = PodTemplate(
        metadata=PodMetadata(labels=labels, annotations=(collected.annotations or None) if collected else None),
        spec=PodSpec(
            containers=(container,),
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
    yield _item("routers", "router", name, Deployment(metadata=_metadata(endpoint, name), spec=deployment))
    service = ServiceSpec(selector=labels, ports=(ServicePort(port=_PORT, target_port=ROUTER_PORT),))
    yield _item("access", "service", name, KubeService(metadata=_metadata(endpoint, name, _NO_WAIT), spec=service))
    yield _item("access", "budget", name, _budget(endpoint, name, labels))
    yield _item("access", "network", name, _router_network(layer, endpoint, collected is not None))


def _any_image(endpoint: EndpointSpec) -> str | None:
    """An image of the endpoint; the health path is that of its server, whatever the image."""
    return next((variant.image for variant in endpoint.all_variants() if variant.image), None)


def _names_and_https() -> tuple[EgressRule, ...]:
    names = (NetworkPort(port=_DNS, protocol="UDP"), NetworkPort(port=_DNS))
    return (EgressRule(ports=(*names, NetworkPort(port=_HTTPS))),)


def _router_network(layer: LayerContext, endpoint: EndpointSpec, collected: bool) -> NetworkPolicy:
    """Jobs reach the router, which reaches the endpoint's models, names, and the keys of tokens by HTTPS.

    Metrics are read from addresses that differ by cloud, outside of the cluster too; they are numbers without secrets.
    """
    peers = tuple(
        NetworkPeer(namespace_selector=LabelSelector(match_labels={NAMESPACE_LABEL: caller.partition(":")[0]}))
        for caller in callers(layer)
    )
    models = NetworkPeer(pod_selector=LabelSelector(match_labels={ENDPOINT_LABEL: endpoint.name}))
    return NetworkPolicy(
        metadata=_metadata(endpoint, endpoint.name),
        spec=NetworkPolicySpec(
            pod_selector=LabelSelector(match_labels=router_labels(endpoint)),
            policy_types=("Ingress", "Egress"),
            ingress=(
                IngressRule(from_=peers, ports=(NetworkPort(port=ROUTER_PORT),)),
                *((IngressRule(ports=(NetworkPort(port=METRICS_PORT),)),) if collected else ()),
            ),
            egress=(EgressRule(to=(models,), ports=(NetworkPort(port=endpoint.port),)), *_names_and_https()),
        ),
    )


def _models_network(endpoint: EndpointSpec, access: ModelAccess) -> NetworkPolicy:
    """The router alone reaches the models, which reach names, the store by HTTPS, and their identity's credentials. The
    nodes of a replica reach each other, at ports that they choose."""
    router = NetworkPeer(pod_selector=LabelSelector(match_labels=router_labels(endpoint)))
    credentials = tuple(
        EgressRule(to=(NetworkPeer(ip_block=IpBlock(cidr=f"{address}/32")),), ports=(NetworkPort(port=port),))
        for address, port in access.identity_servers
    )
    models = LabelSelector(match_labels={key: value for key, value in model_labels(endpoint, "").items() if value})
    inside: tuple[NetworkPeer, ...] = ()
    if endpoint.nodes > 1:
        members = LabelRequirement(key=ROLE_LABEL, operator="In", values=("model", "worker"))
        models = LabelSelector(match_labels={ENDPOINT_LABEL: endpoint.name}, match_expressions=(members,))
        inside = (NetworkPeer(pod_selector=models),)
    return NetworkPolicy(
        metadata=_metadata(endpoint, f"{endpoint.name}--models"),
        spec=NetworkPolicySpec(
            pod_selector=models,
            policy_types=("Ingress", "Egress"),
            ingress=(
                IngressRule(from_=(router,), ports=(NetworkPort(port=endpoint.port),)),
                *((IngressRule(from_=inside),) if inside else ()),
            ),
            egress=(*_names_and_https(), *credentials, *((EgressRule(to=inside),) if inside else ())),
        ),
    )
