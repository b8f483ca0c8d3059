"""What the rules about both layers share: the pools of a plan with labels and taints, and the pods of its objects.

The pools are in the cloud's stack, the pods in the cluster's; one plan has both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.catalog.accelerator import models
from mlplatform.checks.index import PlanIndex
from mlplatform.checks.resource import Resource
from mlplatform.components.labels import ACCELERATOR_LABEL, FABRIC_LABEL, POOL_LABEL
from mlplatform.fast.record import record
from mlplatform.plan.cost.layer_pods import admits

POOLS = (
    "aws:eks/nodeGroup:NodeGroup",
    "gcp:container/nodePool:NodePool",
    "azure-native:containerservice:AgentPool",
)
"""Types of pools; of one pool, EKS has a group per zone."""

RELEASE = "kubernetes:helm.sh/v3:Release"
_EFFECTS = {
    "NO_SCHEDULE": "NoSchedule",
    "PREFER_NO_SCHEDULE": "PreferNoSchedule",
    "NO_EXECUTE": "NoExecute",
}


@record(kw_only=True)
class Daemon:
    """A chart that runs a pod on each node of some pools, and where its values say so."""

    devices: frozenset[str]
    """Makers of the devices whose pools it is for; empty: it is for pools by their fabric."""

    fabrics: frozenset[str] = frozenset()
    """Kinds of the fabric whose pools it is for."""

    under: str = "values"
    """Path of its values `tolerations`, `affinity` and `nodeSelector`."""

    anywhere: bool = False
    """Whether it runs on every node without an affinity among its values; others have one of their own."""

    choice: str = ""
    """Path of values `keys` and `values` from which the chart makes its affinity. Empty: it takes one as it is."""


DAEMONS: Mapping[str, Daemon] = {
    "aws-efa-k8s-device-plugin": Daemon(
        devices=frozenset(), fabrics=frozenset({"efa"}), choice="values.supportedInstanceLabels"
    ),
    "dcgm-exporter": Daemon(devices=frozenset({"nvidia"}), anywhere=True),
    "neuron-helm-chart": Daemon(devices=frozenset({"aws"}), under="values.devicePlugin"),
    "nvidia-device-plugin": Daemon(devices=frozenset({"nvidia"})),
}
"""Charts whose own affinity admits no node of these pools, or only of the machine types that they knew. A chart with
daemons belongs here."""

Toleration = Mapping[str, object]


@record(kw_only=True)
class Nodes:
    """The nodes of one pool, as its template says."""

    name: str
    """The pool's name: the value of its label."""

    labels: Mapping[str, str]
    """Labels of the template."""

    taints: tuple[tuple[str, str, str], ...]
    """Key, value and effect."""

    @property
    def accelerated(self) -> bool:
        """Whether its nodes have accelerators."""
        return ACCELERATOR_LABEL in self.labels

    @property
    def fabric(self) -> str:
        """Kind of the fast network of its nodes; empty without one."""
        return self.labels.get(FABRIC_LABEL, "")

    def untolerated(self, tolerations: list[Toleration]) -> list[str]:
        """Taints that keep a pod with these tolerations away, as `key=value:effect`."""
        return [
            f"{key}={value}:{effect}"
            for key, value, effect in self.taints
            if effect != "PreferNoSchedule" and not any(_tolerates(each, key, value, effect) for each in tolerations)
        ]


def pools(index: PlanIndex) -> tuple[Nodes, ...]:
    """The pools of a plan, each once."""
    return index.cached(_pools)


def nodes_of(pool: Resource) -> Nodes:
    """The nodes of one pool of a cloud."""
    match pool.step.type:
        case "aws:eks/nodeGroup:NodeGroup":
            labels = _map(pool.get("labels"))
            taints = [_taint(each) for _, each in pool.each("taints[]")]
        case "gcp:container/nodePool:NodePool":
            labels = _map(pool.get("nodeConfig.labels"))
            taints = [_taint(each) for _, each in pool.each("nodeConfig.taints[]")]
        case _:
            labels = _map(pool.get("nodeLabels"))
            taints = [_parse(text) for text in pool.texts("nodeTaints[]")]
    return Nodes(name=labels.get(POOL_LABEL, ""), labels=labels, taints=tuple(taints))


