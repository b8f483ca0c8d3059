"""The queue's metrics on GKE."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata
from mlplatform.cluster.objects.core import Secret, ServiceAccount
from mlplatform.cluster.objects.google_monitors import (
    Authorization,
    Credentials,
    PodMonitoring,
    PodMonitoringSpec,
    ScrapeEndpoint,
    ScrapeTls,
    SecretKey,
)
from mlplatform.cluster.objects.rbac import (
    ClusterRoleBinding,
    PolicyRule,
    Role,
    RoleBinding,
    RoleRef,
    pods_of,
)
from mlplatform.cluster.parts.base import KUEUE_NAMESPACE

_READER = "queue-metrics"
"""Account, token and rights of the collector for Kueue's metrics."""

_COLLECTORS = ("gke-gmp-system", "gmp-system")
"""Namespaces of the managed collector, by GKE's version."""


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """Kueue shows its metrics to who may read `/metrics`; the managed collector sends only tokens that it is given.

    The token may read Kueue's metrics and nothing else. Kubernetes fills it in, and no one else sees it.
    https://docs.cloud.google.com/stackdriver/docs/managed-prometheus/setup-managed,
    https://github.com/GoogleCloudPlatform/prometheus-engine/blob/2ffde4ec7/doc/api.md
    """
    return tuple(LayerItem(role=f"queue-metrics-{role}", stage="addons", body=body) for role, body in _objects())


def _objects() -> Iterator[
    tuple[str, ServiceAccount | Secret | ClusterRoleBinding | Role | RoleBinding | PodMonitoring]
]:
    own = Metadata(name=_READER, namespace=KUEUE_NAMESPACE)
    yield "account", ServiceAccount(metadata=own, automount_service_account_token=False)
    yield (
        "token",
        Secret(
            metadata=Metadata(
                name=_READER,
                namespace=KUEUE_NAMESPACE,
                annotations={"kubernetes.io/service-account.name": _READER},
            ),
            type="kubernetes.io/service-account-token",
        ),
    )
    yield (
        "reader",
        ClusterRoleBinding(
            metadata=Metadata(name=_READER),
            role_ref=RoleRef(name="kueue-metrics-reader"),
            subjects=(pods_of(_READER, KUEUE_NAMESPACE),),
        ),
    )
    secrets = PolicyRule(
        api_groups=("",), resources=("secrets",), resource_names=(_READER,), verbs=("get", "list", "watch")
    )
    yield "role", Role(metadata=own, rules=(secrets,))
    yield (
        "collector",
        RoleBinding(
            metadata=own,
            role_ref=RoleRef(name=_READER, kind="Role"),
            subjects=tuple(pods_of("collector", namespace) for namespace in _COLLECTORS),
        ),
    )
    yield (
        "pods",
        PodMonitoring(
            metadata=Metadata(name="kueue", namespace=KUEUE_NAMESPACE),
            spec=PodMonitoringSpec(
                selector=LabelSelector(match_labels={"control-plane": "controller-manager"}),
                endpoints=(
                    ScrapeEndpoint(
                        port="metrics",
                        interval="30s",
                        scheme="https",
                        # under a certificate of its own
                        tls=ScrapeTls(insecure_skip_verify=True),
                        authorization=Authorization(
                            credentials=Credentials(secret=SecretKey(name=_READER, key="token"))
                        ),
                    ),
                ),
            ),
        ),
    )
