"""The teams: for each a namespace with limits, a queue in the cohort, an account, and its members' rights."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem, Stage
from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata
from mlplatform.cluster.objects.core import (
    LimitRange,
    LimitRangeItem,
    LimitRangeSpec,
    ResourceQuota,
    ResourceQuotaSpec,
    ScopeRequirement,
    ScopeSelector,
    ServiceAccount,
)
from mlplatform.cluster.objects.network import (
    EgressRule,
    IngressRule,
    IpBlock,
    NetworkPeer,
    NetworkPolicy,
    NetworkPolicySpec,
    NetworkPort,
)
from mlplatform.cluster.objects.rbac import (
    ClusterRole,
    ClusterRoleBinding,
    PolicyRule,
    RoleBinding,
    RoleRef,
    Subject,
    Verb,
)
from mlplatform.cluster.parts.base import NAMESPACE_LABEL, RAY_NAMESPACE, TRAINING_ACCOUNT, PodSecurity, namespace
from mlplatform.cluster.parts.notebooks import where_servers_run
from mlplatform.cluster.parts.queue import team_queue, way_into
from mlplatform.cluster.parts.secrets import SECRET_KINDS, STORE_KINDS, vault_of
from mlplatform.cluster.parts.walls import way_to_tracking
from mlplatform.cluster.parts.workflows import WORKFLOW_KINDS, step_rights
from mlplatform.cluster.people_facts import BindsAccounts, DescribesTeam, NamesPeople, TeamAccess
from mlplatform.cluster.serving.router import ROUTER_PORT
from mlplatform.components.secret_names import SECRETS_ADDON
from mlplatform.spec.cluster import AddOn, ClusterSpec, Engine
from mlplatform.spec.endpoints import SERVING_NAMESPACE
from mlplatform.spec.teams import TeamSpec

MEMBER_ROLE = "mlplatform-team"
"""Rights of members in their own namespace."""

READER_ROLE = "mlplatform-team-reader"
"""Rights of all teams' members in the whole cluster: to see what they can choose from, and why a job waits."""

_ENGINE_KINDS: dict[Engine, tuple[str, tuple[str, ...]]] = {
    "trainer": ("trainer.kubeflow.org", ("trainjobs", "trainingruntimes")),
    "ray": ("ray.io", ("rayclusters", "rayjobs", "rayservices")),
}
"""Kinds of each engine that teams make themselves: group and plurals."""

_ADD_ON_KINDS: dict[AddOn, tuple[str, tuple[str, ...]]] = {"argo-workflows": WORKFLOW_KINDS}
"""Kinds of add-ons that teams make themselves."""

_READ: tuple[Verb, ...] = ("get", "list", "watch")
_CHANGE: tuple[Verb, ...] = (*_READ, "create", "update", "patch", "delete", "deletecollection")
_DNS, _HTTPS, _RAY_HEAD, _RAY_SERVE = 53, 443, 8265, 8000


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """Everything of every team, and the rights of people who run jobs in the platform's own namespace."""
    cluster = layer.spec.cluster
    if cluster is None:
        return
    backend, jobs = discovery.backend(layer.spec.targets[0].cloud), layer.spec.access.training_namespace
    yield _item("queues", "defaults", jobs, default_requests(jobs))
    people = backend.load(NamesPeople)(layer.spec)
    describe = backend.load(DescribesTeam)
    access = {team.name: describe(layer.spec, team) for team in cluster.teams}
    if not cluster.teams and not people:
        return
    yield _item("access", "role", MEMBER_ROLE, _member_role(cluster))
    yield _item("access", "role", READER_ROLE, _reader_role(cluster.engines))
    everybody = dict.fromkeys((*people, *(subject for each in access.values() for subject in each.subjects)))
    if everybody:
        yield _item("access", "readers", "teams", _readers(tuple(everybody)))
    if people:
        yield _item("access", "members", jobs, _members(jobs, people))
    for team in cluster.teams:
        yield from _team(layer, team, access[team.name], cluster)