def tolerations_of(release: Resource) -> list[Toleration]:
    """Tolerations among the values of a release."""
    path = f"{daemon_of(release).under}.tolerations[]"
    return [cast("Toleration", each) for _, each in release.each(path) if isinstance(each, Mapping)]


def lands_on(release: Resource, nodes: Nodes) -> bool:
    """Whether the required affinity and the selector of a release's values admit the nodes of a pool."""
    daemon = daemon_of(release)
    selector = _map(release.get(f"{daemon.under}.nodeSelector"))
    if any(nodes.labels.get(key) != value for key, value in selector.items()):
        return False
    if daemon.choice:
        values = set(release.texts(f"{daemon.choice}.values[]"))
        return any(nodes.labels.get(key) in values for key in release.texts(f"{daemon.choice}.keys[]"))
    head = f"{daemon.under}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
    if release.get(head) is None:
        # the chart's own affinity names labels that only feature discovery sets, or machine types
        return daemon.anywhere or release.get(f"{daemon.under}.affinity") is not None
    terms = [each for _, each in release.each(f"{head}.nodeSelectorTerms[]")]
    return any(admits(term, nodes.labels) for term in terms)


def is_for(daemon: Daemon, nodes: Nodes) -> bool:
    """Whether a daemon must run on the nodes of a pool."""
    if daemon.fabrics:
        return nodes.fabric in daemon.fabrics
    model = models().get(nodes.labels.get(ACCELERATOR_LABEL, ""))
    return model is not None and model.vendor in daemon.devices


def daemon_of(release: Resource) -> Daemon:
    """What the release of a chart with daemons runs."""
    return DAEMONS[chart_of(release)]


def chart_of(release: Resource) -> str:
    """Name of the chart of a release, without its address."""
    return release.text("chart").rpartition("/")[2]


def _pools(index: PlanIndex) -> tuple[Nodes, ...]:
    found = (nodes_of(pool) for token in POOLS for pool in index.of_type(token))
    return tuple({nodes.name: nodes for nodes in found if nodes.name}.values())


def _tolerates(toleration: Toleration, key: str, value: str, effect: str) -> bool:
    if toleration.get("effect") not in (None, "", effect):
        return False
    if not toleration.get("key"):
        return toleration.get("operator") == "Exists"
    if toleration.get("key") != key:
        return False
    return toleration.get("operator") == "Exists" or (toleration.get("value") or "") == value


def _taint(taint: object) -> tuple[str, str, str]:
    fields = _map(taint)
    effect = fields.get("effect", "")
    return fields.get("key", ""), fields.get("value", ""), _EFFECTS.get(effect, effect)


def _parse(text: str) -> tuple[str, str, str]:
    rest, _, effect = text.rpartition(":")
    key, _, value = rest.partition("=")
    return key, value, effect


def _map(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {str(key): str(item) for key, item in cast("Mapping[object, object]", value).items()}


def containers(item: object, path: str = "") -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every container of an object, wherever its templates of pods are, with its path; Argo's have one, `container`."""
    if isinstance(item, Mapping):
        for key, value in cast("Mapping[str, object]", item).items():
            where = f"{path}.{key}" if path else key
            if key in ("containers", "initContainers") and isinstance(value, list):
                for number, each in enumerate(cast("list[object]", value)):
                    if isinstance(each, Mapping):
                        yield f"{where}[{number}]", cast("Mapping[str, object]", each)
            elif key == "container" and isinstance(value, Mapping):
                yield where, cast("Mapping[str, object]", value)
            else:
                yield from containers(value, where)
    elif isinstance(item, list):
        for number, each in enumerate(cast("list[object]", item)):
            yield from containers(each, f"{path}[{number}]")
