"""Pods on every node that they are for: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/"""

from __future__ import annotations

from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.fast.record import record


@record(kw_only=True)
class DaemonSetSpec:
    """The pods of a daemon."""

    selector: LabelSelector
    """Labels of its pods; it cannot be changed."""

    template: PodTemplate
    """Its pods."""


@record(kw_only=True)
class DaemonSet(KubeObject):
    """A pod on each node of some pools."""

    API = "apps/v1"
    KIND = "DaemonSet"

    metadata: Metadata
    """Name and namespace."""

    spec: DaemonSetSpec
    """Its pods."""
