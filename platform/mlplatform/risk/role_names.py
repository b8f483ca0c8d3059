"""Names of roles that Azure knows by a GUID: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlplatform.plan.model import Step

_NAMES = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
    "69566ab7-960f-475b-8e7c-b3118f30c6bd": "Storage File Data Privileged Contributor",
    "e147488a-f6f5-4113-8e2d-b22465e65bf6": "Key Vault Crypto Service Encryption User",
    "12338af0-0e69-4776-bea7-57ae8d297424": "Key Vault Crypto User",
    "f25e0fa2-a7c8-4377-a976-54943a77a395": "Key Vault Contributor",
    "00482a5a-887f-4fb3-b363-3b7fe8e74483": "Key Vault Administrator",
    "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
    "7f951dda-4ed3-4680-a7ca-43fe172d538d": "AcrPull",
    "8311e382-0749-4cb8-b61a-304f252e45ec": "AcrPush",
    "c2f4ef07-c644-48eb-af81-4b1b4947fb11": "AcrDelete",
    "4d97b98b-1d4f-4787-a291-c67834d212e7": "Network Contributor",
    "f1a07417-d97a-45cb-824c-7a7467783830": "Managed Identity Operator",
    "4abbcc35-e782-43d8-92c5-2d3f1bd2253f": "Azure Kubernetes Service Cluster User Role",
    "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b": "Azure Kubernetes Service RBAC Cluster Admin",
    "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb": "Azure Kubernetes Service RBAC Writer",
    "7f6c6a51-bcf8-42ba-9220-52d62157d7db": "Azure Kubernetes Service RBAC Reader",
    "f6c7c914-8db3-469d-8ca1-694a8f32e121": "AzureML Data Scientist",
    "43d0d8ad-25c7-4714-9337-8ba259a9fe05": "Monitoring Reader",
    "749f88d5-cbae-40b8-bcfc-e573ddc772fa": "Monitoring Contributor",
    "b0d8363b-8ddd-447d-831f-62ca05bff136": "Monitoring Data Reader",
    "73c42c96-874c-492b-b04d-ab87d138a893": "Log Analytics Reader",
    "22926164-76b3-42b3-bc55-97df8dab3e41": "Grafana Admin",
    "60921a7e-fef1-4a43-9b16-a26c52ad4769": "Grafana Viewer",
}


def role_name(role: str, own: Mapping[str, str] | None = None) -> str:
    """A role's or policy's name for people: the last part of its id, or the known name of a GUID.

    Args:
        role: id, ARN or name; or the URN of the role, where its id is known after creation only.
        own: names of the platform's own roles, from `own_roles`. Omitted: none.
    """
    names = own or {}
    last = role.rpartition("/")[2] if role.startswith(("/", "arn:")) else role
    return names.get(role) or names.get(last.lower()) or _NAMES.get(last.lower(), last)


def own_roles(steps: Iterable[Step]) -> dict[str, str]:
    """Names of the roles that a plan defines, by the GUID that stands for them in assignments, and by URN.

    The name is unique in the directory because a part of the GUID follows it: it is left out for people.
    """
    names: dict[str, str] = {}
    for step in steps:
        if step.type.rpartition(":")[2] != "RoleDefinition":
            continue
        name, guid = step.inputs.get("roleName"), step.inputs.get("roleDefinitionId")
        if not isinstance(name, str) or not name:
            continue
        names[step.urn] = name
        if isinstance(guid, str) and guid:
            names[step.urn] = name.removesuffix(f" {guid[:8]}")
            names[guid.rpartition("/")[2].lower()] = names[step.urn]
    return names
