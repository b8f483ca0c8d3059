"""A Pulumi program: state, identities and roles of one stack on Azure.

It reads `bootstrap.json` beside it, which `mlplatform bootstrap --program` writes. It imports nothing of mlplatform,
so its own state may be anywhere: `pulumi login --local` does. Resource providers and features are registered by the
script's commands: no resource can register a provider.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict, cast

import pulumi
from pulumi_azure_native import authorization, keyvault, managedidentity, resources, storage


class _Role(TypedDict):
    """A custom role."""

    id: str
    name: str
    actions: list[str]
    data_actions: list[str]


class _Values(TypedDict):
    """`bootstrap.json`."""

    subscription: str
    tenant: str
    location: str
    tags: dict[str, str]
    group: str
    account: str | None
    container: str
    vault: str | None
    key: str
    identities: dict[str, str]
    roles: dict[str, _Role]
    assignments: dict[str, str]
    condition: str
    blob_roles: dict[str, str]
    key_role: str
    issuer: str | None
    audience: str
    subjects: dict[str, list[str]]


def make(folder: Path) -> None:
    """Make everything.

    Args:
        folder: where the values are.
    """
    values = cast("_Values", json.loads((folder / "bootstrap.json").read_text("utf-8")))
    group = resources.ResourceGroup(
        "bootstrap", resource_group_name=values["group"], location=values["location"], tags=values["tags"]
    )
    scopes = _make_state(values, group)
    for duty, name in values["identities"].items():
        identity = managedidentity.UserAssignedIdentity(
            duty,
            resource_name_=name,
            resource_group_name=group.name,
            location=values["location"],
            tags=values["tags"],
        )
        role = values["roles"][duty]
        definition = authorization.RoleDefinition(
            duty,
            role_definition_id=role["id"],
            role_name=role["name"],
            role_type="CustomRole",
            scope=values["subscription"],
            assignable_scopes=[values["subscription"]],
            permissions=[authorization.PermissionArgs(actions=role["actions"], data_actions=role["data_actions"])],
        )
        held = duty == "deploy"
        authorization.RoleAssignment(
            f"{duty}-role",
            role_assignment_name=values["assignments"][f"{duty}-role"],
            scope=values["subscription"],
            principal_id=identity.principal_id,
            principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
            role_definition_id=definition.id,
            condition=values["condition"] if held else None,
            condition_version="2.0" if held else None,
        )
        for what, (scope, role_id) in scopes.items():
            authorization.RoleAssignment(
                f"{duty}-{what}",
                role_assignment_name=values["assignments"][f"{duty}-{what}"],
                scope=scope,
                principal_id=identity.principal_id,
                principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
                role_definition_id=_definition(values, role_id or values["blob_roles"][duty]),
            )
        _make_trust(values, duty, group, identity)
        pulumi.export(f"{duty}ClientId", identity.client_id)


def _definition(values: _Values, role: str) -> str:
    return f"{values['subscription']}/providers/Microsoft.Authorization/roleDefinitions/{role}"


def _make_trust(
    values: _Values, duty: str, group: resources.ResourceGroup, identity: managedidentity.UserAssignedIdentity
) -> None:
    former: list[pulumi.Resource] = []
    for subject in values["subjects"].get(duty, []):
        # Azure refuses two credentials of one identity that are written at the same time
        former.append(
            managedidentity.FederatedIdentityCredential(
                f"{duty}-{subject}",
                federated_identity_credential_resource_name=f"ci-{len(former) + 1}",
                resource_group_name=group.name,
                resource_name_=identity.name,
                issuer=values["issuer"],
                subject=subject,
                audiences=[values["audience"]],
                opts=pulumi.ResourceOptions(depends_on=list(former)),
            )
        )


def _make_state(values: _Values, group: resources.ResourceGroup) -> dict[str, tuple[pulumi.Output[str], str]]:
    """Scopes of the state's grants, each with its role; an empty one is that of the duty."""
    if not values["account"] or not values["vault"]:
        return {}
    kept = pulumi.ResourceOptions(protect=True)
    account = storage.StorageAccount(
        "state",
        account_name=values["account"],
        resource_group_name=group.name,
        location=values["location"],
        kind=storage.Kind.STORAGE_V2,
        sku=storage.SkuArgs(name=storage.SkuName.STANDARD_ZRS),
        minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
        allow_blob_public_access=False,
        allow_shared_key_access=False,
        enable_https_traffic_only=True,
        tags=values["tags"],
        opts=kept,
    )
    storage.BlobServiceProperties(
        "state",
        account_name=account.name,
        resource_group_name=group.name,
        blob_services_name="default",
        is_versioning_enabled=True,
        delete_retention_policy=storage.DeleteRetentionPolicyArgs(enabled=True, days=30),
    )
    container = storage.BlobContainer(
        "state",
        container_name=values["container"],
        account_name=account.name,
        resource_group_name=group.name,
        public_access=storage.PublicAccess.NONE,
    )
    vault = keyvault.Vault(
        "state",
        vault_name=values["vault"],
        resource_group_name=group.name,
        location=values["location"],
        properties=keyvault.VaultPropertiesArgs(
            tenant_id=values["tenant"],
            sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName.STANDARD),
            enable_rbac_authorization=True,
            enable_purge_protection=True,
        ),
        tags=values["tags"],
        opts=kept,
    )
    keyvault.Key(
        "state",
        key_name=values["key"],
        vault_name=vault.name,
        resource_group_name=group.name,
        properties=keyvault.KeyPropertiesArgs(kty=keyvault.JsonWebKeyType.RSA, key_size=3072),
        opts=kept,
    )
    return {"state": (container.id, ""), "key": (vault.id, values["key_role"])}


if __name__ == "__main__":
    make(Path(__file__).parent)
