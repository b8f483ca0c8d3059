"""The steps of a canary after the first: a job leads one more name to the newest replicas.

Argo Rollouts moves shares itself only through proxies that it knows, of which none checks the tokens of service
accounts. It leads two names, of the serving and of the newest replicas, and starts jobs among its measurements. So each
further step has a name of its own, and a job gives it the label of the newest replicas once the former step was good:
who takes the release back need not take any share back, since such a name then leads nowhere.
https://argo-rollouts.readthedocs.io/en/release-1.9/analysis/job/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata
from mlplatform.cluster.objects.containers import Container, Resources
from mlplatform.cluster.objects.core import ServiceAccount
from mlplatform.cluster.objects.network import EgressRule, NetworkPolicy, NetworkPolicySpec, NetworkPort
from mlplatform.cluster.objects.pods import PodMetadata, PodSpec, PodTemplate
from mlplatform.cluster.objects.rbac import PolicyRule, Role, RoleBinding, RoleRef, pods_of
from mlplatform.cluster.objects.rollouts import (
    AnalysisArg,
    AnalysisJob,
    AnalysisJobSpec,
    AnalysisMetric,
    AnalysisProvider,
    ReplicasHash,
)
from mlplatform.cluster.serving.names import model_labels, preview_name
from mlplatform.cluster.serving.weights import LOCKED
from mlplatform.components.cluster_rollouts import canary_shares
from mlplatform.components.labels import ROLE_LABEL
from mlplatform.spec.endpoints import SERVING_NAMESPACE, EndpointSpec

KUBECTL = "registry.k8s.io/kubectl:v1.35.1"
"""Kubernetes' own image: https://kubernetes.io/releases/download/#container-images (2026-02)"""

_MOVER = "mlplatform--steps"
"""Name of what moves; no endpoint has two hyphens in its name."""

_HASH = "rollouts-pod-template-hash"
_NEWEST = "newest"
_NOBODY = "none"
"""No replicas have this hash."""

_LABELS = {ROLE_LABEL: "steps"}


def step_selector(endpoint: EndpointSpec, variant: str) -> dict[str, str]:
    """Labels of the replicas that the name of a later step leads to before any rollout: none have them."""
    return {**model_labels(endpoint, variant), _HASH: _NOBODY}


def told() -> tuple[AnalysisArg, ...]:
    """What the measurements of a canary with several steps are told."""
    return (AnalysisArg(name=_NEWEST, value_from=ReplicasHash(pod_template_hash_value="Latest")),)


def asked() -> tuple[AnalysisArg, ...]:
    """The same, as the measurements ask for it."""
    return (AnalysisArg(name=_NEWEST),)


def steps_back(endpoint: EndpointSpec, variant: str) -> Iterator[AnalysisMetric]:
    """Before the first step the names of later ones lead nowhere: a release that was taken back and comes again would
    find them leading to it."""
    later = [preview_name(endpoint, variant, share.suffix) for share in canary_shares(endpoint)[1:]]
    if later:
        yield AnalysisMetric(name="steps-back", provider=_moves(later, _NOBODY))


def next_step(endpoint: EndpointSpec, variant: str, suffix: str, seconds: int) -> AnalysisMetric:
    """The job of a later step. It runs only if nothing has failed before.

    Args:
        endpoint: the endpoint.
        variant: name of the variant.
        suffix: what the names of the step end with.
        seconds: from the start of the measurements to the step.
    """
    newest = "{{args." + _NEWEST + "}}"
    return AnalysisMetric(
        name=f"step-{suffix}",
        provider=_moves([preview_name(endpoint, variant, suffix)], newest),
        initial_delay=f"{seconds}s",
    )


def mover_items(endpoints: Sequence[EndpointSpec]) -> Iterator[LayerItem]:
    """The account of these jobs, which may change the services of steps alone and reaches HTTPS alone; nothing where no
    canary has a second step."""
    services = tuple(
        preview_name(endpoint, variant.name, share.suffix)
        for endpoint in endpoints
        for variant in endpoint.all_variants()
        for share in canary_shares(endpoint)[1:]
    )
    if not services:
        return
    metadata = Metadata(name=_MOVER, namespace=SERVING_NAMESPACE)
    allowed = PolicyRule(
        api_groups=("",), resources=("services",), verbs=("get", "patch"), resource_names=tuple(sorted(services))
    )
    https = EgressRule(ports=(NetworkPort(port=443),))
    bodies: tuple[tuple[str, KubeObject], ...] = (
        ("account", ServiceAccount(metadata=metadata, automount_service_account_token=False)),
        ("role", Role(metadata=metadata, rules=(allowed,))),
        (
            "binding",
            RoleBinding(
                metadata=metadata,
                role_ref=RoleRef(name=_MOVER, kind="Role"),
                subjects=(pods_of(_MOVER, SERVING_NAMESPACE),),
            ),
        ),
        (
            "network",
            NetworkPolicy(
                metadata=metadata,
                spec=NetworkPolicySpec(
                    pod_selector=LabelSelector(match_labels=_LABELS),
                    policy_types=("Ingress", "Egress"),
                    egress=(https,),
                ),
            ),
        ),
    )
    for kind, body in bodies:
        yield LayerItem(role=f"rollouts-steps-{kind}", stage="access", body=body)


def _moves(services: Sequence[str], replicas: str) -> AnalysisProvider:
    """A job that leads names to replicas.

    Args:
        services: the names.
        replicas: hash of the replicas.
    """
    patch = json.dumps({"spec": {"selector": {_HASH: replicas}}})
    pod = PodSpec(
        containers=tuple(
            Container(
                name=f"step-{service.rpartition('--preview')[2]}",
                image=KUBECTL,
                args=(
                    "patch",
                    "service",
                    service,
                    f"--namespace={SERVING_NAMESPACE}",
                    "--type=merge",
                    "--patch",
                    patch,
                ),
                resources=Resources(requests={"cpu": "10m", "memory": "32Mi"}, limits={"memory": "128Mi"}),
                security_context=LOCKED,
            )
            for service in services
        ),
        restart_policy="Never",
        service_account_name=_MOVER,
        automount_service_account_token=True,
    )
    template = PodTemplate(metadata=PodMetadata(labels=_LABELS), spec=pod)
    spec = AnalysisJobSpec(template=template, backoff_limit=3, active_deadline_seconds=10 * 60)
    return AnalysisProvider(job=AnalysisJob(spec=spec))
