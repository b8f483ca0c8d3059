"""Managed collection of the cluster's metrics into managed Prometheus."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent

import pulumi
from pulumi_aws import amp, eks

from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.training.parts import AwsCluster
from mlplatform.cluster.parts.base import KUEUE_NAMESPACE
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope

_SCRAPE_CONFIG = dedent("""\
    global:
      scrape_interval: 30s
    scrape_configs:
      - job_name: containers
        scheme: https
        bearer_token_file: /var/run/secrets/kubernetes.io/serviceaccount/token
        kubernetes_sd_configs:
          - role: node
        relabel_configs:
          - action: labelmap
            regex: __meta_kubernetes_node_label_(.+)
          - replacement: kubernetes.default.svc:443
            target_label: __address__
          - source_labels: [__meta_kubernetes_node_name]
            regex: (.+)
            target_label: __metrics_path__
            replacement: /api/v1/nodes/$1/proxy/metrics/cadvisor
      - job_name: pods
        kubernetes_sd_configs:
          - role: pod
        relabel_configs:
          - source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape]
            action: keep
            regex: "true"
          - source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_path]
            action: replace
            regex: (.+)
            target_label: __metrics_path__
          - source_labels: [__address__, __meta_kubernetes_pod_annotation_prometheus_io_port]
            action: replace
            regex: (.+?)(?::\\d+)?;(\\d+)
            replacement: $1:$2
            target_label: __address__
          - source_labels: [__meta_kubernetes_namespace]
            target_label: namespace
          - source_labels: [__meta_kubernetes_pod_name]
            target_label: pod
          - source_labels: [__meta_kubernetes_pod_node_name]
            target_label: node
    """)
"""Metrics of containers through the kubelets, and of every pod annotated with `prometheus.io/scrape: "true"`."""

_TLS = """\
    scheme: https
    tls_config:
      insecure_skip_verify: true
    kubernetes_sd_configs:
      - role: pod
    relabel_configs:
      - source_labels: [__meta_kubernetes_namespace, __meta_kubernetes_pod_container_port_number]
        action: keep
        regex: {pods}
      - source_labels: [__meta_kubernetes_pod_node_name]
        target_label: node
    metric_relabel_configs:
      - source_labels: [__name__]
        action: keep
        regex: {metrics}
"""
"""Pods with certificates of their own, and the metrics that are kept of them,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/managed-prometheus-collectors-scraper-configuration.html"""

_GPUS = "  - job_name: gpus\n" + _TLS.format(pods="amazon-cloudwatch;9400", metrics="DCGM_FI_.*")
"""What each GPU does, of the exporter that CloudWatch's add-on brings. A second exporter could not read what one reader
at a time may (DCGM_FI_PROF_…),
https://github.com/aws-observability/helm-charts/blob/71a298f/charts/amazon-cloudwatch-observability/templates/linux/dcgm-exporter-daemonset.yaml"""

_QUEUE = (
    "  - job_name: queue\n    bearer_token_file: /var/run/secrets/kubernetes.io/serviceaccount/token\n"
    + _TLS.format(pods=f"{KUEUE_NAMESPACE};8443", metrics="kueue_.*")
)
"""Kueue's metrics, which it shows to who may read `/metrics` of the cluster's API, as the collector may,
https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-collector-how-to.html. Only the layer puts pods into that
namespace: nobody else is sent the token."""


def scrape_config(*, gpus: bool, queue: bool) -> str:
    """The collector's configuration.

    Args:
        gpus: whether the cluster has pools with GPUs.
        queue: whether it has a queue.
    """
    return _SCRAPE_CONFIG + (_GPUS if gpus else "") + (_QUEUE if queue else "")


def make_scraper(
    scope: Scope, parts: AwsCluster, vpc: AwsNetwork, workspace_arn: pulumi.Output[str], *after: eks.NodeGroup
) -> None:
    """Collect from the cluster's own subnets. In API mode EKS admits the collector itself."""
    subnets: Sequence[pulumi.Output[str]] = vpc.node_subnet_ids
    amp.Scraper(
        scope.child("scraper"),
        alias=physical_name(scope.spec, "cluster", 100),
        source=amp.ScraperSourceArgs(
            eks=amp.ScraperSourceEksArgs(
                cluster_arn=parts.arn,
                subnet_ids=list(subnets),
                security_group_ids=[parts.security_group_id],
            )
        ),
        destination=amp.ScraperDestinationArgs(amp=amp.ScraperDestinationAmpArgs(workspace_arn=workspace_arn)),
        scrape_configuration=scrape_config(
            gpus=bool(scope.spec.training and scope.spec.training.pools), queue=scope.spec.cluster is not None
        ),
        tags=scope.tags,
        opts=scope.opts(depends_on=after, delete_before_replace=True),
    )
