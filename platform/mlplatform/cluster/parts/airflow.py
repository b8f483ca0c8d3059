"""Airflow: its keys, its DAGs, its rights in the namespace of steps, what it reaches, and its chart."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mlplatform import discovery
from mlplatform.cluster.addon_facts import WritesDags
from mlplatform.cluster.airflow.settings import (
    AIRFLOW,
    CODE,
    DAGS,
    KEYS,
    PROGRAMS,
    SETTINGS,
    USER_ID,
    chart_values,
    open_to_all,
    variables,
)
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata
from mlplatform.cluster.objects.clock import SingleJob, TimedJobSpec
from mlplatform.cluster.objects.containers import (
    Capabilities,
    Container,
    ContainerSecurity,
    Mount,
    Resources,
    SeccompProfile,
)
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
from mlplatform.cluster.objects.pods import PodMetadata, PodSpec, PodTemplate
from mlplatform.cluster.objects.rbac import PolicyRule, Role, RoleBinding, RoleRef, Subject, pods_of
from mlplatform.cluster.objects.volumes import ConfigMapVolume, Volume
from mlplatform.cluster.parts.base import NAMESPACE_LABEL
from mlplatform.cluster.parts.pipelines import AIRFLOW_ROLE
from mlplatform.cluster.parts.walls import port_forward, walled
from mlplatform.cluster.people_facts import BindsAccounts
from mlplatform.cluster.serving_facts import KeepsTaskLogs, ReachesDatabase, ServesModels
from mlplatform.cluster.tracking.client import program
from mlplatform.components.airflow_names import AIRFLOW_ACCOUNT
from mlplatform.components.airflow_sizes import airflow_sizes
from mlplatform.components.labels import ROLE_LABEL
from mlplatform.components.tracking_names import PORT
from mlplatform.spec.airflow import AIRFLOW_NAMESPACE, AirflowSpec
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE, STARTER_NAMESPACE

SERVER_PORT = 8080
"""Port of the interface and the pages, the chart's own."""

IGNORE = ".airflowignore"
"""A ConfigMap is a folder of links into two others, in which Airflow would find each DAG again."""

_HOME = AIRFLOW_NAMESPACE
_KEYS_ACCOUNT = "keys"
_LOGIN = "airflow-login"


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """Everything of Airflow, where the spec asks for it."""
    spec = layer.spec.cluster.airflow if layer.spec.cluster else None
    if spec is None:
        return
    backend = discovery.backend(layer.spec.targets[0].cloud)
    cloud, access = backend.load(ServesModels)(layer.spec), backend.load(ReachesDatabase)(layer.spec)
    starter = any(pipeline.engine == "airflow" for pipeline in layer.spec.ordered_pipelines)
    yield from walled(_HOME)
    yield from port_forward(layer, _HOME)
    account = Metadata(
        name=AIRFLOW_ACCOUNT,
        namespace=_HOME,
        annotations=backend.load(BindsAccounts)(layer.spec, AIRFLOW_ACCOUNT) or None,
    )
    yield LayerItem(
        role=f"account-{_HOME}-{AIRFLOW_ACCOUNT}",
        stage="queues",
        body=ServiceAccount(metadata=account),
    )
    yield from _rights(layer)
    yield from _keys(starter=starter)
    written = {
        "sitecustomize.py": program("database_login"),
        "airflow_login.py": _program("airflow_login"),
        "prepare_airflow.py": _program("prepare_airflow"),
        "make_keys.py": _program("make_keys"),
    }
    yield _item("programs", ConfigMap(metadata=_metadata(CODE), data=written))
    settings = variables(spec, access, backend.load(KeepsTaskLogs)(layer.spec))
    yield _item("settings", ConfigMap(metadata=_metadata(SETTINGS), data=settings))
    yield _item("dags", ConfigMap(metadata=_metadata(DAGS), data=_dags(layer)))
    yield _item("network", _network(spec, cloud.identity_servers, starter=starter))
    yield LayerItem(
        role="release-airflow",
        stage="addons",
        body=ChartRelease(
            chart="airflow",
            namespace=_HOME,
            values=chart_values(
                airflow_sizes(layer.spec), {**written, **settings}, cloud.labels or {}, starter=starter
            ),
        ),
    )


def _item(kind: str, body: KubeObject) -> LayerItem:
    return LayerItem(role=f"airflow-{kind}", stage="access", body=body)


def _metadata(name: str, namespace: str = _HOME) -> Metadata:
    return Metadata(name=name, namespace=namespace)


@cache
def _program(name: str) -> str:
    folder = Path(__file__).parent.parent / "airflow" / "programs"
    return (folder / f"{name}.py").read_text(encoding="utf-8")


def _dags(layer: LayerContext) -> dict[str, str]:
    """The file of each pipeline."""
    files = discovery.backend(layer.spec.targets[0].cloud).load(WritesDags)(layer)
    return {IGNORE: "..*\n", **files}


