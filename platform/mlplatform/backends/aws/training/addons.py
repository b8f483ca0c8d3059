"""EKS add-ons, in the order in which they can start.

Without the network add-ons no node becomes ready, and without a node the others never do:
https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, eks

from mlplatform.backends.aws.foundation.policy import to_json
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.backends.aws.training.cluster_roles import RoleWithRights, make_pod_role, volume_key_statements
from mlplatform.backends.aws.training.parts import AwsCluster
from mlplatform.components.file_system_sizes import mounts_file_system
from mlplatform.components.scope import Scope

_CONTAINER_LOGS = ("application", "dataplane", "host", "performance")

_AGENT: dict[str, object] = {
    "agent": {
        "config": {
            "logs": {
                "metrics_collected": {
                    "application_signals": {},
                    "kubernetes": {"accelerated_compute_metrics": True, "enhanced_container_insights": True},
                }
            },
            "traces": {"traces_collected": {"application_signals": {}}},
        }
    }
}
"""What the CloudWatch agent collects: alarms and dashboards name these metrics. It is what the add-on does by itself
today, said here because versions differ in it: from 6.2 on, the add-on also knows metrics with other names.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html
"""


@dataclass(frozen=True, slots=True)
class BaseAddons:
    """The add-ons that must exist before nodes."""

    agent: eks.Addon
    """The pod identity agent."""

    ready: tuple[pulumi.Resource, ...]
    """All of these add-ons."""


def install_before_nodes(scope: Scope, cluster: eks.Cluster, kubernetes: str) -> BaseAddons:
    """Install pod identity, pod network and service network, in versions that run on a minor version of Kubernetes."""
    agent = _addon(scope, cluster, kubernetes, "eks-pod-identity-agent")
    cni = make_pod_role(scope, "cni", "kube-system", "aws-node", ("AmazonEKS_CNI_Policy",))
    network = _addon(
        scope,
        cluster,
        kubernetes,
        "vpc-cni",
        after=[agent, *cni.rights],
        identity=("aws-node", cni),
        values={"enableNetworkPolicy": "true"},
    )
    proxy = _addon(scope, cluster, kubernetes, "kube-proxy")
    return BaseAddons(agent, (agent, network, proxy))


def install_after_nodes(
    scope: Scope,
    parts: AwsCluster,
    kubernetes: str,
    system: eks.NodeGroup,
    telemetry: AwsTelemetry,
    volume_key_arn: pulumi.Output[str],
) -> cloudwatch.LogGroup:
    """Install name service, metrics, disks, folders of the store, node health, logs and GPU metrics.

    The driver of folders takes tolerations since 1.8: https://docs.aws.amazon.com/eks/latest/userguide/s3-csi.html

    Returns:
        The logs of pods.
    """
    cluster = parts.cluster
    for name in ("coredns", "metrics-server", "eks-node-monitoring-agent"):
        _addon(scope, cluster, kubernetes, name, after=[system])
    disks = make_pod_role(
        scope,
        "disks",
        "kube-system",
        "ebs-csi-controller-sa",
        ("service-role/AmazonEBSCSIDriverPolicy",),
        volume_key_statements(volume_key_arn),
    )
    _addon(
        scope,
        cluster,
        kubernetes,
        "aws-ebs-csi-driver",
        after=[system, parts.agent, *disks.rights],
        identity=("ebs-csi-controller-sa", disks),
    )
    if scope.spec.cluster and scope.spec.cluster.mounts:
        # without a role: pods open buckets with their own. Every taint, or jobs on GPUs would wait for the driver
        folders = "aws-mountpoint-s3-csi-driver"
        values: dict[str, object] = {"node": {"tolerateAllTaints": True}}
        _addon(scope, cluster, kubernetes, folders, after=[system, parts.agent], values=values)
    if mounts_file_system(scope.spec):
        # without a role: it mounts a file system that is there, and makes none. Its nodes' pods tolerate every taint
        _addon(scope, cluster, kubernetes, "aws-fsx-csi-driver", after=[system])
    watcher = make_pod_role(scope, "watcher", "amazon-cloudwatch", "cloudwatch-agent", ("CloudWatchAgentServerPolicy",))
    # the agent creates missing groups without key and retention
    groups = {
        kind: telemetry.log_group(scope, f"{kind}-logs", f"/aws/containerinsights/{parts.name}/{kind}")
        for kind in _CONTAINER_LOGS
    }
    _addon(
        scope,
        cluster,
        kubernetes,
        "amazon-cloudwatch-observability",
        after=[system, parts.agent, *watcher.rights, *groups.values()],
        identity=("cloudwatch-agent", watcher),
        values=_AGENT,
    )
    return groups["application"]


def _addon(
    scope: Scope,
    cluster: eks.Cluster,
    kubernetes: str,
    name: str,
    *,
    after: Sequence[pulumi.Resource] = (),
    identity: tuple[str, RoleWithRights] | None = None,
    values: dict[str, object] | None = None,
) -> eks.Addon:
    release = scope.context.backend.catalog.kubernetes.release(kubernetes)
    associations = None
    if identity:
        service_account, role = identity
        associations = [eks.AddonPodIdentityAssociationArgs(role_arn=role.role.arn, service_account=service_account)]
    return eks.Addon(
        scope.child(f"addon-{name}"),
        cluster_name=cluster.name,
        addon_name=name,
        # it moves with the minor version; one that the catalogue does not know is the service's default when it is made
        addon_version=dict(release.addons).get(name) if release else None,
        pod_identity_associations=associations,
        configuration_values=to_json(values) if values else None,
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="PRESERVE",
        tags=scope.tags,
        opts=scope.opts(depends_on=after, delete_before_replace=True),
    )
