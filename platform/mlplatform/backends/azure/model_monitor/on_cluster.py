"""Alerts on a monitor that the cluster runs, over the log of its pods."""

from __future__ import annotations

from mlplatform.backends.azure.model_monitor.watch import watch_monitor
from mlplatform.components.cluster import Cluster
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import ModelMonitorSpec


def build(scope: Scope, spec: ModelMonitorSpec, endpoint: EndpointSpec, cluster: Cluster) -> None:
    """Make the alerts: the workspace has the logs of the cluster's pods."""
    del cluster
    watch_monitor(scope, spec, endpoint, None)
