"""Monitors of models that the cluster runs: for each a CronJob with a service account of its own.

They do not go through the queue: it counts devices, and a look asks for none. So no job of people holds one up.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.cluster.facts import CpuPoolNodes, LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import FromCloud, LabelSelector, Metadata
from mlplatform.cluster.objects.clock import CronJob, CronJobSpec, TimedJobSpec, TimedJobTemplate
from mlplatform.cluster.objects.containers import Container, EnvSource, EnvVar, FieldRef, Mount, Resources
from mlplatform.cluster.objects.core import ServiceAccount
from mlplatform.cluster.objects.jobs import INTERRUPTIONS_ALONE
from mlplatform.cluster.objects.network import NetworkPolicy, NetworkPolicySpec
from mlplatform.cluster.objects.pods import PodMetadata, PodSpec, PodTemplate
from mlplatform.cluster.objects.volumes import EmptyDir, Volume
from mlplatform.cluster.parts.walls import walled
from mlplatform.cluster.people_facts import BindsAccounts
from mlplatform.cluster.serving.pieces import identity_egress, names_and_https
from mlplatform.cluster.serving.weights import LOCKED
from mlplatform.cluster.serving_facts import ModelAccess, ServesModels
from mlplatform.cluster.wiring import tolerations_of
from mlplatform.components.cluster_names import monitor_account
from mlplatform.components.hourly_program import longest_seconds
from mlplatform.components.labels import ENDPOINT_LABEL, POOL_LABEL, ROLE_LABEL
from mlplatform.components.monitor_program import JOB_VARIABLE, MEMORY_GIB, PROGRAM, VCPUS
from mlplatform.components.releases import apply_releases
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import MONITORS_NAMESPACE, ModelMonitorSpec
from mlplatform.spec.monitor_job import RUN_VARIABLE
from mlplatform.spec.monitored import monitor_image
from mlplatform.spec.platform import PlatformSpec

_HOME = MONITORS_NAMESPACE
_JOB = "batch.kubernetes.io"
"""Head of the labels by which pods know their job,
https://kubernetes.io/docs/reference/labels-annotations-taints/#batchkubernetesio-controller-uid"""

_LATE_SECONDS = 1800
"""A start that is missed for so long is left to the next look."""


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """Everything of every monitor; nothing where none runs here, or its endpoint waits for its first model."""
    spec = layer.spec
    if not any(each.monitor and each.monitor.on == "cluster" for each in spec.endpoints):
        return
    backend = discovery.backend(spec.targets[0].cloud)
    access = backend.load(ServesModels)(spec)
    yield from walled(_HOME)
    network = NetworkPolicy(
        metadata=Metadata(name="monitors", namespace=_HOME),
        spec=NetworkPolicySpec(
            pod_selector=LabelSelector(),
            policy_types=("Egress",),
            egress=(*names_and_https(), *identity_egress(access)),
        ),
    )
    yield LayerItem(role="monitors-network", stage="access", body=network)
    for wanted in spec.endpoints:
        endpoint = apply_releases(spec, wanted, backend).spec
        monitor = endpoint.monitor
        if monitor is None or monitor.on == "managed" or endpoint.awaits_model:
            continue
        name = monitor_account(endpoint)
        labels = {ENDPOINT_LABEL: endpoint.name}
        account = Metadata(
            name=name, namespace=_HOME, labels=labels, annotations=backend.load(BindsAccounts)(spec, name) or None
        )
        yield LayerItem(
            role=f"account-{_HOME}-{name}",
            stage="access",
            body=ServiceAccount(metadata=account, automount_service_account_token=False),
        )
        nodes = next((each for each in layer.cpu_pools if each.pool.name == monitor.pool), None)
        clock = CronJob(
            metadata=Metadata(name=name, namespace=_HOME, labels=labels),
            spec=_clock(spec, endpoint, monitor, access, nodes),
        )
        yield LayerItem(role=f"monitor-{endpoint.name}", stage="pipelines", body=clock)


def _clock(
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    monitor: ModelMonitorSpec,
    access: ModelAccess,
    nodes: CpuPoolNodes | None,
) -> CronJobSpec:
    several = monitor.workers > 1
    job = TimedJobSpec(
        template=_pod(spec, endpoint, monitor, access, nodes),
        active_deadline_seconds=longest_seconds(monitor.every_hours),
        pod_failure_policy=INTERRUPTIONS_ALONE,
        completion_mode="Indexed" if several else None,
        completions=monitor.workers if several else None,
        parallelism=monitor.workers if several else None,
    )
    return CronJobSpec(
        schedule=f"0 {','.join(map(str, monitor.hours_of_day))} * * *",
        time_zone="Etc/UTC",
        job_template=TimedJobTemplate(spec=job),
        starting_deadline_seconds=_LATE_SECONDS,
    )


def _pod(
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    monitor: ModelMonitorSpec,
    access: ModelAccess,
    nodes: CpuPoolNodes | None,
) -> PodTemplate:
    name = monitor_account(endpoint)
    size = f"{MEMORY_GIB * 1024}Mi"
    look = Container(
        name="monitor",
        image=monitor_image(monitor, spec),
        command=PROGRAM,
        env=(
            # AWS's SDK knows the region by this variable alone; elsewhere nobody reads it
            EnvVar(name="AWS_REGION", value=spec.targets[0].location),
            EnvVar(name="HOME", value="/tmp"),
            EnvVar(name=JOB_VARIABLE, value=FromCloud(f"layer.monitors.{name}")),
            *(EnvVar(name=each, value=value) for each, value in sorted((access.programs or {}).items())),
            # the window is that of the planned start, and the counts of several pods meet under their job's id
            _label("MLPLATFORM_MONITOR_JOB_NAME", "job-name"),
            _label(RUN_VARIABLE, "controller-uid"),
        ),
        resources=Resources(requests={"cpu": f"{VCPUS * 1000}m", "memory": size}, limits={"memory": size}),
        security_context=LOCKED,
        volume_mounts=(Mount(name="tmp", mount_path="/tmp"),),
    )
    return PodTemplate(
        metadata=PodMetadata(
            labels={ROLE_LABEL: "monitor", ENDPOINT_LABEL: endpoint.name, **(access.labels or {})},
            # the autoscaler ends no look to save a node
            annotations={"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"},
        ),
        spec=PodSpec(
            containers=(look,),
            node_selector={POOL_LABEL: nodes.pool.name} if nodes else None,
            tolerations=(tolerations_of(nodes.taints) or None) if nodes else None,
            service_account_name=name,
            automount_service_account_token=False,
            restart_policy="Never",
            volumes=(Volume(name="tmp", empty_dir=EmptyDir(size_limit="10Gi")),),
        ),
    )


def _label(variable: str, label: str) -> EnvVar:
    """A variable with a label that the job gave to the pod."""
    source = EnvSource(field_ref=FieldRef(field_path=f"metadata.labels['{_JOB}/{label}']"))
    return EnvVar(name=variable, value_from=source)
