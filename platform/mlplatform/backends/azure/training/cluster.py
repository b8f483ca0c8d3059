"""The AKS cluster: private, Entra only, no local accounts, secrets under the platform's own key."""

from __future__ import annotations

from pulumi_azure_native import containerservice

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.keys.parts import AzureKey, AzureKeys, AzureVault
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.registry.parts import AzureImages
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import diagnostics
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.backends.azure.training import cluster_access, cluster_rights, cluster_services, entry, system_pool
from mlplatform.backends.azure.training.layer_access import admit_deployer
from mlplatform.backends.azure.training.parts import AzureCluster, node_group_name
from mlplatform.backends.azure.training.versions import kubernetes_release, write_system_pools
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.network import Network
from mlplatform.components.registry import ImageRegistry
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.access import Entry
from mlplatform.spec.network import NetworkSpec
from mlplatform.spec.training import TrainingSpec

_LOGS = ("kube-audit-admin", "guard", "cluster-autoscaler", "kube-apiserver", "kube-controller-manager")
"""Without kube-audit, which also logs every read and is expensive."""

_OUTBOUND = {
    "nat": containerservice.OutboundType.USER_ASSIGNED_NAT_GATEWAY,
    "firewall": containerservice.OutboundType.USER_DEFINED_ROUTING,
    "none": containerservice.OutboundType.NONE,
}


def build(
    scope: Scope,
    spec: TrainingSpec,
    network: Network,
    keys: Keys,
    telemetry: Telemetry,
    images: ImageRegistry,
) -> AzureCluster:
    """The cluster with its system nodes, after the rights that its start needs."""
    net, vaults = native(network.parts, AzureNetwork), native(keys.parts, AzureKeys)
    logs, registry = native(telemetry.parts, AzureTelemetry), native(images.parts, AzureImages)
    target = scope.target(AzureTarget)
    name = physical_name(scope.spec, "cluster", "cluster")
    control, kubelet, disks, rights = cluster_rights.prepare_rights(scope, net, vaults, registry)
    pools = system_pool.system_pool_profiles(scope, spec, net)
    version = kubernetes_release(target, spec)
    cluster = containerservice.ManagedCluster(
        scope.child("cluster"),
        resource_name_=name,
        resource_group_name=resource_group(scope).group_name,
        location=target.location,
        sku=containerservice.ManagedClusterSKUArgs(
            name=containerservice.ManagedClusterSKUName.BASE,
            tier=containerservice.ManagedClusterSKUTier.PREMIUM
            if spec.support == "extended"
            else containerservice.ManagedClusterSKUTier.STANDARD,
        ),
        support_plan=containerservice.KubernetesSupportPlan.AKS_LONG_TERM_SUPPORT
        if spec.support == "extended"
        else containerservice.KubernetesSupportPlan.KUBERNETES_OFFICIAL,
        kubernetes_version=version,
        dns_prefix=name,
        node_resource_group=node_group_name(scope),
        node_resource_group_profile=containerservice.ManagedClusterNodeResourceGroupProfileArgs(
            restriction_level=containerservice.RestrictionLevel.READ_ONLY
        ),
        identity=containerservice.ManagedClusterIdentityArgs(
            type=containerservice.ResourceIdentityType.USER_ASSIGNED,
            user_assigned_identities=[control.identity_id],
        ),
        identity_profile={
            "kubeletidentity": containerservice.UserAssignedIdentityArgs(
                resource_id=kubelet.identity_id,
                client_id=kubelet.client_id,
                object_id=kubelet.principal.id,
            )
        },
        aad_profile=containerservice.ManagedClusterAADProfileArgs(
            managed=True, enable_azure_rbac=True, tenant_id=target.tenant_id
        ),
        enable_rbac=True,
        disable_local_accounts=True,
        oidc_issuer_profile=containerservice.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
        security_profile=_security(vaults.keys["cluster"], vaults.vault),
        disk_encryption_set_id=disks,
        network_profile=_network(scope.spec.network, net),
        api_server_access_profile=_api(spec, scope.spec.entry, net),
        auto_upgrade_profile=containerservice.ManagedClusterAutoUpgradeProfileArgs(
            # with a channel, AKS upgrades the control plane only together with every pool, which it refuses if one is
            # spot: https://learn.microsoft.com/azure/aks/auto-upgrade-cluster#control-plane-upgrade-constraints
            upgrade_channel=containerservice.UpgradeChannel.NONE,
            node_os_upgrade_channel=containerservice.NodeOSUpgradeChannel.NODE_IMAGE,
        ),
        auto_scaler_profile=system_pool.autoscaler_profile(),
        storage_profile=containerservice.ManagedClusterStorageProfileArgs(
            blob_csi_driver=containerservice.ManagedClusterStorageProfileBlobCSIDriverArgs(enabled=True)
        ),
        addon_profiles=cluster_services.addon_profiles(logs),
        azure_monitor_profile=containerservice.ManagedClusterAzureMonitorProfileArgs(
            metrics=containerservice.ManagedClusterAzureMonitorProfileMetricsArgs(enabled=True)
        )
        if logs.metrics_rule_id
        else None,
        metrics_profile=containerservice.ManagedClusterMetricsProfileArgs(
            cost_analysis=containerservice.ManagedClusterCostAnalysisArgs(enabled=True)
        ),
        agent_pool_profiles=pools,
        tags=scope.tags,
        opts=scope.opts(
            depends_on=[*resource_group(scope).ready, *rights, *net.ready, *net.dns_ready, *registry.ready],
            protect=scope.defaults.protected,
            # AKS answers with every pool of the cluster, in its own order and with counts that the autoscaler owns. A
            # change of the cluster sends them back as they are; a change of the system pools is the template's
            ignore_changes=["agentPoolProfiles"],
            timeouts={"create": "60m", "update": "90m", "delete": "60m"},
        ),
    )
    cluster_services.collect_logs_and_metrics(scope, cluster.id, logs)
    cluster_services.schedule_maintenance(scope, spec, known_output(cluster, name))
    upgraded = write_system_pools(scope, name, pools, version, cluster)
    if target.kubernetes_patch is None:
        scope.note(
            "targets[azure].kubernetes_patch",
            f"patches of {version} come by `up` only: set it to the newest of `az aks get-upgrades --name {name}`, "
            "and the control plane and then every pool are raised",
        )
    diagnostics.send_logs(scope, "cluster", of=cluster.id, to=logs.workspace_id, logs=_LOGS)
    cluster_access.admit_people(scope, cluster.id)
    if scope.spec.cluster and scope.spec.access.ci:
        admit_deployer(scope, cluster.id)
    if scope.spec.entry == "broker":
        entry.allow_commands(scope, cluster.id)
    cluster_name, group_name = known_output(cluster, name), resource_group(scope).group_name
    return AzureCluster(
        scope=scope,
        cluster=cluster,
        cluster_id=cluster.id,
        name=cluster_name,
        cluster_name=cluster_name,
        group_name=group_name,
        zones=net.zones,
        kubernetes=version,
        node_subnet_ids=net.node_subnet_ids,
        control=control.principal,
        issuer=cluster.oidc_issuer_profile.apply(lambda profile: (profile.issuer_url if profile else None) or ""),
        credentials_command=entry.credentials(scope, group_name, cluster_name),
        access_commands=entry.access_commands(scope, group_name, cluster_name),
        ready=(cluster, upgraded),
        api=entry.layer_api(scope, group_name, cluster, disks) if scope.spec.cluster else None,
    )


