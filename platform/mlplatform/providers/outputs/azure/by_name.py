"""Texts that Azure puts into properties of certain names."""

from __future__ import annotations

from mlplatform.providers.outputs.azure.ids import physical_name, resource_type
from mlplatform.providers.outputs.generic import CREATED_AT
from mlplatform.providers.outputs.subject import OutputSubject


def text_of(subject: OutputSubject, path: str, name: str) -> str | None:
    """A text output by its name."""
    match path:
        case "name":
            return physical_name(subject)
        case "type" if subject.token != "azure-native:containerservice:AgentPool":
            return resource_type(subject)
        case "location" | "primaryLocation":
            return subject.text("location") or subject.account.region
        case "azureApiVersion":
            return "2024-01-01"
        case _:
            pass
    if name == "provisioningState":
        return "Succeeded"
    if name == "tenantId":
        return subject.account.tenant
    if name in ("eTag", "etag"):
        return f'W/"{subject.guid(path)}"'
    if name in ("createdAt", "lastModifiedAt", "createdOn", "updatedOn", "createdDate", "modifiedDate"):
        return CREATED_AT
    if name in ("resourceGuid", "resourceUID", "immutableId", "customerId", "appId", "workspaceId"):
        return subject.guid(path)
    if name.endswith("Id") and name not in ("principalId", "clientId", "objectId"):
        return subject.guid(path)
    if name in ("deletedTime", "enabledTime", "lastGeoFailoverTime", "laMigrationDate", "deploymentErrors"):
        return ""
    return None
