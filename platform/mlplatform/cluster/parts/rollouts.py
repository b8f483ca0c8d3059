"""What rolls out endpoints: Argo Rollouts, and the Prometheus that it asks how the new replicas answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata
from mlplatform.cluster.objects.containers import Container, HttpGet, Mount, Probe, Resources
from mlplatform.cluster.objects.core import ConfigMap
from mlplatform.cluster.objects.network import (
    EgressRule,
    IngressRule,
    NetworkPeer,
    NetworkPolicy,
    NetworkPolicySpec,
    NetworkPort,
)
from mlplatform.cluster.objects.pods import PodMetadata, PodSpec, PodTemplate
from mlplatform.cluster.objects.volumes import ConfigMapVolume, EmptyDir, Volume
from mlplatform.cluster.objects.workloads import (
    Deployment,
    DeploymentSpec,
    DeploymentStrategy,
    KubeService,
    RollingUpdate,
    ServicePort,
    ServiceSpec,
)
from mlplatform.cluster.parts.engines import SMALL
from mlplatform.cluster.serving.pieces import NO_WAIT
from mlplatform.cluster.serving.rollout import MEASURES_NAME, MEASURES_PORT
from mlplatform.cluster.serving.rollout_steps import mover_items
from mlplatform.cluster.serving.router_metrics import METRICS_PATH, METRICS_PORT
from mlplatform.cluster.serving.weights import LOCKED
from mlplatform.components.cluster_rollouts import is_rolled_out
from mlplatform.components.labels import ROLE_LABEL
from mlplatform.components.names import short_hash
from mlplatform.spec.endpoints import SERVING_NAMESPACE

PROMETHEUS = "quay.io/prometheus/prometheus:v3.13.2"
"""Supported until July 2027, https://prometheus.io/docs/introduction/release-cycle/ (2026-11)"""

_ROUTERS = "mlplatform--routers"
_LABELS = {ROLE_LABEL: "measures"}
_DNS = 53


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """The controller, in the namespace of endpoints and with rights there alone, and its measurements."""
    if not any(is_rolled_out(endpoint) for endpoint in layer.spec.cluster_endpoints):
        return
    yield LayerItem(
        role="release-argo-rollouts",
        stage="engines",
        body=ChartRelease(
            chart="argo-rollouts",
            namespace=SERVING_NAMESPACE,
            values={
                "clusterInstall": False,
                "createClusterAggregateRoles": False,
                "controller": {"resources": SMALL, "pdb": {"enabled": True, "maxUnavailable": 1}},
                "notifications": {"configmap": {"create": False}, "secret": {"create": False}},
            },
        ),
    )
    yield from _measures()
    yield from mover_items(layer.spec.cluster_endpoints)


def _config() -> str:
    """Prometheus' configuration: every router of the namespace, by the name of all. JSON is YAML."""
    names = [f"{_ROUTERS}.{SERVING_NAMESPACE}.svc.cluster.local"]
    found = {"names": names, "type": "A", "port": METRICS_PORT, "refresh_interval": "10s"}
    job = {"job_name": "routers", "metrics_path": METRICS_PATH, "dns_sd_configs": [found]}
    return json.dumps({"global": {"scrape_interval": "15s"}, "scrape_configs": [job]}, sort_keys=True, indent=1)


def _measures() -> Iterator[LayerItem]:
    """A Prometheus that remembers two hours; without it a rollout is taken back."""
    config = _config()
    # another configuration has another name, so that its pod starts anew
    config_name = f"{MEASURES_NAME}-{short_hash(config, 8)}"
    yield _item("config", ConfigMap(metadata=_metadata(config_name), data={"prometheus.yml": config}))
    yield _item("routers", _service(_ROUTERS, {ROLE_LABEL: "router"}, METRICS_PORT, named=True))
    yield _item("service", _service(MEASURES_NAME, _LABELS, MEASURES_PORT))
    yield _item("network", _network())
    container = Container(
        name="prometheus",
        image=PROMETHEUS,
        args=(
            "--config.file=/etc/prometheus/prometheus.yml",
            "--storage.tsdb.path=/prometheus",
            "--storage.tsdb.retention.time=2h",
            f"--web.listen-address=:{MEASURES_PORT}",
        ),
        resources=Resources(requests={"cpu": "100m", "memory": "256Mi"}, limits={"memory": "512Mi"}),
        security_context=LOCKED,
        volume_mounts=(
            Mount(name="config", mount_path="/etc/prometheus", read_only=True),
            Mount(name="data", mount_path="/prometheus"),
        ),
        readiness_probe=Probe(
            http_get=HttpGet(path="/-/ready", port=MEASURES_PORT), period_seconds=5, failure_threshold=3
        ),
    )
    pod = PodSpec(
        containers=(container,),
        automount_service_account_token=False,
        volumes=(
            Volume(name="config", config_map=ConfigMapVolume(name=config_name)),
            Volume(name="data", empty_dir=EmptyDir(size_limit="1Gi")),
        ),
    )
    deployment = DeploymentSpec(
        selector=LabelSelector(match_labels=_LABELS),
        template=PodTemplate(metadata=PodMetadata(labels=_LABELS), spec=pod),
        replicas=1,
        strategy=DeploymentStrategy(rolling_update=RollingUpdate(max_surge=1, max_unavailable=0)),
    )
    yield LayerItem(
        role="rollouts-measures",
        stage="addons",
        body=Deployment(metadata=_metadata(MEASURES_NAME), spec=deployment),
    )


def _item(kind: str, body: ConfigMap | KubeService | NetworkPolicy) -> LayerItem:
    return LayerItem(role=f"rollouts-{kind}", stage="access", body=body)


def _metadata(name: str, annotations: dict[str, str] | None = None) -> Metadata:
    return Metadata(name=name, namespace=SERVING_NAMESPACE, annotations=annotations)


def _service(name: str, selector: dict[str, str], port: int, *, named: bool = False) -> KubeService:
    spec = ServiceSpec(
        selector=selector,
        ports=(ServicePort(port=port, target_port=port),),
        # the name of all routers leads to each of them
        cluster_ip="None" if named else None,
    )
    return KubeService(metadata=_metadata(name, NO_WAIT), spec=spec)


def _network() -> NetworkPolicy:
    """The controller alone asks it, and it reaches routers and names alone."""
    controller = NetworkPeer(pod_selector=LabelSelector(match_labels={"app.kubernetes.io/name": "argo-rollouts"}))
    routers = NetworkPeer(pod_selector=LabelSelector(match_labels={ROLE_LABEL: "router"}))
    names = (NetworkPort(port=_DNS, protocol="UDP"), NetworkPort(port=_DNS))
    return NetworkPolicy(
        metadata=_metadata(MEASURES_NAME),
        spec=NetworkPolicySpec(
            pod_selector=LabelSelector(match_labels=_LABELS),
            policy_types=("Ingress", "Egress"),
            ingress=(IngressRule(from_=(controller,), ports=(NetworkPort(port=MEASURES_PORT),)),),
            egress=(EgressRule(to=(routers,), ports=(NetworkPort(port=METRICS_PORT),)), EgressRule(ports=names)),
        ),
    )
