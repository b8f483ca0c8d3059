"""The way to the cluster's API: run-command, which Azure's own roles protect, or a name that a hub can look up.

https://learn.microsoft.com/azure/aks/access-private-cluster
"""

from __future__ import annotations

import base64
import re

import pulumi
from pulumi_azure_native import containerservice

from mlplatform.backends.azure.foundation.people import people_with_role
from mlplatform.backends.azure.foundation.roles import assign_custom_role, make_custom_role
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.training.cluster_access import ADMITTED, team_members
from mlplatform.components.cluster import ClusterApi
from mlplatform.components.scope import Scope

_COMMANDS = (
    "Microsoft.ContainerService/managedClusters/read",
    "Microsoft.ContainerService/managedClusters/runcommand/action",
    "Microsoft.ContainerService/managedClusters/commandResults/read",
)
"""https://learn.microsoft.com/azure/aks/access-private-cluster"""


def allow_commands(scope: Scope, cluster_id: pulumi.Output[str]) -> None:
    """Let everyone who may use the cluster send it commands; what a command may do is decided by its sender's roles.

    No built-in role has these actions alone.
    """
    admitted = [principal for role in ADMITTED for principal in people_with_role(scope, role)]
    admitted += team_members(scope)
    if not admitted:
        return
    role = make_custom_role(scope, "commands", "cluster-commands", "Sends commands to the cluster", actions=_COMMANDS)
    for principal in admitted:
        assign_custom_role(scope, "commands", role.id, on=cluster_id, to=principal, seed=("commands",))


def credentials(scope: Scope, group_name: pulumi.Output[str], cluster_name: pulumi.Output[str]) -> pulumi.Output[str]:
    """The command for a kubeconfig, by the name that the entry makes known."""
    by_name = " --public-fqdn" if scope.spec.entry == "peering" and _is_private(scope) else ""
    return pulumi.Output.concat(
        "az aks get-credentials",
        _cluster(scope, group_name, cluster_name),
        by_name,
        " && kubelogin convert-kubeconfig --login azurecli",
    )


def access_commands(
    scope: Scope, group_name: pulumi.Output[str], cluster_name: pulumi.Output[str]
) -> tuple[pulumi.Output[str], ...]:
    """The commands for people outside; none if nothing is known to lead to the private address."""
    if scope.spec.entry == "peering" or (scope.spec.training and scope.spec.training.api_cidrs):
        return (credentials(scope, group_name, cluster_name),)
    if scope.spec.entry == "none":
        return ()
    return (
        pulumi.Output.concat(
            "az aks command invoke", _cluster(scope, group_name, cluster_name), ' --command "kubectl get nodes"'
        ),
    )


def layer_api(
    scope: Scope,
    group_name: pulumi.Output[str],
    cluster: containerservice.ManagedCluster,
    disks: pulumi.Output[str],
) -> ClusterApi:
    """What the layer inside the cluster is told.

    The certificate authority is no property of the cluster: it is asked for with the kubeconfig of people, which holds
    no token, since there are no local accounts.
    """
    by_name = scope.spec.entry == "peering" and _is_private(scope)
    answer = containerservice.list_managed_cluster_user_credentials_output(
        resource_group_name=group_name,
        # of the cluster itself, so that it is asked once there is one
        resource_name=cluster.name,
        server_fqdn="public" if by_name else None,
        opts=pulumi.InvokeOutputOptions(parent=scope.component),
    )
    authority = answer.apply(lambda found: _authority(found.kubeconfigs[0].value if found.kubeconfigs else ""))
    private = cluster.private_fqdn if _is_private(scope) and not by_name else cluster.fqdn
    return ClusterApi(
        server=private.apply(lambda name: f"https://{name or ''}:443"),
        authority=pulumi.Output.unsecret(authority),
        cluster_id=cluster.id,
        volumes_key=disks,
        # https://learn.microsoft.com/azure/aks/use-oidc-issuer
        token_keys=cluster.oidc_issuer_profile.apply(
            lambda profile: f"{profile.issuer_url}openid/v1/jwks" if profile and profile.issuer_url else ""
        ),
    )


def _authority(kubeconfig: str) -> str:
    """The certificate authority in a kubeconfig, as base64; empty where it holds none."""
    found = re.search(r'certificate-authority-data"?: *"?([A-Za-z0-9+/=]+)', base64.b64decode(kubeconfig).decode())
    return found.group(1) if found else ""


def _is_private(scope: Scope) -> bool:
    return not (scope.spec.training and scope.spec.training.public_api_cidrs)


def _cluster(scope: Scope, group_name: pulumi.Output[str], cluster_name: pulumi.Output[str]) -> pulumi.Output[str]:
    subscription = scope.target(AzureTarget).subscription_id
    return pulumi.Output.concat(
        f" --subscription {subscription} --resource-group ", group_name, " --name ", cluster_name
    )
