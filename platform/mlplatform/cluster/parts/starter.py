"""The starter: what starts and stops runs in the cluster for the door of pipelines, which reaches no cluster.

It is in a namespace of its own. In that of the steps, whoever may make a workflow could make a pod of its account, and
write reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from mlplatform import discovery
from mlplatform.cluster.addon_facts import DescribesAirflow
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import FromCloud, LabelSelector, Metadata, Text
from mlplatform.cluster.objects.clock import CronJob, CronJobSpec, TimedJobSpec, TimedJobTemplate
from mlplatform.cluster.objects.containers import Container, EnvVar, Mount, Resources
from mlplatform.cluster.objects.core import ServiceAccount
from mlplatform.cluster.objects.network import (
    EgressRule,
    IpBlock,
    NetworkPeer,
    NetworkPolicy,
    NetworkPolicySpec,
    NetworkPort,
)
from mlplatform.cluster.objects.pods import PodMetadata, PodSpec, PodTemplate
from mlplatform.cluster.objects.rbac import PolicyRule, Role, RoleBinding, RoleRef, pods_of
from mlplatform.cluster.objects.volumes import SecretVolume, Volume
from mlplatform.cluster.parts.walls import walled
from mlplatform.cluster.people_facts import BindsAccounts
from mlplatform.cluster.serving.weights import LOCKED
from mlplatform.cluster.serving_facts import ModelAccess, ServesModels
from mlplatform.components.door_rules import STARTER_ACCOUNT, starter_rules
from mlplatform.components.labels import ROLE_LABEL
from mlplatform.spec.airflow import AIRFLOW_URL
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE, STARTER_NAMESPACE
from mlplatform.spec.platform import PlatformSpec

LABELS = {ROLE_LABEL: "starter"}
"""Labels of the pods."""

EVERY_MINUTES = 2
"""How often it looks: a run starts so much later than the door decides."""

CPUS, MEMORY_GIB = 0.1, 0.25
"""What a look asks for."""

AIRFLOW_SECRET, AIRFLOW_LOGIN = "airflow-login", "/var/run/airflow"
"""The Secret with the login to Airflow, and the folder where the program finds it."""

_LONGEST_SECONDS = 300
_HOME = STARTER_NAMESPACE


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """The job with its account, rights and walls; nothing where no pipeline of the cluster has triggers."""
    spec = layer.spec
    if not spec.ordered_pipelines:
        return
    backend = discovery.backend(spec.targets[0].cloud)
    cloud = backend.load(ServesModels)(spec)
    yield from walled(_HOME)
    account = Metadata(
        name=STARTER_ACCOUNT, namespace=_HOME, annotations=backend.load(BindsAccounts)(spec, STARTER_ACCOUNT) or None
    )
    yield LayerItem(role=f"account-{_HOME}-{STARTER_ACCOUNT}", stage="access", body=ServiceAccount(metadata=account))
    yield LayerItem(role="starter-network", stage="access", body=_network(cloud.identity_servers, _airflow(spec)))
    yield from _rights(spec)
    job = CronJob(metadata=Metadata(name=STARTER_ACCOUNT, namespace=_HOME), spec=_clock(spec, cloud))
    yield LayerItem(role="starter", stage="pipelines", body=job)


def _rights(spec: PlatformSpec) -> Iterator[LayerItem]:
    """To make, see and stop runs of Argo in the namespace of steps; nothing else, and nothing in any other."""
    if not any(pipeline.engine == "cluster" for pipeline in spec.ordered_pipelines):
        return
    metadata = Metadata(name="starter", namespace=PIPELINES_NAMESPACE)
    runs = PolicyRule(api_groups=("argoproj.io",), resources=("workflows",), verbs=("get", "list", "create", "patch"))
    yield LayerItem(role="role-starter", stage="access", body=Role(metadata=metadata, rules=(runs,)))
    binding = RoleBinding(
        metadata=metadata,
        role_ref=RoleRef(name=metadata.name, kind="Role"),
        subjects=(pods_of(STARTER_ACCOUNT, _HOME),),
    )
    yield LayerItem(role="binding-starter", stage="access", body=binding)


def _clock(spec: PlatformSpec, cloud: ModelAccess) -> CronJobSpec:
    target = spec.targets[0]
    env: dict[str, Text] = {
        "MLPLATFORM_DOOR_CLOUD": target.cloud,
        "MLPLATFORM_DOOR_ORDERS": FromCloud("layer.door.orders"),
        "MLPLATFORM_DOOR_REGION": target.location,
        "MLPLATFORM_DOOR_REPORTS": FromCloud("layer.door.reports"),
        "MLPLATFORM_STARTER_RULES": starter_rules(spec.ordered_pipelines),
        **(cloud.programs or {}),
    }
    airflow = _airflow(spec)
    if airflow:
        env["MLPLATFORM_STARTER_AIRFLOW"] = airflow
    if _starts_dags(spec) and spec.cluster and spec.cluster.managed_airflow:
        facts = discovery.backend(target.cloud).load(DescribesAirflow)(spec)
        env["MLPLATFORM_STARTER_MANAGED_AIRFLOW"] = facts.address
    look = Container(
        name="starter",
        image=spec.ordered_pipelines[0].programs_image or "",
        command=("mlplatform-step", "starter"),
        env=tuple(EnvVar(name=name, value=value) for name, value in sorted(env.items())),
        resources=Resources(
            requests={"cpu": f"{CPUS * 1000:.0f}m", "memory": f"{MEMORY_GIB * 1024:.0f}Mi"},
            limits={"memory": "512Mi"},
        ),
        security_context=LOCKED,
        volume_mounts=(Mount(name="airflow", mount_path=AIRFLOW_LOGIN, read_only=True),) if airflow else None,
    )
    # without the Secret it starts all the same: runs of Argo go on, and the door is told of the other ones
    login = Volume(name="airflow", secret=SecretVolume(secret_name=AIRFLOW_SECRET, optional=True))
    pod = PodTemplate(
        metadata=PodMetadata(labels={**LABELS, **(cloud.labels or {})}),
        spec=PodSpec(
            containers=(look,),
            service_account_name=STARTER_ACCOUNT,
            restart_policy="Never",
            volumes=(login,) if airflow else None,
        ),
    )
    return CronJobSpec(
        schedule=f"*/{EVERY_MINUTES} * * * *",
        job_template=TimedJobTemplate(spec=TimedJobSpec(template=pod, active_deadline_seconds=_LONGEST_SECONDS)),
        starting_deadline_seconds=EVERY_MINUTES * 60,
    )


def _airflow(spec: PlatformSpec) -> str | None:
    """Address of the Airflow whose runs it starts, with a login that is mounted; None where it starts none there."""
    if not _starts_dags(spec) or spec.cluster is None:
        return None
    return AIRFLOW_URL if spec.cluster.airflow else spec.cluster.airflow_url


def _starts_dags(spec: PlatformSpec) -> bool:
    return any(pipeline.engine == "airflow" for pipeline in spec.ordered_pipelines)


def _network(identity_servers: tuple[tuple[str, int], ...], airflow: str | None) -> NetworkPolicy:
    """The pods reach names, the API server, the cloud's APIs and Airflow, and their identity's credentials."""
    url = urlsplit(airflow or "")
    ports = {443, url.port or (80 if url.scheme == "http" else 443)}
    names = (NetworkPort(port=53, protocol="UDP"), NetworkPort(port=53))
    credentials = tuple(
        EgressRule(to=(NetworkPeer(ip_block=IpBlock(cidr=f"{address}/32")),), ports=(NetworkPort(port=port),))
        for address, port in identity_servers
    )
    return NetworkPolicy(
        metadata=Metadata(name="starter", namespace=_HOME),
        spec=NetworkPolicySpec(
            pod_selector=LabelSelector(match_labels=LABELS),
            policy_types=("Egress",),
            egress=(EgressRule(ports=(*names, *(NetworkPort(port=port) for port in sorted(ports)))), *credentials),
        ),
    )
