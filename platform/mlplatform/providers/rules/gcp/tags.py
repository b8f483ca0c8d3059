"""Limits of labels on GCP."""

from __future__ import annotations

from mlplatform.providers.rules.base import MapRule

_REF = "https://cloud.google.com/"
_GKE = _REF + "kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters"
_LABELS = _REF + "resource-manager/docs/labels-overview"
MAPS = (
    MapRule(
        properties=("labels", "userLabels", "resourceLabels"),
        most=64,
        key=r"[a-z][a-z0-9_-]{0,62}",
        value=r"[a-z0-9_-]{0,63}",
        words="keys [a-z][a-z0-9_-]*, values [a-z0-9_-]*, 63 characters each",
        source=_LABELS,
        nested=(
            ("gcp:container/nodePool:NodePool", "nodeConfig.resourceLabels"),
            ("gcp:container/cluster:Cluster", "nodeConfig.resourceLabels"),
            ("gcp:sql/databaseInstance:DatabaseInstance", "settings.userLabels"),
        ),
        except_tokens=("gcp:monitoring/notificationChannel:NotificationChannel",),
    ),
    MapRule(
        properties=(),
        most=100,
        key=r"([a-z0-9A-Z.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?",
        value=r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?",
        words="Kubernetes label syntax",
        source=_GKE + ".nodePools",
        nested=(("gcp:container/nodePool:NodePool", "nodeConfig.labels"),),
    ),
)