def _rights(layer: LayerContext) -> Iterator[LayerItem]:
    """Makes the pods of its tasks, and those of steps where they are; opens no shell in one, and reads no secret."""
    pods = PolicyRule(
        api_groups=("",), resources=("pods",), verbs=("get", "list", "watch", "create", "patch", "delete")
    )
    seen = PolicyRule(api_groups=("",), resources=("pods/log", "events"), verbs=("get", "list", "watch"))
    executor = Role(metadata=_metadata("executor"), rules=(pods, seen))
    me = pods_of(AIRFLOW_ACCOUNT, _HOME)
    yield LayerItem(role="role-airflow-executor", stage="queues", body=executor)
    yield LayerItem(role="binding-airflow-executor", stage="queues", body=_bound("executor", _HOME, me))
    if any(pipeline.engine == "airflow" for pipeline in layer.spec.pipelines):
        yield LayerItem(
            role="binding-airflow-steps", stage="addons", body=_bound(AIRFLOW_ROLE, PIPELINES_NAMESPACE, me)
        )


def _bound(role: str, namespace: str, who: Subject) -> RoleBinding:
    return RoleBinding(metadata=_metadata(role, namespace), role_ref=RoleRef(name=role, kind="Role"), subjects=(who,))


def _keys(*, starter: bool) -> Iterator[LayerItem]:
    """The job that makes the keys where there are none, with the right to make secrets and to read its own."""
    yield LayerItem(
        role=f"account-{_HOME}-{_KEYS_ACCOUNT}", stage="queues", body=ServiceAccount(metadata=_metadata(_KEYS_ACCOUNT))
    )
    me = pods_of(_KEYS_ACCOUNT, _HOME)
    make = PolicyRule(api_groups=("",), resources=("secrets",), verbs=("create",))
    read = PolicyRule(api_groups=("",), resources=("secrets",), verbs=("get",), resource_names=(KEYS,))
    change = PolicyRule(api_groups=("",), resources=("secrets",), verbs=("patch",), resource_names=(_LOGIN,))
    places = [(_HOME, (make, read))]
    if starter:
        places.append((STARTER_NAMESPACE, (make, change)))
    for namespace, rules in places:
        role = Role(metadata=_metadata("airflow-keys", namespace), rules=rules)
        yield LayerItem(role=f"role-{namespace}-airflow-keys", stage="queues", body=role)
        binding = _bound("airflow-keys", namespace, me)
        yield LayerItem(role=f"binding-{namespace}-airflow-keys", stage="queues", body=binding)
    container = Container(
        name="keys",
        image=AIRFLOW,
        command=("python", f"{PROGRAMS}/make_keys.py", _HOME, STARTER_NAMESPACE if starter else ""),
        resources=Resources(requests={"cpu": "50m", "memory": "64Mi"}, limits={"memory": "128Mi"}),
        security_context=ContainerSecurity(
            allow_privilege_escalation=False,
            run_as_non_root=True,
            run_as_user=USER_ID,
            capabilities=Capabilities(drop=("ALL",)),
            seccomp_profile=SeccompProfile(),
        ),
        volume_mounts=(Mount(name=CODE, mount_path=PROGRAMS, read_only=True),),
    )
    pod = PodTemplate(
        metadata=PodMetadata(labels={ROLE_LABEL: "airflow-keys"}),
        spec=PodSpec(
            containers=(container,),
            service_account_name=_KEYS_ACCOUNT,
            restart_policy="Never",
            volumes=(Volume(name=CODE, config_map=ConfigMapVolume(name=CODE)),),
        ),
    )
    job = SingleJob(
        metadata=_metadata("keys"),
        spec=TimedJobSpec(template=pod, active_deadline_seconds=1200, backoff_limit=6),
    )
    yield LayerItem(role="airflow-keys", stage="addons", body=job, minutes=25)


def _network(spec: AirflowSpec, identity_servers: tuple[tuple[str, int], ...], *, starter: bool) -> NetworkPolicy:
    """Its pods reach each other, names, their database, the cloud's APIs and the login, and their identity's
    credentials; those of the starter reach the server, and everybody does where an ingress leads to it."""
    own = NetworkPeer(pod_selector=LabelSelector())
    names = (NetworkPort(port=53, protocol="UDP"), NetworkPort(port=53))
    credentials = tuple(
        EgressRule(to=(NetworkPeer(ip_block=IpBlock(cidr=f"{address}/32")),), ports=(NetworkPort(port=port),))
        for address, port in identity_servers
    )
    served = (NetworkPort(port=SERVER_PORT),)
    caller = NetworkPeer(namespace_selector=LabelSelector(match_labels={NAMESPACE_LABEL: STARTER_NAMESPACE}))
    ways: tuple[IngressRule, ...] = (IngressRule(from_=(own,)),)
    if open_to_all(spec):
        ways = (*ways, IngressRule(ports=served))
    elif starter:
        ways = (*ways, IngressRule(from_=(caller,), ports=served))
    return NetworkPolicy(
        metadata=_metadata("airflow"),
        spec=NetworkPolicySpec(
            pod_selector=LabelSelector(),
            policy_types=("Ingress", "Egress"),
            ingress=ways,
            egress=(
                EgressRule(to=(own,)),
                EgressRule(ports=(*names, NetworkPort(port=443), NetworkPort(port=PORT))),
                *credentials,
            ),
        ),
    )
