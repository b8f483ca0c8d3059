"""The training cluster: a private EKS cluster with its system nodes, add-ons and workload identity."""

from __future__ import annotations

import pulumi
from pulumi_aws import eks

from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.naming import CLUSTER, physical
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.registry.parts import AwsImages
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.backends.aws.training import addons, autoscaler, scraper
from mlplatform.backends.aws.training.cluster_roles import cluster_role, node_role
from mlplatform.backends.aws.training.parts import AwsCluster
from mlplatform.backends.aws.training.system_pool import system_pool
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.keys import Keys
from mlplatform.components.network import Network
from mlplatform.components.registry import ImageRegistry
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.training import TrainingSpec

_LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")


def build(
    scope: Scope, spec: TrainingSpec, network: Network, keys: Keys, telemetry: Telemetry, images: ImageRegistry
) -> AwsCluster:
    """Make the cluster. Order matters: network add-ons, then nodes, then the add-ons that run on nodes."""
    target = scope.target(AwsTarget)
    vpc = native(network.parts, AwsNetwork)
    key_ids = native(keys.parts, AwsKeys).ids
    logs = native(telemetry.parts, AwsTelemetry)
    name = physical(scope.spec, "cluster", CLUSTER)
    cluster = _cluster(scope, spec, name, vpc, key_ids["cluster"], logs)
    nodes = node_role(scope, native(images.parts, AwsImages))
    base = addons.before_nodes(scope, cluster)
    after: tuple[pulumi.Resource, ...] = (*nodes.rights, *base.ready, *vpc.ready)
    security_group_id = cluster.vpc_config.cluster_security_group_id.apply(_text)
    parts = AwsCluster(
        cluster_name=cluster.name,
        credentials_command=pulumi.Output.concat(
            "aws eks update-kubeconfig --region ", target.region, " --name ", cluster.name
        ),
        scope=scope,
        cluster=cluster,
        name=name,
        arn=cluster.arn,
        version=cluster.version,
        security_group_id=security_group_id,
        node_role_arn=nodes.role.arn,
        nodes_after=after,
        pods_after=(base.agent,),
        subnet_by_zone=vpc.subnet_by_zone,
        vpc_id=lambda: vpc.network_id,
        agent=base.agent,
    )
    system = system_pool(scope, spec, parts, vpc, key_ids["volumes"])
    addons.after_nodes(scope, parts, system, logs, key_ids["volumes"])
    autoscaler.identity(scope, parts)
    if logs.amp_workspace_arn is not None:
        scraper.scrape(scope, parts, vpc, logs.amp_workspace_arn, system)
    if "operator" not in target.people:
        scope.note(
            "targets[aws].people",
            "nobody administers the cluster: name principals for 'operator', or add an EKS access entry by hand",
        )
    return parts


def _cluster(
    scope: Scope,
    spec: TrainingSpec,
    name: str,
    vpc: AwsNetwork,
    key_arn: pulumi.Output[str],
    telemetry: AwsTelemetry,
) -> eks.Cluster:
    log_group = telemetry.log_group(scope, "logs", f"/aws/eks/{name}/cluster")
    role, rights = cluster_role(scope, key_arn)
    open_to = [str(cidr) for cidr in spec.api_cidrs]
    if not open_to:
        scope.note(
            "training.api_cidrs", "the cluster's API answers only inside the VPC: reach it by VPN, or through SSM"
        )
    return eks.Cluster(
        scope.child("eks"),
        name=name,
        version=spec.kubernetes_version,
        role_arn=role.arn,
        # the network add-ons are made below, with identities and an order of their own
        bootstrap_self_managed_addons=False,
        access_config=eks.ClusterAccessConfigArgs(
            authentication_mode="API", bootstrap_cluster_creator_admin_permissions=False
        ),
        vpc_config=eks.ClusterVpcConfigArgs(
            subnet_ids=list(vpc.node_subnet_ids),
            endpoint_private_access=True,
            endpoint_public_access=bool(open_to),
            public_access_cidrs=open_to or None,
        ),
        kubernetes_network_config=eks.ClusterKubernetesNetworkConfigArgs(
            ip_family="ipv4", service_ipv4_cidr=str(scope.spec.network.service_cidr)
        ),
        encryption_config=eks.ClusterEncryptionConfigArgs(
            provider=eks.ClusterEncryptionConfigProviderArgs(key_arn=key_arn), resources=["secrets"]
        ),
        enabled_cluster_log_types=list(_LOGS),
        upgrade_policy=eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
        deletion_protection=scope.defaults.protected,
        tags=scope.tags,
        opts=scope.opts(
            depends_on=[*rights, log_group],
            protect=scope.defaults.protected or None,
            delete_before_replace=True,
        ),
    )


def _text(value: str | None) -> str:
    return value or ""
