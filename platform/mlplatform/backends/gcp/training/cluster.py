"""A private GKE cluster with workload identity, the account of its nodes, system pool and extra networks."""

from __future__ import annotations

import pulumi
from pulumi_gcp import container, projects, serviceaccount

from mlplatform.backends.gcp.keys.agent_topic import make_agent_topic
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import ACCOUNT, CLUSTER
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.network.pods import SYSTEM_PODS
from mlplatform.backends.gcp.registry.grants import READER, grant_existing, grant_repository
from mlplatform.backends.gcp.registry.parts import GcpImages
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.training import entry
from mlplatform.backends.gcp.training.cluster_settings import api_access, cluster_observability, cluster_safeguards
from mlplatform.backends.gcp.training.fabric import build_fabric
from mlplatform.backends.gcp.training.layer_access import admit_deployer
from mlplatform.backends.gcp.training.node_config import first_node_config
from mlplatform.backends.gcp.training.parts import GcpCluster
from mlplatform.backends.gcp.training.system_pool import build_system_pool
from mlplatform.components.base import native
from mlplatform.components.file_system_sizes import mounts_file_system
from mlplatform.components.keys import Keys
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.network import Network
from mlplatform.components.registry import ImageRegistry
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.training import TrainingSpec


def build(
    scope: Scope,
    spec: TrainingSpec,
    network: Network,
    keys: Keys,
    telemetry: Telemetry,
    images: ImageRegistry,
) -> GcpCluster:
    """Build the cluster. Nothing in it depends on the order of the spec's pools."""
    del telemetry
    target = scope.target(GcpTarget)
    gcp_network, gcp_keys = native(network.parts, GcpNetwork), native(keys.parts, GcpKeys)
    account, rights = _node_account(scope, target, gcp_keys, native(images.parts, GcpImages))
    name = physical_name(scope.spec, "", CLUSTER)
    topic, publisher = make_agent_topic(
        scope, gcp_keys, "events", publisher="events-publisher", role="cluster-events", agent="container"
    )
    access = api_access(scope, spec)
    guards = cluster_safeguards(gcp_keys, spec, lustre=mounts_file_system(scope.spec))
    observability = cluster_observability(scope.spec.monitoring, topic.id)
    cluster = container.Cluster(
        scope.child("cluster"),
        project=target.project,
        name=name,
        location=target.region,
        node_locations=list(gcp_network.zones),
        network=gcp_network.network_id,
        subnetwork=gcp_network.subnet_id,
        networking_mode="VPC_NATIVE",
        datapath_provider="ADVANCED_DATAPATH",
        # Both can only be set at creation: with them, a pool with a fast fabric can be added later.
        enable_multi_networking=True,
        default_max_pods_per_node=SYSTEM_PODS,
        ip_allocation_policy=container.ClusterIpAllocationPolicyArgs(
            cluster_secondary_range_name=gcp_network.pods_range,
            services_secondary_range_name=gcp_network.services_range,
        ),
        remove_default_node_pool=True,
        initial_node_count=1,
        node_config=first_node_config(scope, gcp_keys, account.email),
        min_master_version=spec.kubernetes_version,
        release_channel=container.ClusterReleaseChannelArgs(
            channel="EXTENDED" if spec.support == "extended" else "REGULAR"
        ),
        private_cluster_config=access.private,
        control_plane_endpoints_config=access.endpoints,
        master_authorized_networks_config=access.ranges,
        master_auth=container.ClusterMasterAuthArgs(
            client_certificate_config=container.ClusterMasterAuthClientCertificateConfigArgs(
                issue_client_certificate=False
            )
        ),
        workload_identity_config=container.ClusterWorkloadIdentityConfigArgs(workload_pool=target.workload_pool),
        authenticator_groups_config=container.ClusterAuthenticatorGroupsConfigArgs(security_group=target.security_group)
        if target.security_group
        else None,
        enable_legacy_abac=False,
        enable_shielded_nodes=True,
        enable_intranode_visibility=True,
        network_policy=container.ClusterNetworkPolicyArgs(enabled=False),  # the datapath enforces policies
        anonymous_authentication_config=guards.anonymous,
        rbac_binding_config=guards.bindings,
        binary_authorization=guards.admission,
        security_posture_config=guards.posture,
        database_encryption=guards.secrets,
        addons_config=guards.addons,
        secret_manager_config=container.ClusterSecretManagerConfigArgs(enabled=True),
        maintenance_policy=guards.maintenance,
        logging_config=observability.logging,
        monitoring_config=observability.monitoring,
        notification_config=observability.events,
        cost_management_config=container.ClusterCostManagementConfigArgs(enabled=True),
        vertical_pod_autoscaling=container.ClusterVerticalPodAutoscalingArgs(enabled=True),
        gateway_api_config=container.ClusterGatewayApiConfigArgs(channel="CHANNEL_STANDARD"),
        deletion_protection=scope.defaults.protected,
        resource_labels=scope.tags,
        opts=scope.opts(
            depends_on=(
                *rights,
                *gcp_network.ready,
                *gcp_keys.ready["cluster"],
                *gcp_keys.ready["volumes"],
                *gcp_keys.foundation.after("container", "binaryauthorization"),
                publisher,
            ),
            protect=scope.defaults.protected or None,
            ignore_changes=("nodeConfig", "initialNodeCount"),
        ),
    )
    entry.note_namespace_rights(scope, target)
    if scope.spec.cluster and scope.spec.access.ci:
        admit_deployer(scope, gcp_keys.foundation.after("iam"))
    pool = build_system_pool(scope, spec.system_pool, cluster, gcp_network.zones, gcp_keys, account.email)
    fabric = build_fabric(scope, spec, gcp_keys.foundation.after("compute"))
    return GcpCluster(
        cluster_name=cluster.name,
        credentials_command=entry.credentials(target, name, scope.spec, cluster),
        access_commands=entry.access_commands(target, name, scope.spec, cluster),
        scope=scope,
        cluster=cluster,
        name=name,
        location=target.region,
        zones=gcp_network.zones,
        pods_after=(cluster,),
        node_email=account.email,
        fabric=fabric,
        ready=(pool, *rights),
        api=entry.layer_api(scope.spec, cluster, gcp_keys.ids["volumes"], fabric) if scope.spec.cluster else None,
    )


def _node_account(
    scope: Scope, target: GcpTarget, keys: GcpKeys, images: GcpImages
) -> tuple[serviceaccount.Account, tuple[pulumi.Resource, ...]]:
    """The nodes' account, only for logs, metrics and images; pods have their own identities."""
    account = serviceaccount.Account(
        scope.child("nodes"),
        project=target.project,
        account_id=physical_name(scope.spec, "nodes", ACCOUNT),
        display_name=f"{platform_name(scope.spec, ' ')}: cluster nodes",
        opts=scope.opts(depends_on=keys.foundation.after("iam")),
    )
    rights: list[pulumi.Resource] = [
        projects.IAMMember(
            scope.child("nodes-base"),
            project=target.project,
            role="roles/container.defaultNodeServiceAccount",
            member=account.member,
            opts=scope.opts(),
        )
    ]
    for name, repository in {**images.repositories, **images.caches}.items():
        role = f"nodes-pull-{name.replace('.', '-')}"
        rights.append(grant_repository(scope, role, repository, READER, account.member))
    for name, path in images.existing.items():
        rights.append(grant_existing(scope, f"nodes-pull-{name}", path, READER, account.member))
    return account, tuple(rights)
