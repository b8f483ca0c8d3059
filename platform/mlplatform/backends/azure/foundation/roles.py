"""Azure's built-in roles and their assignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import pulumi
from pulumi_azure_native import authorization

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.foundation.propagation import ROLE_SECONDS
from mlplatform.backends.azure.naming import guid, physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope

RoleName = Literal[
    "reader",
    "contributor",
    "blob-contributor",
    "blob-reader",
    "file-contributor",
    "queue-processor",
    "queue-sender",
    "key-encryption-user",
    "key-crypto-user",
    "vault-contributor",
    "vault-administrator",
    "secrets-user",
    "acr-pull",
    "acr-push",
    "acr-delete",
    "network-contributor",
    "identity-operator",
    "cluster-user",
    "cluster-admin",
    "cluster-writer",
    "cluster-reader",
    "ml-data-scientist",
    "ml-metrics-writer",
    "ml-network-approver",
    "monitoring-reader",
    "monitoring-contributor",
    "metrics-reader",
    "logs-reader",
    "grafana-admin",
    "grafana-viewer",
]

ROLES: Mapping[RoleName, str] = MappingProxyType(
    {
        "reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
        "blob-contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        "blob-reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        "file-contributor": "69566ab7-960f-475b-8e7c-b3118f30c6bd",
        "queue-processor": "8a0f0c08-91a1-4084-bc3d-661d67233fed",
        "queue-sender": "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
        "key-encryption-user": "e147488a-f6f5-4113-8e2d-b22465e65bf6",
        "key-crypto-user": "12338af0-0e69-4776-bea7-57ae8d297424",
        "vault-contributor": "f25e0fa2-a7c8-4377-a976-54943a77a395",
        "vault-administrator": "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        "secrets-user": "4633458b-17de-408a-b874-0445c86b69e6",
        "acr-pull": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        "acr-push": "8311e382-0749-4cb8-b61a-304f252e45ec",
        "acr-delete": "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
        "network-contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
        "identity-operator": "f1a07417-d97a-45cb-824c-7a7467783830",
        "cluster-user": "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
        "cluster-admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
        "cluster-writer": "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb",
        "cluster-reader": "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
        "ml-data-scientist": "f6c7c914-8db3-469d-8ca1-694a8f32e121",
        "ml-metrics-writer": "635dd51f-9968-44d3-b7fb-6d9a6bd613ae",
        "ml-network-approver": "b556d68e-0be0-4f35-a333-ad7ee1ce17ea",
        "monitoring-reader": "43d0d8ad-25c7-4714-9337-8ba259a9fe05",
        "monitoring-contributor": "749f88d5-cbae-40b8-bcfc-e573ddc772fa",
        "metrics-reader": "b0d8363b-8ddd-447d-831f-62ca05bff136",
        "logs-reader": "73c42c96-874c-492b-b04d-ab87d138a893",
        "grafana-admin": "22926164-76b3-42b3-bc55-97df8dab3e41",
        "grafana-viewer": "60921a7e-fef1-4a43-9b16-a26c52ad4769",
    }
)
"""https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"""


def assign_role(
    scope: Scope,
    what: str,
    role: RoleName,
    *,
    on: pulumi.Input[str],
    to: AzurePrincipal,
    depends_on: Sequence[pulumi.Resource] = (),
    awaited: bool = False,
    condition: str | None = None,
) -> authorization.RoleAssignment:
    """Assign a role.

    Args:
        scope: the grantor; the assignment becomes its child.
        what: what is granted, unique for this grantor, principal and role.
        role: the role.
        on: resource id the role holds for.
        to: the principal.
        depends_on: prerequisites besides resource and principal.
        awaited: whether what depends on the role comes only after it is in effect.
        condition: what the role holds for, in Azure's language of conditions. Omitted: everything there.
    """
    name = scope.child(f"{what}-{to.label}-{role}")
    return authorization.RoleAssignment(
        name,
        # Azure knows an assignment by its GUID and refuses another role or principal under the same one
        role_assignment_name=guid(scope.spec, name, ROLES[role]),
        role_definition_id=scope.target(AzureTarget).role(ROLES[role]),
        principal_id=to.id,
        principal_type=to.kind,
        scope=on,
        condition=condition,
        condition_version="2.0" if condition else None,
        opts=scope.opts(
            depends_on=depends_on, delete_before_replace=True, effect_seconds=ROLE_SECONDS if awaited else None
        ),
    )


def make_custom_role(
    scope: Scope, role: str, label: str, description: str, *, actions: Sequence[str], data_actions: Sequence[str] = ()
) -> authorization.RoleDefinition:
    """Make a role of the platform's own, for its resource group.

    Args:
        scope: whose child it becomes.
        role: last part of its logical name.
        label: what tells its name from others of the platform.
        description: what it does, for people.
        actions: of Azure's resource manager.
        data_actions: of the services themselves. Omitted: none.
    """
    name, group = scope.child(role), resource_group(scope).group_id
    return authorization.RoleDefinition(
        name,
        role_definition_id=guid(scope.spec, name),
        # unique in the whole directory
        role_name=f"{physical_name(scope.spec, 'setting', label)} {guid(scope.spec, name)[:8]}",
        role_type="CustomRole",
        description=description,
        scope=group,
        assignable_scopes=[group],
        permissions=[authorization.PermissionArgs(actions=list(actions), data_actions=list(data_actions))],
        opts=scope.opts(),
    )


def assign_custom_role(
    scope: Scope,
    what: str,
    role_id: pulumi.Input[str],
    *,
    on: pulumi.Input[str],
    to: AzurePrincipal,
    condition: str | None = None,
    seed: Sequence[str] = (),
) -> authorization.RoleAssignment:
    """Assign a role of the platform's own.

    Args:
        scope: the grantor; the assignment becomes its child.
        what: the role, unique for this grantor and principal.
        role_id: id of the role's definition.
        on: resource id the role holds for.
        to: the principal.
        condition: what the role holds for, in Azure's language of conditions. Omitted: everything there.
        seed: more of what the assignment's GUID is made of; another one would replace it. Omitted: its name alone.
    """
    name = scope.child(f"{what}-{to.label}")
    return authorization.RoleAssignment(
        name,
        role_assignment_name=guid(scope.spec, name, *seed),
        role_definition_id=role_id,
        principal_id=to.id,
        principal_type=to.kind,
        scope=on,
        condition=condition,
        condition_version="2.0" if condition else None,
        opts=scope.opts(delete_before_replace=True),
    )
