"""The resource group, its protection from deletion, and opt-in settings of the subscription."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import authorization, resources

from mlplatform.backends.azure.foundation import subscription
from mlplatform.backends.azure.foundation.parts import AzureFoundation
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.foundation.registrations import PROVIDERS
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope

_DENY_DELETION = "/providers/Microsoft.Authorization/policyDefinitions/78460a36-508a-49a4-b2b2-2f5ec564f4bb"
"""Built-in policy 'Do not allow deletion of resource types'."""

PROTECTED_TYPES = (
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.ContainerService/managedClusters",
    "Microsoft.KeyVault/vaults",
    "Microsoft.MachineLearningServices/workspaces",
    "Microsoft.OperationalInsights/workspaces",
    "Microsoft.Storage/storageAccounts",
)
"""Types that hold data or cannot be restored."""


def build(scope: Scope) -> AzureFoundation:
    """The resource group of one platform and environment."""
    target = scope.target(AzureTarget)
    protected = scope.defaults.protected
    name = physical_name(scope.spec, "resource-group", "rg")
    group = resources.ResourceGroup(
        scope.child("group"),
        resource_group_name=name,
        location=target.location,
        tags=scope.tags,
        opts=scope.opts(protect=protected),
    )
    ready: list[pulumi.Resource] = [group]
    if protected and target.deletion_policy:
        ready.append(_deny_deletion(scope, group.id))
    ready += subscription.apply_subscription_settings(scope)
    scope.note(
        "targets[azure].subscription_id",
        "once per subscription, before the first `up`: for p in "
        f"{' '.join(PROVIDERS)}; do az provider register --namespace Microsoft.$p; done",
    )
    return AzureFoundation(group_name=known_output(group, name), group_id=group.id, ready=tuple(ready))


def _deny_deletion(scope: Scope, group_id: pulumi.Output[str]) -> pulumi.Resource:
    # not a lock: on the group it breaks scale-down of machine learning compute, on a resource it also
    # blocks the revocation of roles, https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
    return authorization.PolicyAssignment(
        scope.child("deny-deletion"),
        policy_assignment_name=physical_name(scope.spec, "setting", "keep"),
        display_name="Stateful resources of the platform are not deleted",
        description="Deletion of stores, vaults, registries, clusters and workspaces is denied.",
        policy_definition_id=_DENY_DELETION,
        parameters={
            "effect": authorization.ParameterValuesValueArgs(value="DenyAction"),
            "listOfResourceTypesDisallowedForDeletion": authorization.ParameterValuesValueArgs(
                value=list(PROTECTED_TYPES)
            ),
        },
        non_compliance_messages=[
            authorization.NonComplianceMessageArgs(
                message="Set deletion_protection=False in the spec, and run an update, before deleting it."
            )
        ],
        scope=group_id,
        opts=scope.opts(),
    )
