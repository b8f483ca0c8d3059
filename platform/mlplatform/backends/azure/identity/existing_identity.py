"""An existing managed identity or service principal."""

from __future__ import annotations

import pulumi

from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.principal import AzurePrincipal
from mlplatform.components.scope import Scope


def build(scope: Scope, principal: pulumi.Input[str]) -> AzureIdentity:
    """Use the principal as it is; grants become role assignments."""
    label = scope.name.removeprefix(f"{scope.context.prefix}-")
    object_id = pulumi.Output.from_input(principal)
    return AzureIdentity(
        principal=object_id,
        identity_id=None,
        client_id=None,
        name=pulumi.Output.from_input(label),
        principals=(AzurePrincipal(id=object_id, kind="ServicePrincipal", label=label),),
    )
