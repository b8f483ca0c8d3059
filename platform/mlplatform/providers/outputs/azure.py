"""Ids and the outputs which programs read of Azure resources."""

from __future__ import annotations

import re

from mlplatform.providers.outputs.azure_extras import EXTRAS
from mlplatform.providers.outputs.azure_ids import ID_TEMPLATES
from mlplatform.providers.outputs.generic import TIME
from mlplatform.providers.outputs.subject import Subject


def identity(subject: Subject) -> str:
    """The Azure resource id."""
    group = subject.text("resourceGroupName")
    subscription = f"/subscriptions/{subject.account.account}"
    if subject.kind == "ResourceGroup":
        return f"{subscription}/resourceGroups/{group or subject.autoname()}"
    scope = subject.text("scope", "resourceUri") or (
        f"{subscription}/resourceGroups/{group}" if group else subscription
    )
    if not scope.startswith("/"):
        scope = f"/{scope}"
    return f"{scope}/providers/{_fill(_template(subject), subject)}"


def resource_type(subject: Subject) -> str:
    """The ARM type: `Microsoft.Storage/storageAccounts`."""
    namespace, *parts = _template(subject).split("/")
    return "/".join([namespace, *parts[0::2]])


def physical_name(subject: Subject) -> str:
    """The last name in the resource id."""
    return identity(subject).rpartition("/")[2]


def text_of(subject: Subject, path: str, name: str) -> str | None:
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
        return TIME
    if name in ("resourceGuid", "resourceUID", "immutableId", "customerId", "appId", "workspaceId"):
        return subject.guid(path)
    if name.endswith("Id") and name not in ("principalId", "clientId", "objectId"):
        return subject.guid(path)
    if name in ("deletedTime", "enabledTime", "lastGeoFailoverTime", "laMigrationDate", "deploymentErrors"):
        return ""
    return None


def extras(subject: Subject, id_: str) -> dict[str, object]:
    """Outputs of a type which its names and types do not tell."""
    special = EXTRAS.get(subject.token.partition(":")[2])
    return special(subject, id_) if special is not None else {}


def _template(subject: Subject) -> str:
    known = ID_TEMPLATES.get(f"{subject.module}:{subject.kind}")
    if known is not None:
        return known
    kind = subject.kind[0].lower() + subject.kind[1:]
    plural = kind[:-1] + "ies" if kind.endswith("y") else kind if kind.endswith("s") else f"{kind}s"
    return f"Microsoft.{subject.module.title()}/{plural}/{{{kind}Name}}"


def _fill(template: str, subject: Subject) -> str:
    def value(match: re.Match[str]) -> str:
        return subject.text(match.group(1), "name", "resourceName") or subject.autoname()

    return re.sub(r"\{(\w+)\}", value, template)
