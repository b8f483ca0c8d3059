"""The login of a cache to its public registry, with which it also pulls private images."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import containerregistry, keyvault

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.repositories import CACHES
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import Upstream, login_keys


def make_cache_login(
    scope: Scope, upstream: Upstream, keys: AzureKeys, registry_name: pulumi.Input[str]
) -> tuple[containerregistry.CredentialSet, list[pulumi.Resource]]:
    """Make the credential set, its secrets, and its right to read exactly those.

    The secrets are in the vault that the registry's key is in: no other vault of the platform lets a registry through.
    https://learn.microsoft.com/azure/container-registry/artifact-cache-credentials
    """
    vault = keys.registry_vault if keys.created else keys.endpoint_secrets
    secrets = {key: _secret(scope, vault.name, key) for key in login_keys(upstream)}
    user, token = (pulumi.Output.concat(vault.uri, "/secrets/", key) for key in secrets)
    credentials = containerregistry.CredentialSet(
        scope.child(f"login-{CACHES[upstream]}"),
        credential_set_name=f"login-{CACHES[upstream]}",
        registry_name=registry_name,
        resource_group_name=resource_group(scope).group_name,
        login_server=upstream,
        auth_credentials=[
            containerregistry.AuthCredentialArgs(
                name=containerregistry.CredentialName.CREDENTIAL1,
                username_secret_identifier=user,
                password_secret_identifier=token,
            )
        ],
        identity=containerregistry.IdentityPropertiesArgs(type=containerregistry.ResourceIdentityType.SYSTEM_ASSIGNED),
        opts=scope.opts(depends_on=list(secrets.values())),
    )
    reader = AzurePrincipal(
        id=credentials.identity.apply(
            lambda identity: identity.principal_id if identity and identity.principal_id else ""
        ),
        kind="ServicePrincipal",
        label=CACHES[upstream],
    )
    return credentials, [
        assign_role(
            scope, f"login-{key}", "secrets-user", on=pulumi.Output.concat(vault.id, "/secrets/", key), to=reader
        )
        for key in secrets
    ]


def _secret(scope: Scope, vault: pulumi.Output[str], key: str) -> keyvault.Secret:
    return keyvault.Secret(
        scope.child(f"login-{key}"),
        secret_name=key,
        vault_name=vault,
        resource_group_name=resource_group(scope).group_name,
        properties=keyvault.SecretPropertiesArgs(value=scope.secret(key)),
        tags=scope.tags,
        opts=scope.opts(),
    )
