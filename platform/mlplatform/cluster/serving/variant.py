"""Everything of one variant: its replicas, however they are run and replaced, their name, number and budget."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from mlplatform import discovery
from mlplatform.cluster.facts import LayerContext, PoolNodes
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import KubeObject, LabelRequirement, LabelSelector
from mlplatform.cluster.objects.core import ConfigMap
from mlplatform.cluster.objects.network import (
    EgressRule,
    IngressRule,
    NetworkPeer,
    NetworkPolicy,
    NetworkPolicySpec,
    NetworkPort,
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
    ResourceMetric,
    RollingUpdate,
    ScaledObject,
    ScalingBehavior,
    ScalingRules,
    ServicePort,
    ServiceSpec,
)
from mlplatform.cluster.pod_facts import WiresPods
from mlplatform.cluster.serving.models import JOIN_SECONDS, replica_template
from mlplatform.cluster.serving.names import group_name, model_labels, model_name, router_labels
from mlplatform.cluster.serving.pieces import (
    endpoint_item,
    endpoint_metadata,
    identity_egress,
    names_and_https,
    replica_budget,
)
from mlplatform.cluster.serving.rollout import (
    MODEL_SERVICE,
    ROLLED_SERVICE,
    SELECTOR,
    rolled_replicas,
    rollout_items,
)
from mlplatform.cluster.serving.router import DNS_SECONDS
from mlplatform.cluster.serving.router_metrics import METRICS_PORT
from mlplatform.cluster.serving.weights import SUMS_FILE, digests_text, sums_name
from mlplatform.cluster.serving_facts import ModelAccess, RouterMetrics
from mlplatform.components.cluster_rollouts import is_rolled_out, watch_minutes
from mlplatform.components.labels import ENDPOINT_LABEL, ROLE_LABEL
from mlplatform.components.releases import releases_of
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.variants import ShadowSpec, VariantSpec

_NODE_MINUTES = 30
"""Minutes for a node and the download of an image, besides the start of the server; a machine with eight GPUs takes up
to 20."""


def variant_items(
    layer: LayerContext,
    endpoint: EndpointSpec,
    variant: VariantSpec | ShadowSpec,
    access: ModelAccess,
    metrics: RouterMetrics | None,
) -> Iterator[LayerItem]:
    """The replicas of one variant, with their name, number and budget."""
    spec = layer.spec
    nodes = next(each for each in layer.all_pools if each.pool.name == endpoint.pool)
    wiring = None
    if isinstance(nodes, PoolNodes):
        wiring = discovery.backend(spec.targets[0].cloud).load(WiresPods)(spec, nodes)
    release = releases_of(spec, endpoint.name).get(variant.name)
    name, selector = model_name(endpoint, variant.name), model_labels(endpoint, variant.name)
    template = partial(replica_template, endpoint, variant, nodes, access, wiring, release, metrics=metrics)
    text = digests_text(release) if release and release.artifact else ""
    sums = sums_name(name, text) if text else None
    if sums:
        known = ConfigMap(metadata=endpoint_metadata(endpoint, sums), data={SUMS_FILE: text})
        # replicas of a former release, to which a rollout goes back, may start at any time
        yield endpoint_item("access", "release", name, known, kept=True)
    least, most = endpoint.replicas
    fixed = least if least == most else None
    # a shadow answers nobody: there is nothing to take back
    rolled = is_rolled_out(endpoint) and isinstance(variant, VariantSpec)
    # an old replica goes once the router knows the new one
    replaced = RollingUpdate(max_surge=1, max_unavailable=0)
    if endpoint.nodes > 1:
        replicas: KubeObject = LeaderWorkerSet(
            metadata=endpoint_metadata(endpoint, group_name(endpoint, variant.name)),
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
    elif rolled:
        start = endpoint.longest_start + _NODE_MINUTES * 60
        replicas = rolled_replicas(endpoint, variant.name, template(sums), fixed, start)
        yield from rollout_items(endpoint, variant.name, spec.monitoring.alerts)
    else:
        replicas = Deployment(
            metadata=endpoint_metadata(endpoint, name),
            spec=DeploymentSpec(
                selector=LabelSelector(match_labels=selector),
                template=template(sums),
                replicas=fixed,
                strategy=DeploymentStrategy(rolling_update=replaced),
                min_ready_seconds=DNS_SECONDS,
                progress_deadline_seconds=endpoint.longest_start + _NODE_MINUTES * 60,
            ),
        )
    yield endpoint_item("serving", "model", name, replicas, minutes=_rollout_minutes(endpoint))
    port = ServicePort(port=endpoint.port, target_port=endpoint.port)
    service = ServiceSpec(selector=selector, ports=(port,), cluster_ip="None")
    annotations = ROLLED_SERVICE if rolled else MODEL_SERVICE
    named = KubeService(metadata=endpoint_metadata(endpoint, name, annotations), spec=service)
    yield endpoint_item("access", "service", name, named, ignored=SELECTOR if rolled else ())
    # a drain of any node of a replica ends all of it
    members = {key: value for key, value in selector.items() if key != ROLE_LABEL}
    yield endpoint_item(
        "access", "budget", name, replica_budget(endpoint, name, selector if endpoint.nodes == 1 else members)
    )
    if least != most:
        yield endpoint_item("serving", "autoscaler", name, _autoscaler(endpoint, name, replicas))


def _rollout_minutes(endpoint: EndpointSpec) -> int:
    """Minutes in which every replica of a variant is replaced, one after the other, or all at once and measured."""
    if is_rolled_out(endpoint):
        return _NODE_MINUTES + -(-(endpoint.longest_start + DNS_SECONDS) // 60) + watch_minutes(endpoint)
    each = endpoint.longest_start + DNS_SECONDS + (JOIN_SECONDS if endpoint.nodes > 1 else 0)
    return _NODE_MINUTES + -(-each * endpoint.replicas[0] // 60)


def _autoscaler(endpoint: EndpointSpec, name: str, scaled: KubeObject) -> HorizontalPodAutoscaler:
    rule = endpoint.autoscaling
    least, most = endpoint.replicas
    return HorizontalPodAutoscaler(
        metadata=endpoint_metadata(endpoint, name),
        spec=AutoscalerSpec(
            scale_target_ref=ScaledObject(name=scaled.metadata.name, api_version=scaled.API, kind=scaled.KIND),
            min_replicas=least,
            max_replicas=most,
            metrics=(Metric(resource=ResourceMetric(target=MetricTarget(average_utilization=rule.target))),),
            behavior=ScalingBehavior(scale_down=ScalingRules(stabilization_window_seconds=rule.cooldown_seconds)),
        ),
    )


def models_network(endpoint: EndpointSpec, access: ModelAccess, *, counted: bool) -> NetworkPolicy:
    """The router alone reaches the models, which reach names, the store by HTTPS, and their identity's credentials. The
    nodes of a replica reach each other, at ports that they choose. Metrics are read from addresses that differ by
    cloud, as those of routers."""
    router = NetworkPeer(pod_selector=LabelSelector(match_labels=router_labels(endpoint)))
    models = LabelSelector(match_labels={key: value for key, value in model_labels(endpoint, "").items() if value})
    inside: tuple[NetworkPeer, ...] = ()
    if endpoint.nodes > 1:
        members = LabelRequirement(key=ROLE_LABEL, operator="In", values=("model", "worker"))
        models = LabelSelector(match_labels={ENDPOINT_LABEL: endpoint.name}, match_expressions=(members,))
        inside = (NetworkPeer(pod_selector=models),)
    return NetworkPolicy(
        metadata=endpoint_metadata(endpoint, f"{endpoint.name}--models"),
        spec=NetworkPolicySpec(
            pod_selector=models,
            policy_types=("Ingress", "Egress"),
            ingress=(
                IngressRule(from_=(router,), ports=(NetworkPort(port=endpoint.port),)),
                *((IngressRule(from_=inside),) if inside else ()),
                *((IngressRule(ports=(NetworkPort(port=METRICS_PORT),)),) if counted else ()),
            ),
            egress=(*names_and_https(), *identity_egress(access), *((EgressRule(to=inside),) if inside else ())),
        ),
    )
