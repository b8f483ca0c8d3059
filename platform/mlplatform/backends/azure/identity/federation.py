"""Federated credentials: tokens of another issuer that a managed identity trusts."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import managedidentity

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.principal import TOKEN_AUDIENCE
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.naming import physical_name
from mlplatform.components.scope import Scope


def trust_tokens(
    scope: Scope, role: str, identity: AzureIdentity, *, name: str, issuer: pulumi.Input[str], subject: str
) -> None:
    """Trust the tokens of one subject, after the identity's last change.

    Args:
        scope: owner of the credential.
        role: distinguishes it in the scope.
        identity: the managed identity.
        name: distinguishes the credential's physical name in the platform.
        issuer: issuer of the tokens.
        subject: subject of the tokens.
    """
    identity.credentials.append(
        managedidentity.FederatedIdentityCredential(
            scope.child(role),
            federated_identity_credential_resource_name=physical_name(scope.spec, "credential", name),
            resource_name_=identity.name,
            resource_group_name=resource_group(scope).group_name,
            issuer=issuer,
            subject=subject,
            audiences=[TOKEN_AUDIENCE],
            opts=scope.opts(depends_on=identity.credentials[-1:]),
        )
    )
