"""Pipelines on the cluster: the namespace of their steps with its account, queue and rights, and their templates."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.cluster.addon_facts import DescribesAirflow, MakesWorkflows
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata
from mlplatform.cluster.objects.core import ServiceAccount
from mlplatform.cluster.objects.network import IngressRule, NetworkPeer, NetworkPolicy, NetworkPolicySpec
from mlplatform.cluster.objects.rbac import PolicyRule, Role, RoleBinding, RoleRef, Verb, pods_of
from mlplatform.cluster.parts.base import namespace
from mlplatform.cluster.parts.gangs import gang_pools
from mlplatform.cluster.parts.queue import way_into
from mlplatform.cluster.parts.teams import default_requests
from mlplatform.cluster.parts.workflows import STEP_REPORTS
from mlplatform.cluster.people_facts import BindsAccounts, NamesPeople
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE

AIRFLOW_ROLE = "airflow"
"""Rights of an Airflow in the namespace of steps, to which its owner binds its account."""

_HOME = PIPELINES_NAMESPACE
_READ: tuple[Verb, ...] = ("get", "list", "watch")


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """Everything of the pipelines whose steps are pods here, where there are any."""
    spec = layer.spec
    if not spec.cluster_pipelines:
        return
    backend = discovery.backend(spec.targets[0].cloud)
    # pods alone on their node use no fabric, so that the namespace admits no privileged ones without a gang
    gangs = tuple(gang_pools(layer))
    yield namespace(_HOME, "privileged" if any(nodes.fabric for nodes in gangs) else "baseline")
    account = Metadata(name=_HOME, namespace=_HOME, annotations=backend.load(BindsAccounts)(spec, "pipelines") or None)
    yield LayerItem(role=f"account-{_HOME}-{_HOME}", stage="access", body=ServiceAccount(metadata=account))
    yield LayerItem(role=f"defaults-{_HOME}", stage="queues", body=default_requests(_HOME))
    yield LayerItem(role=f"network-{_HOME}", stage="queues", body=_network())
    if layer.all_pools:
        yield way_into(spec.name, _HOME)
    engines = {pipeline.engine for pipeline in spec.cluster_pipelines}
    if "cluster" in engines:
        yield from _steps(gangs=bool(gangs))
        yield from _people(layer)
        yield from backend.load(MakesWorkflows)(layer)
    if "airflow" in engines:
        yield LayerItem(role=f"role-{_HOME}-airflow", stage="access", body=_airflow())
        if spec.cluster and spec.cluster.managed_airflow:
            binding = RoleBinding(
                metadata=Metadata(name=AIRFLOW_ROLE, namespace=_HOME),
                role_ref=RoleRef(name=AIRFLOW_ROLE, kind="Role"),
                subjects=backend.load(DescribesAirflow)(spec).subjects,
            )
            yield LayerItem(role=f"binding-{_HOME}-airflow", stage="access", body=binding)


def _network() -> NetworkPolicy:
    """Nobody reaches the steps: they read and write the store, and serve nothing."""
    own = IngressRule(from_=(NetworkPeer(pod_selector=LabelSelector()),))
    return NetworkPolicy(
        metadata=Metadata(name="steps", namespace=_HOME),
        spec=NetworkPolicySpec(pod_selector=LabelSelector(), policy_types=("Ingress",), ingress=(own,)),
    )


def _steps(*, gangs: bool) -> Iterator[LayerItem]:
    """Steps report their end to Argo; with steps of several nodes Argo makes JobSets with their right."""
    metadata = Metadata(name="workflow-steps", namespace=_HOME)
    verbs: tuple[Verb, ...] = (*_READ, "create", "patch", "delete")
    jobs = PolicyRule(api_groups=("jobset.x-k8s.io",), resources=("jobsets",), verbs=verbs)
    rules = (STEP_REPORTS, jobs) if gangs else (STEP_REPORTS,)
    yield LayerItem(role=f"role-steps-{_HOME}", stage="access", body=Role(metadata=metadata, rules=rules))
    binding = RoleBinding(
        metadata=metadata, role_ref=RoleRef(name=metadata.name, kind="Role"), subjects=(pods_of(_HOME, _HOME),)
    )
    yield LayerItem(role=f"binding-steps-{_HOME}", stage="access", body=binding)


def _people(layer: LayerContext) -> Iterator[LayerItem]:
    """Those who run jobs start, stop and watch runs. They get no shell in a step: its identity registers models."""
    people = discovery.backend(layer.spec.targets[0].cloud).load(NamesPeople)(layer.spec)
    if not people:
        return
    metadata = Metadata(name="runs", namespace=_HOME)
    rules = (
        PolicyRule(
            api_groups=("argoproj.io",), resources=("workflows",), verbs=(*_READ, "create", "patch", "update", "delete")
        ),
        PolicyRule(api_groups=("argoproj.io",), resources=("workflowtemplates",), verbs=_READ),
        PolicyRule(api_groups=("",), resources=("pods", "pods/log", "events"), verbs=_READ),
        PolicyRule(api_groups=("kueue.x-k8s.io",), resources=("localqueues", "workloads"), verbs=_READ),
    )
    yield LayerItem(role=f"role-{_HOME}-runs", stage="access", body=Role(metadata=metadata, rules=rules))
    binding = RoleBinding(metadata=metadata, role_ref=RoleRef(name="runs", kind="Role"), subjects=people)
    yield LayerItem(role=f"binding-{_HOME}-runs", stage="access", body=binding)


def _airflow() -> Role:
    """Rights of the operator that makes a pod of each step: no other objects, no secrets, no shell in a pod."""
    return Role(
        metadata=Metadata(name=AIRFLOW_ROLE, namespace=_HOME),
        rules=(
            PolicyRule(api_groups=("",), resources=("pods",), verbs=(*_READ, "create", "patch", "delete")),
            PolicyRule(api_groups=("",), resources=("pods/log", "events"), verbs=_READ),
        ),
    )
