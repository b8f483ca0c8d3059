"""Who applies the layer inside the cluster: CI's identity of deployments, which the bootstrap made."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import managedidentity

from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.naming import physical_name
from mlplatform.components.scope import Scope


def admit_deployer(scope: Scope, cluster_id: pulumi.Output[str]) -> None:
    """Let CI's deployments use the cluster's API. Previews may not: they would read the secrets of every release.

    Only Azure knows the id of the identity, so it is looked up by its name.
    """
    found = managedidentity.get_user_assigned_identity_output(
        resource_group_name=physical_name(scope.spec, "resource-group", "bootstrap"),
        resource_name=physical_name(scope.spec, "identity", "deploy"),
        opts=pulumi.InvokeOutputOptions(parent=scope.component),
    )
    deployer = AzurePrincipal(id=found.principal_id, kind="ServicePrincipal", label="deploy")
    assign_role(scope, "layer", "cluster-admin", on=cluster_id, to=deployer)
