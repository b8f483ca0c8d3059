"""The roles of the deployer and of previews, and the condition under which roles may be assigned."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.azure.bootstrap.record_rights import copy_actions
from mlplatform.backends.azure.naming import guid, physical_name
from mlplatform.spec.platform import PlatformSpec

BLOB_ROLES = {"deploy": "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "preview": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"}
"""Storage Blob Data Contributor and Reader."""
CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603"
"""https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security"""


def assignment_condition(roles: Sequence[str]) -> str:
    """The condition under which only these roles may be assigned, and their assignments deleted.

    https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
    """
    guids = ", ".join(roles)
    attribute = "[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals"
    return " AND ".join(
        f"((!(ActionMatches{{'Microsoft.Authorization/roleAssignments/{verb}'}})) OR ({where}{attribute} {{{guids}}}))"
        for verb, where in (("write", "@Request"), ("delete", "@Resource"))
    )


def custom_role(spec: PlatformSpec, duty: str, rights: Sequence[str], subscription: str) -> dict[str, object]:
    """A custom role: every read, because Azure names those of running operations differently in each service."""
    return {
        "id": guid(spec, "bootstrap", duty),
        "Name": physical_name(spec, "identity", duty),
        "IsCustom": True,
        "Description": f"Runs {'up' if duty == 'deploy' else 'preview'} of one stack",
        "Actions": ["*/read", *(right for right in rights if not right.endswith("/read"))],
        "NotActions": list[str](),
        "DataActions": copy_actions(spec) if duty == "deploy" else list[str](),
        "AssignableScopes": [subscription],
    }
