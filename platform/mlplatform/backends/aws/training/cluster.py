"""The training cluster: a private EKS cluster with its system nodes, add-ons and workload identity."""

from __future__ import annotations

import pulumi
from pulumi_aws import eks

from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.naming import CLUSTER
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.registry.parts import AwsImages
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.backends.aws.training.addons import install_after_nodes, install_before_nodes
from mlplatform.backends.aws.training.autoscaler import bind_autoscaler
from mlplatform.backends.aws.training.cluster_roles import make_cluster_role, make_node_role
from mlplatform.backends.aws.training.parts import AwsCluster
from mlplatform.backends.aws.training.scraper import make_scraper
from mlplatform.backends.aws.training.system_pool import make_system_pool
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.names import physical_name
from mlplatform.components.network import Network
from mlplatform.components.registry import ImageRegistry
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.training import TrainingSpec

_LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")


def build(
    scope: Scope, spec: TrainingSpec, network: Network, keys: Keys, telemetry: Telemetry, images: ImageRegistry
) -> AwsCluster:
    """Create the cluster. Order matters: network add-ons, then nodes, then the add-ons that run on nodes."""
    target = scope.target(AwsTarget)
    vpc = native(network.parts, AwsNetwork)
    key_ids = native(keys.parts, AwsKeys).ids
    log_settings = native(telemetry.parts, AwsTelemetry)
    name = physical_name(scope.spec, "cluster", CLUSTER)
    cluster = _cluster(scope, spec, name, vpc, key_ids["cluster"], log_settings)
    nodes = make_node_role(scope, native(images.parts, AwsImages))
    base = install_before_nodes(scope, cluster, spec.kubernetes_version)
    before_nodes: tuple[pulumi.Resource, ...] = (*nodes.rights, *base.ready, *vpc.ready)
    security_group_id = cluster.vpc_config.cluster_security_group_id.apply(_or_empty)
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
        nodes_after=before_nodes,
        pods_after=(base.agent,),
        subnet_by_zone=vpc.subnet_by_zone,
        vpc_id=lambda: vpc.network_id,
        agent=base.agent,
    )
    system = make_system_pool(scope, spec, parts, vpc, key_ids["volumes"])
    install_after_nodes(scope, parts, spec.kubernetes_version, system, log_settings, key_ids["volumes"])
    bind_autoscaler(scope, parts)
    if log_settings.amp_workspace_arn is not None:
        make_scraper(scope, parts, vpc, log_settings.amp_workspace_arn, system)
    if spec.holds:
        scope.note(
            "training.holds",
            "EKS replaces no node by itself: node groups change only by `up`, so apply no change of version, image or "
            "launch template while a training runs",
        )
    if "operator" not in target.people:
        scope.note(
            "targets[aws].people",
            "nobody can administer the cluster: name principals for 'operator', or add an EKS access entry by hand",
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
    role, rights = make_cluster_role(scope, key_arn)
    api_cidrs = [str(cidr) for cidr in spec.api_cidrs]
    if not api_cidrs:
        scope.note("training.api_cidrs", "the cluster's API answers only inside the VPC: use a VPN or SSM to reach it")
    return eks.Cluster(
        scope.child("eks"),
        name=name,
        version=spec.kubernetes_version,
        role_arn=role.arn,
        # the network add-ons are created separately, with their own identities and order
        bootstrap_self_managed_addons=False,
        access_config=eks.ClusterAccessConfigArgs(
            authentication_mode="API", bootstrap_cluster_creator_admin_permissions=False
        ),
        vpc_config=eks.ClusterVpcConfigArgs(
            subnet_ids=list(vpc.node_subnet_ids),
            endpoint_private_access=True,
            endpoint_public_access=bool(api_cidrs),
            public_access_cidrs=api_cidrs or None,
        ),
        kubernetes_network_config=eks.ClusterKubernetesNetworkConfigArgs(
            ip_family="ipv4", service_ipv4_cidr=str(scope.spec.network.service_cidr)
        ),
        encryption_config=eks.ClusterEncryptionConfigArgs(
            provider=eks.ClusterEncryptionConfigProviderArgs(key_arn=key_arn), resources=["secrets"]
        ),
        enabled_cluster_log_types=list(_LOGS),
        upgrade_policy=eks.ClusterUpgradePolicyArgs(support_type=spec.support.upper()),
        deletion_protection=scope.defaults.protected,
        tags=scope.tags,
        opts=scope.opts(
            depends_on=[*rights, log_group],
            protect=scope.defaults.protected or None,
            delete_before_replace=True,
        ),
    )


def _or_empty(value: str | None) -> str:
    return value or ""
