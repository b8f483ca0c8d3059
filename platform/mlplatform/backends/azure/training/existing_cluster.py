"""An existing AKS cluster."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import containerservice

from mlplatform.backends.azure.existing import AzureExistingCluster
from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.network.zones import zones_in_use
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.training.parts import AzureAnyCluster
from mlplatform.components.base import native
from mlplatform.components.existing import ExistingCluster
from mlplatform.components.scope import Scope


def build(scope: Scope, existing: ExistingCluster) -> AzureAnyCluster:
    """Use the cluster as it is; a missing issuer is looked up."""
    cluster = native(existing, AzureExistingCluster)
    name = pulumi.Output.from_input(cluster.cluster_name)
    group_name = pulumi.Output.from_input(cluster.group_name)
    subscription = scope.target(AzureTarget).subscription_id
    principal = cluster.control_plane_principal_id
    return AzureAnyCluster(
        cluster_name=name,
        credentials_command=pulumi.Output.concat(
            f"az aks get-credentials --subscription {subscription} --resource-group ",
            group_name,
            " --name ",
            name,
            " && kubelogin convert-kubeconfig --login azurecli",
        ),
        scope=scope,
        cluster_id=pulumi.Output.concat(
            f"/subscriptions/{subscription}/resourceGroups/",
            group_name,
            "/providers/Microsoft.ContainerService/managedClusters/",
            name,
        ),
        name=name,
        group_name=group_name,
        zones=zones_in_use(scope.spec),
        kubernetes=None,
        node_subnet_ids=tuple(pulumi.Output.from_input(subnet) for subnet in cluster.node_subnet_ids),
        control=None
        if principal is None
        else AzurePrincipal(id=pulumi.Output.from_input(principal), kind="ServicePrincipal", label="control-plane"),
        issuer=_issuer(scope, cluster) if cluster.issuer_url is None else pulumi.Output.from_input(cluster.issuer_url),
        ready=(),
    )


def _issuer(scope: Scope, cluster: AzureExistingCluster) -> pulumi.Output[str]:
    details = containerservice.get_managed_cluster_output(
        resource_group_name=cluster.group_name,
        resource_name=cluster.cluster_name,
        opts=pulumi.InvokeOutputOptions(parent=scope.component),
    )
    return details.apply(
        lambda cluster: (cluster.oidc_issuer_profile.issuer_url if cluster.oidc_issuer_profile else None) or ""
    )
