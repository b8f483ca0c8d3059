"""The tracking server in the cluster, with its callers: jobs of the platform's own namespace and of teams."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem, Stage
from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata
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
from mlplatform.cluster.objects.workloads import (
    Deployment,
    DeploymentSpec,
    DeploymentStrategy,
    KubeService,
    ReplicaBudget,
    ReplicaBudgetSpec,
    RollingUpdate,
    ServicePort,
    ServiceSpec,
)
from mlplatform.cluster.parts.base import NAMESPACE_LABEL, TRAINING_ACCOUNT
from mlplatform.cluster.parts.walls import port_forward, walled
from mlplatform.cluster.people_facts import BindsAccounts
from mlplatform.cluster.serving_facts import ReachesDatabase, ServesModels
from mlplatform.cluster.tracking.client import client_config, program
from mlplatform.cluster.tracking.server import CODE, FRONT_PORT, LABELS, MLFLOW, server_template
from mlplatform.components.tracking_names import PORT, TRACKING_ACCOUNT
from mlplatform.components.tracking_sizes import tracking_sizes
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE
from mlplatform.spec.tracking import TRACKING_NAMESPACE

_NAME = "mlflow"
_MINUTES = 45
"""Minutes for a node, the download of an image of two gigabytes, and the upgrade of the tables."""


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """The server, and what the pods of jobs have of it; nothing where the spec has none."""
    tracking = layer.spec.cluster_tracking
    if tracking is None:
        return
    backend = discovery.backend(layer.spec.targets[0].cloud)
    cloud, access = backend.load(ServesModels)(layer.spec), backend.load(ReachesDatabase)(layer.spec)
    accounts = calling_accounts(layer)
    namespaces = tuple(accounts)
    yield from walled(TRACKING_NAMESPACE)
    yield from port_forward(layer, TRACKING_NAMESPACE)
    account = ServiceAccount(
        metadata=Metadata(
            name=TRACKING_ACCOUNT,
            namespace=TRACKING_NAMESPACE,
            annotations=backend.load(BindsAccounts)(layer.spec, TRACKING_ACCOUNT) or None,
        ),
        automount_service_account_token=False,
    )
    yield LayerItem(role=f"account-{TRACKING_NAMESPACE}-{TRACKING_ACCOUNT}", stage="access", body=account)
    programs = {
        "sitecustomize.py": program("database_login"),
        "prepare_database.py": program("prepare_database"),
    }
    yield _item("access", "programs", ConfigMap(metadata=_metadata(CODE), data=programs))
    callers = tuple(f"{namespace}:{account}" for namespace, account in accounts.items())
    yield _item(
        "serving",
        "server",
        Deployment(
            metadata=_metadata(_NAME),
            spec=DeploymentSpec(
                selector=LabelSelector(match_labels=LABELS),
                template=server_template(tracking.image or MLFLOW, access, cloud, callers),
                replicas=tracking_sizes(layer.spec, tracking).replicas,
                strategy=DeploymentStrategy(rolling_update=RollingUpdate(max_surge=1, max_unavailable=0)),
                progress_deadline_seconds=_MINUTES * 60,
            ),
        ),
        minutes=_MINUTES,
    )
    service = ServiceSpec(selector=LABELS, ports=(ServicePort(port=80, target_port=FRONT_PORT),))
    # a service is there before its pods
    yield _item("access", "service", KubeService(metadata=_metadata(_NAME, no_wait=True), spec=service))
    budget = ReplicaBudgetSpec(max_unavailable=1, selector=LabelSelector(match_labels=LABELS))
    yield _item("access", "budget", ReplicaBudget(metadata=_metadata(_NAME), spec=budget))
    yield _item("access", "network", _network(namespaces, cloud.identity_servers))
    for namespace in namespaces:
        yield LayerItem(role=f"tracking-client-{namespace}", stage="access", body=client_config(namespace))


def calling_accounts(layer: LayerContext) -> dict[str, str]:
    """The service account of the pods that reach the server, by namespace: jobs, and the steps of pipelines here."""
    teams = layer.spec.cluster.teams if layer.spec.cluster else ()
    jobs = (layer.spec.access.training_namespace, *(team.namespace for team in teams))
    steps = {PIPELINES_NAMESPACE: PIPELINES_NAMESPACE} if layer.spec.cluster_pipelines else {}
    return {**dict.fromkeys(jobs, TRAINING_ACCOUNT), **steps}


def _item(stage: Stage, kind: str, body: KubeObject, minutes: int = 10) -> LayerItem:
    return LayerItem(role=f"tracking-{kind}", stage=stage, body=body, minutes=minutes)


def _metadata(name: str, *, no_wait: bool = False) -> Metadata:
    annotations = {"pulumi.com/skipAwait": "true"} if no_wait else None
    return Metadata(name=name, namespace=TRACKING_NAMESPACE, labels=LABELS, annotations=annotations)


def _network(namespaces: tuple[str, ...], identity_servers: tuple[tuple[str, int], ...]) -> NetworkPolicy:
    """Jobs reach the front; the pods reach names, the cloud's APIs, their database, and their identity's credentials.

    The database's address lies in the platform's network, in a range that differs by cloud.
    """
    peers = tuple(
        NetworkPeer(namespace_selector=LabelSelector(match_labels={NAMESPACE_LABEL: name})) for name in namespaces
    )
    names = (NetworkPort(port=53, protocol="UDP"), NetworkPort(port=53))
    credentials = tuple(
        EgressRule(to=(NetworkPeer(ip_block=IpBlock(cidr=f"{address}/32")),), ports=(NetworkPort(port=port),))
        for address, port in identity_servers
    )
    return NetworkPolicy(
        metadata=_metadata(_NAME),
        spec=NetworkPolicySpec(
            pod_selector=LabelSelector(match_labels=LABELS),
            policy_types=("Ingress", "Egress"),
            ingress=(IngressRule(from_=peers, ports=(NetworkPort(port=FRONT_PORT),)),),
            egress=(EgressRule(ports=(*names, NetworkPort(port=443), NetworkPort(port=PORT))), *credentials),
        ),
    )