def _kinds(cluster: ClusterSpec) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Kinds that teams make themselves: group and plurals."""
    yield from (_ENGINE_KINDS[engine] for engine in cluster.engines)
    yield from (_ADD_ON_KINDS[addon] for addon in cluster.addons if addon in _ADD_ON_KINDS)


def _team(layer: LayerContext, team: TeamSpec, access: TeamAccess, cluster: ClusterSpec) -> Iterator[LayerItem]:
    name = team.namespace
    yield namespace(name, pod_security(layer, team))
    yield _item("queues", "limits", name, _counts(team, cluster))
    yield _item("queues", "critical", name, _no_critical_pods(name))
    yield _item("queues", "defaults", name, default_requests(name))
    yield _item("queues", "network", name, _network(name, access, cluster.engines, _services(layer)))
    yield _item("queues", "queue", name, team_queue(layer, team))
    yield way_into(name, name)
    annotations = discovery.backend(layer.spec.targets[0].cloud).load(BindsAccounts)(layer.spec, name)
    account = ServiceAccount(metadata=Metadata(name=TRAINING_ACCOUNT, namespace=name, annotations=annotations or None))
    yield LayerItem(role=f"account-{name}-{TRAINING_ACCOUNT}", stage="access", body=account)
    yield from step_rights(cluster, name)
    yield from vault_of(layer, name)
    if cluster.notebooks and cluster.notebooks.team == team.name:
        yield from where_servers_run(layer, name)
    if access.subjects:
        yield _item("access", "members", name, _members(name, access.subjects))


def pod_security(layer: LayerContext, team: TeamSpec) -> PodSecurity:
    """The level of a team's namespace: a fabric's jobs lock memory and mount its libraries, which only one admits."""
    fabric = any(nodes.pool.fabric and nodes.pool.name in team.quota for nodes in layer.pools)
    return "privileged" if fabric else "baseline"


def _item(stage: Stage, kind: str, name: str, body: KubeObject) -> LayerItem:
    return LayerItem(role=f"{kind}-{name}", stage=stage, body=body)


def _counts(team: TeamSpec, cluster: ClusterSpec) -> ResourceQuota:
    """Limits of counts. Never of devices or pods: Kueue admits those, and a second quota would refuse half a gang."""
    most = str(team.max_jobs)
    kinds = {"count/jobs.batch": most, "count/jobsets.jobset.x-k8s.io": most}
    for group, plurals in _kinds(cluster):
        kinds |= {f"count/{plural}.{group}": most for plural in plurals}
    # the platform's endpoints are the way to the outside
    kinds |= {"services.loadbalancers": "0", "services.nodeports": "0"}
    return ResourceQuota(metadata=Metadata(name="counts", namespace=team.namespace), spec=ResourceQuotaSpec(hard=kinds))


def default_requests(name: str) -> LimitRange:
    """A small request for containers that name none: with nothing asked for, the scheduler puts any number on one node.

    No limits: a default limit would end a program for memory that its author never heard of.
    """
    item = LimitRangeItem(type="Container", default_request={"cpu": "100m", "memory": "256Mi"})
    return LimitRange(metadata=Metadata(name="defaults", namespace=name), spec=LimitRangeSpec(limits=(item,)))


def _members(name: str, people: tuple[Subject, ...]) -> RoleBinding:
    """The rights to run jobs in one namespace."""
    return RoleBinding(
        metadata=Metadata(name="members", namespace=name), role_ref=RoleRef(name=MEMBER_ROLE), subjects=people
    )


def _no_critical_pods(name: str) -> ResourceQuota:
    """No pods of the system's own priorities: the scheduler would end other teams' pods for them."""
    critical = ScopeRequirement(
        scope_name="PriorityClass", operator="In", values=("system-cluster-critical", "system-node-critical")
    )
    return ResourceQuota(
        metadata=Metadata(name="critical", namespace=name),
        spec=ResourceQuotaSpec(hard={"pods": "0"}, scope_selector=ScopeSelector(match_expressions=(critical,))),
    )


def _services(layer: LayerContext) -> Iterator[EgressRule]:
    """The ways of a team's pods to what the platform runs in the cluster: routers of endpoints, the tracking server."""
    if layer.spec.cluster_endpoints:
        routers = NetworkPeer(namespace_selector=LabelSelector(match_labels={NAMESPACE_LABEL: SERVING_NAMESPACE}))
        yield EgressRule(to=(routers,), ports=(NetworkPort(port=ROUTER_PORT),))
    if layer.spec.cluster_tracking:
        yield way_to_tracking()


