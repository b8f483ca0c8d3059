"""The namespaces of the engines and of the jobs, and the volumes that pods get when they ask for none by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from mlplatform import discovery
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import Metadata
from mlplatform.cluster.objects.core import Namespace, ServiceAccount
from mlplatform.cluster.objects.storage import DEFAULT_CLASS
from mlplatform.cluster.people_facts import BindsAccounts
from mlplatform.cluster.volume_facts import DescribesStorage

PodSecurity = Literal["privileged", "baseline", "restricted"]
"""Levels of https://kubernetes.io/docs/concepts/security/pod-security-standards/"""

JOBSET_NAMESPACE = "jobset-system"
TRAINER_NAMESPACE = "kubeflow-system"
RAY_NAMESPACE = "kuberay-system"
KUEUE_NAMESPACE = "kueue-system"
GROUPS_NAMESPACE = "lws-system"

NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""Label with which the API server names each namespace."""

TRAINING_ACCOUNT = "training"
"""The service account of jobs; the platform's `training` identity trusts it."""


def needs_groups(layer: LayerContext) -> bool:
    """Whether an endpoint has replicas of several nodes."""
    return any(endpoint.nodes > 1 for endpoint in layer.spec.cluster_endpoints)


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """Namespaces with their level of pod security, the jobs' service account, and the default storage class."""
    spec = layer.spec
    engines = spec.cluster.engines if spec.cluster else ()
    controllers = [JOBSET_NAMESPACE, KUEUE_NAMESPACE]
    controllers += [TRAINER_NAMESPACE] if "trainer" in engines else []
    controllers += [RAY_NAMESPACE] if "ray" in engines else []
    controllers += [GROUPS_NAMESPACE] if needs_groups(layer) else []
    for name in sorted(controllers):
        yield namespace(name, "restricted")
    jobs = spec.access.training_namespace
    # a fabric's jobs lock memory (IPC_LOCK) and mount the fabric's libraries, which only `privileged` admits
    yield namespace(jobs, "privileged" if any(nodes.pool.fabric for nodes in layer.pools) else "baseline")
    backend = discovery.backend(spec.targets[0].cloud)
    yield LayerItem(
        role=f"account-{jobs}-{TRAINING_ACCOUNT}",
        stage="access",
        body=ServiceAccount(
            metadata=Metadata(
                name=TRAINING_ACCOUNT,
                namespace=jobs,
                annotations=backend.load(BindsAccounts)(spec, "training") or None,
            )
        ),
    )
    for storage in backend.load(DescribesStorage)(layer):
        other = storage.metadata.name.removeprefix(DEFAULT_CLASS)
        yield LayerItem(role=f"storage{other}", stage="base", body=storage)


def namespace(name: str, level: PodSecurity) -> LayerItem:
    """A namespace that enforces a level of pod security, and warns of what the strictest would refuse."""
    head = "pod-security.kubernetes.io"
    return LayerItem(
        role=f"namespace-{name}",
        stage="base",
        body=Namespace(metadata=Metadata(name=name, labels={f"{head}/enforce": level, f"{head}/warn": "restricted"})),
    )
