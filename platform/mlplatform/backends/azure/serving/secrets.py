"""Secrets of an endpoint: references to the platform's vault, and roles to read exactly those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from mlplatform.backends.azure.identity.grants import grant_role
from mlplatform.backends.azure.keys.parts import AzureKeys, AzureVault
from mlplatform.backends.azure.naming import physical_name
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def secrets_vault(scope: Scope) -> AzureVault:
    """The vault of endpoints' secrets, which neither the workspace nor another service administers."""
    return native(scope.context.keys.parts, AzureKeys).endpoint_secrets


def secret_references(scope: Scope, spec: EndpointSpec) -> Mapping[str, pulumi.Output[str]]:
    """References that a managed endpoint replaces by the secrets' values, by environment variable.

    https://learn.microsoft.com/azure/machine-learning/concept-secret-injection
    """
    return {
        name: pulumi.Output.concat("${{keyvault:", secrets_vault(scope).uri, f"/secrets/{secret}", "}}")
        for name, secret in spec.secrets.items()
    }


def grant_secrets(
    scope: Scope, spec: EndpointSpec, identity: Identity, secrets: Sequence[str] | None = None, path: str = "secrets"
) -> None:
    """Let an identity read secrets, one by one, once the endpoint is released: before, nobody has put them.

    Args:
        scope: of the endpoint.
        spec: the endpoint, with what is released.
        identity: who reads them.
        secrets: their names. Omitted: all that its server gets.
        path: the field of the endpoint that names them.
    """
    wanted = sorted(set(spec.secrets.values())) if secrets is None else secrets
    for secret in wanted if not spec.awaits_model else ():
        on = pulumi.Output.concat(secrets_vault(scope).id, "/secrets/", secret)
        grant_role(scope, f"secret-{secret}", "secrets-user", on=on, to=identity)
    if wanted:
        vault = physical_name(scope.spec, "vault", "endpoints")
        scope.note(
            f"endpoints[{spec.name}].{path}", f"add {', '.join(wanted)} to the vault {vault} before the first release"
        )