def _security(key: AzureKey, vault: AzureVault) -> containerservice.ManagedClusterSecurityProfileArgs:
    return containerservice.ManagedClusterSecurityProfileArgs(
        workload_identity=containerservice.ManagedClusterSecurityProfileWorkloadIdentityArgs(enabled=True),
        image_cleaner=containerservice.ManagedClusterSecurityProfileImageCleanerArgs(enabled=True, interval_hours=168),
        azure_key_vault_kms=containerservice.AzureKeyVaultKmsArgs(
            enabled=True,
            key_id=key.versioned_uri,
            key_vault_network_access=containerservice.KeyVaultNetworkAccessTypes.PRIVATE,
            key_vault_resource_id=vault.id,
        ),
    )


def _network(spec: NetworkSpec, net: AzureNetwork) -> containerservice.ContainerServiceNetworkProfileArgs:
    return containerservice.ContainerServiceNetworkProfileArgs(
        network_plugin=containerservice.NetworkPlugin.AZURE,
        network_plugin_mode=containerservice.NetworkPluginMode.OVERLAY,
        network_dataplane=containerservice.NetworkDataplane.CILIUM,
        network_policy=containerservice.NetworkPolicy.CILIUM,
        pod_cidr=str(spec.pod_cidr),
        service_cidr=str(spec.service_cidr),
        dns_service_ip=str(spec.service_cidr[10]),
        load_balancer_sku=containerservice.LoadBalancerSku.STANDARD,
        outbound_type=_OUTBOUND[net.egress],
    )


def _api(
    spec: TrainingSpec, way: Entry, net: AzureNetwork
) -> containerservice.ManagedClusterAPIServerAccessProfileArgs:
    private = not spec.public_api_cidrs
    return containerservice.ManagedClusterAPIServerAccessProfileArgs(
        # the key vault is private: only an API server in the network reaches it
        enable_vnet_integration=True,
        subnet_id=net.subnets["api"],
        enable_private_cluster=private,
        # a hub cannot be linked to the private zone, which is in AKS' own locked group: a public name leads to the
        # private address
        enable_private_cluster_public_fqdn=way == "peering" if private else None,
        private_dns_zone="system" if private else None,
        authorized_ip_ranges=list(spec.public_api_cidrs) or None,
        disable_run_command=way != "broker",
    )
