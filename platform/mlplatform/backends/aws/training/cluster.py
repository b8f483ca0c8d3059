"""The training cluster: a private EKS cluster with its system nodes, add-ons and workload identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pulumi
from pulumi_aws import eks, iam

from mlplatform.backends.aws.identity.trust import TOKEN_AUDIENCE
from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.naming import CLUSTER, ROLE
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.registry.parts import AwsImages
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.backends.aws.training import entry
from mlplatform.backends.aws.training.addons import install_after_nodes, install_before_nodes
from mlplatform.backends.aws.training.autoscaler import bind_autoscaler
from mlplatform.backends.aws.training.cluster_roles import make_cluster_role, make_node_role
from mlplatform.backends.aws.training.layer_access import admit_deployer
from mlplatform.backends.aws.training.parts import AwsCluster
from mlplatform.backends.aws.training.scraper import make_scraper
from mlplatform.backends.aws.training.system_pool import make_system_pool
from mlplatform.components.base import native
from mlplatform.components.cluster import ClusterApi
from mlplatform.components.keys import Keys
from mlplatform.components.names import physical_name
from mlplatform.components.network import Network
from mlplatform.components.registry import ImageRegistry
from mlplatform.components.scope import Scope
from mlplatform.components.secret_names import secret_namespaces
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
    broker = _way_in(scope, spec, name, security_group_id, vpc, key_ids["volumes"])
    parts = AwsCluster(
        cluster_name=cluster.name,
        credentials_command=_when_known(cluster, entry.credentials_command(target, name, by_tunnel=broker is not None)),
        access_commands=tuple(_when_known(cluster, command) for command in _access(scope, spec, name, broker)),
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
        broker=broker,
        api=ClusterApi(
            server=cluster.endpoint,
            authority=cluster.certificate_authority.data.apply(_or_empty),
            cluster_id=cluster.arn,
            volumes_key=key_ids["volumes"],
            # https://docs.aws.amazon.com/eks/latest/userguide/irsa-fetch-keys.html
            token_keys=cluster.identities.apply(_keys_address),
            token_issuer=_trust_tokens(scope, cluster) if secret_namespaces(scope.spec) else None,
        )
        if scope.spec.cluster
        else None,
    )
    system = make_system_pool(scope, spec, parts, vpc, key_ids["volumes"])
    logs = install_after_nodes(scope, parts, spec.kubernetes_version, system, log_settings, key_ids["volumes"])
    parts = replace(parts, pod_logs=logs)
    bind_autoscaler(scope, parts)
    if log_settings.amp_workspace_arn is not None:
        make_scraper(scope, parts, vpc, log_settings.amp_workspace_arn, system)
    if scope.spec.cluster and scope.spec.access.ci:
        admit_deployer(scope, cluster.name)
    scope.note(
        "training",
        "EKS gives nodes no newer image by itself: once a month, run `aws eks update-nodegroup-version --cluster-name "
        f"{name} --nodegroup-name GROUP` for each group",
    )
    if spec.holds:
        scope.note(
            "training.holds",
            "EKS replaces no node by itself: node groups change only by `up`, so apply no change of version, image or "
            "launch template while a training runs",
        )
    if target.people:
        roles = ", ".join(physical_name(scope.spec, role, ROLE) for role in target.people)
        scope.note(
            "targets[aws].people",
            f"people work in the account's roles {roles}: a profile in ~/.aws/config takes one with `role_arn`",
        )
    return parts


def _way_in(
    scope: Scope,
    spec: TrainingSpec,
    name: str,
    security_group_id: pulumi.Output[str],
    vpc: AwsNetwork,
    key_arn: pulumi.Output[str],
) -> entry.AwsBroker | None:
    """Open the API's private address to its callers, and make the broker if the entry is one."""
    ranges = dict.fromkeys(spec.private_api_cidrs)
    if scope.spec.entry == "none":
        # people inside the network: the cluster's own group admits only its nodes
        ranges.update(dict.fromkeys(vpc.cidrs))
    hub = scope.target(AwsTarget).hub
    if scope.spec.entry == "peering" and hub:
        ranges.update(dict.fromkeys(str(cidr) for cidr in hub.cidrs))
    for cidr in ranges:
        entry.let_in(scope, cidr.replace("/", "-").replace(".", "-"), security_group_id, cidr, cidr=cidr)
    if vpc.runner_security_group_id is not None:
        entry.let_in(scope, "runner", security_group_id, "CI's jobs", group_id=vpc.runner_security_group_id)
    if scope.spec.entry != "broker":
        return None
    return entry.make_broker(scope, name, security_group_id, vpc, key_arn)


def _access(scope: Scope, spec: TrainingSpec, name: str, broker: entry.AwsBroker | None) -> tuple[str, ...]:
    target = scope.target(AwsTarget)
    if broker:
        return entry.tunnel_command(target, broker, name), entry.credentials_command(target, name, by_tunnel=True)
    if scope.spec.entry == "peering" or spec.api_cidrs:
        return (entry.credentials_command(target, name, by_tunnel=False),)
    return ()


def _when_known(cluster: eks.Cluster, command: str) -> pulumi.Output[str]:
    """A command about the cluster: known once there is one."""
    return cluster.name.apply(lambda _: command)


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
    api_cidrs = list(spec.public_api_cidrs)
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


def _trust_tokens(scope: Scope, cluster: eks.Cluster) -> pulumi.Output[str]:
    """Let roles of the account trust the tokens of the cluster's service accounts. Pod Identity gives credentials to
    pods alone; whoever asks for the tokens of other accounts needs this,
    https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html"""
    provider = iam.OpenIdConnectProvider(
        scope.child("tokens"),
        url=cluster.identities.apply(_issuer),
        client_id_lists=[TOKEN_AUDIENCE],
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    return provider.arn


def _issuer(identities: Sequence[eks.outputs.ClusterIdentity]) -> str:
    """Address of the issuer of the cluster's tokens; empty while nothing is known."""
    oidcs = identities[0].oidcs if identities else None
    return oidcs[0].issuer or "" if oidcs else ""


def _keys_address(identities: Sequence[eks.outputs.ClusterIdentity]) -> str:
    """Address of the keys of the cluster's tokens; empty while nothing is known."""
    issuer = _issuer(identities)
    return f"{issuer}/keys" if issuer else ""


def _or_empty(value: str | None) -> str:
    return value or ""
