"""Alerts on a monitor that the cluster runs, over the log of its pods."""

from __future__ import annotations

from mlplatform.backends.aws.model_monitor.watch import MonitorLines, watch_monitor
from mlplatform.backends.aws.training.parts import AwsCluster
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import MONITORS_NAMESPACE, ModelMonitorSpec

SAID = "$.log_processed"
"""Where a line of JSON is in what the add-on writes of it,
https://github.com/aws-observability/helm-charts/blob/00bd626/charts/amazon-cloudwatch-observability/values.yaml
(Merge_Log_Key)"""


def build(scope: Scope, spec: ModelMonitorSpec, endpoint: EndpointSpec, cluster: Cluster) -> None:
    """Create the alerts. Lines of other namespaces do not count: any pod can write them.

    Raises:
        ValueError: the cluster keeps no logs of pods.
    """
    logs = native(cluster.parts, AwsCluster).pod_logs
    if logs is None:
        raise ValueError("the cluster keeps no logs of its pods")
    whose = f'$.kubernetes.namespace_name = "{MONITORS_NAMESPACE}" && {SAID}.endpoint = "{endpoint.name}"'
    watch_monitor(scope, spec, endpoint, MonitorLines(logs, said=SAID, whose=whose))