def _network(
    name: str, access: TeamAccess, engines: tuple[Engine, ...], services: Iterator[EgressRule]
) -> NetworkPolicy:
    """Pods of the namespace reach each other, names, everything by HTTPS (the store, images, the cluster's API), and
    where their identity's credentials are. Nobody else reaches them, but Ray's operator asks its clusters for jobs and
    its services for their health."""
    own = NetworkPeer(pod_selector=LabelSelector())
    ingress = [IngressRule(from_=(own,))]
    if "ray" in engines:
        operator = NetworkPeer(namespace_selector=LabelSelector(match_labels={NAMESPACE_LABEL: RAY_NAMESPACE}))
        ingress.append(
            IngressRule(from_=(operator,), ports=(NetworkPort(port=_RAY_HEAD), NetworkPort(port=_RAY_SERVE)))
        )
    names = (NetworkPort(port=_DNS, protocol="UDP"), NetworkPort(port=_DNS))
    egress = [EgressRule(to=(own,)), EgressRule(ports=(*names, NetworkPort(port=_HTTPS)))]
    egress += [
        EgressRule(
            to=(NetworkPeer(ip_block=IpBlock(cidr=f"{address}/32")),),
            ports=(NetworkPort(port=port),),
        )
        for address, port in access.identity_servers
    ]
    egress += services
    return NetworkPolicy(
        metadata=Metadata(name="team", namespace=name),
        spec=NetworkPolicySpec(
            pod_selector=LabelSelector(),
            policy_types=("Ingress", "Egress"),
            ingress=tuple(ingress),
            egress=tuple(egress),
        ),
    )


def _member_role(cluster: ClusterSpec) -> ClusterRole:
    """Members run and debug jobs. They change no rights, accounts, network, limits or queues: those hold them apart.

    The rights are written here, and not those of the charts, so that a newer chart cannot widen them.
    """
    jobs = [
        PolicyRule(api_groups=("batch",), resources=("jobs", "cronjobs"), verbs=_CHANGE),
        PolicyRule(api_groups=("jobset.x-k8s.io",), resources=("jobsets",), verbs=_CHANGE),
        *(PolicyRule(api_groups=(group,), resources=plurals, verbs=_CHANGE) for group, plurals in _kinds(cluster)),
    ]
    if SECRETS_ADDON in cluster.addons:
        (group, made), (_, found) = SECRET_KINDS, STORE_KINDS
        jobs.append(PolicyRule(api_groups=(group,), resources=made, verbs=_CHANGE))
        jobs.append(PolicyRule(api_groups=(group,), resources=found, verbs=_READ))
    return ClusterRole(
        metadata=Metadata(name=MEMBER_ROLE),
        rules=(
            *jobs,
            PolicyRule(
                api_groups=("",),
                resources=("pods", "services", "configmaps", "secrets", "persistentvolumeclaims"),
                verbs=_CHANGE,
            ),
            PolicyRule(api_groups=("",), resources=("pods/exec", "pods/portforward"), verbs=("get", "create")),
            PolicyRule(
                api_groups=("",),
                resources=("pods/log", "events", "serviceaccounts", "resourcequotas", "limitranges"),
                verbs=_READ,
            ),
            PolicyRule(api_groups=("policy",), resources=("poddisruptionbudgets",), verbs=_CHANGE),
            PolicyRule(api_groups=("kueue.x-k8s.io",), resources=("localqueues", "workloads"), verbs=_READ),
            PolicyRule(api_groups=("networking.k8s.io",), resources=("networkpolicies",), verbs=_READ),
        ),
    )


def _reader_role(engines: tuple[Engine, ...]) -> ClusterRole:
    rules = [
        PolicyRule(
            api_groups=("kueue.x-k8s.io",),
            resources=("clusterqueues", "cohorts", "resourceflavors", "topologies", "workloadpriorityclasses"),
            verbs=_READ,
        ),
        PolicyRule(api_groups=("",), resources=("nodes", "namespaces"), verbs=_READ),
        PolicyRule(api_groups=("storage.k8s.io",), resources=("storageclasses",), verbs=_READ),
    ]
    if "trainer" in engines:
        rules.append(
            PolicyRule(api_groups=("trainer.kubeflow.org",), resources=("clustertrainingruntimes",), verbs=_READ)
        )
    return ClusterRole(metadata=Metadata(name=READER_ROLE), rules=tuple(rules))


def _readers(everybody: tuple[Subject, ...]) -> ClusterRoleBinding:
    return ClusterRoleBinding(
        metadata=Metadata(name=READER_ROLE), role_ref=RoleRef(name=READER_ROLE), subjects=everybody
    )
