"""Permission to send requests to a managed endpoint."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import authorization

from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.naming import guid
from mlplatform.components.scope import Scope


def grant_calls(
    scope: Scope, endpoint_id: pulumi.Output[str], role_id: pulumi.Output[str], identity: AzureIdentity
) -> None:
    """Let an identity send requests.

    Args:
        scope: the endpoint's; the assignments become its children.
        endpoint_id: resource id of the endpoint.
        role_id: id of the callers' role definition.
        identity: the caller.
    """
    for principal in identity.principals:
        name = scope.child(f"invoke-{principal.label}")
        identity.grants.append(
            authorization.RoleAssignment(
                name,
                role_assignment_name=guid(scope.spec, name, "caller"),
                role_definition_id=role_id,
                principal_id=principal.id,
                principal_type=principal.kind,
                scope=endpoint_id,
                opts=scope.opts(delete_before_replace=True),
            )
        )
