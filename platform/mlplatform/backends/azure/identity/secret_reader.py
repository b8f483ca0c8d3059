"""Managed identities that read the secrets of one namespace."""

from __future__ import annotations

from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.identity.identity import make_identity
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical_name
from mlplatform.components.base import native
from mlplatform.components.cluster import ClusterApi
from mlplatform.components.foundation import Foundation
from mlplatform.components.scope import Scope
from mlplatform.components.secret_names import reader_name


def build(scope: Scope, namespace: str, api: ClusterApi, foundation: Foundation) -> AzureIdentity:
    """Create the identity, with the right to read the namespace's own vault: a role holds for a whole vault or for
    secrets that are named one by one."""
    del api, foundation
    identity = make_identity(scope)
    vault = native(scope.context.keys.parts, AzureKeys).namespace_secrets[namespace]
    identity.grants.extend(
        assign_role(scope, "read", "secrets-user", on=vault.id, to=principal, awaited=True)
        for principal in identity.principals
    )
    name = physical_name(scope.spec, "vault", reader_name(namespace))
    scope.note(
        "cluster.addons", f"an ExternalSecret in {namespace} reads the secrets of the vault {name}: make them there"
    )
    return identity
