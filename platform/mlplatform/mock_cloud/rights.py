"""What an identity of a platform may do, computed from the planned grants as each cloud's access check would.

A role, condition or policy that is not known here is an error: unknown is never taken for no, and never for yes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

from mlplatform.mock_cloud.logins import Granted

_ML = "microsoft.machinelearningservices/workspaces"
AZURE_ROLES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # AcrPull, AcrPush
    "7f951dda-4ed3-4680-a7ca-43fe172d538d": (("microsoft.containerregistry/registries/pull/read",), ()),
    "8311e382-0749-4cb8-b61a-304f252e45ec": (
        (
            "microsoft.containerregistry/registries/pull/read",
            "microsoft.containerregistry/registries/push/write",
        ),
        (),
    ),
    # Storage Blob Data Contributor and Reader: data actions are left out, no endpoint is changed by them
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": (("microsoft.storage/storageaccounts/blobservices/containers/*",), ()),
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": (("microsoft.storage/storageaccounts/blobservices/containers/read",), ()),
    # Storage Queue Data Message Sender: its only action is one on data
    "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a": ((), ()),
    # Managed Identity Operator
    "f1a07417-d97a-45cb-824c-7a7467783830": (
        (
            "microsoft.managedidentity/userassignedidentities/read",
            "microsoft.managedidentity/userassignedidentities/assign/action",
        ),
        (),
    ),
    # AzureML Data Scientist
    "f6c7c914-8db3-469d-8ca1-694a8f32e121": (
        tuple(f"{_ML}/*/{verb}" for verb in ("read", "action", "delete", "write")),
        (f"{_ML}/delete", f"{_ML}/write", f"{_ML}/computes/*/write", f"{_ML}/computes/*/delete"),
    ),
    # AzureML Metrics Writer
    "635dd51f-9968-44d3-b7fb-6d9a6bd613ae": ((f"{_ML}/metrics/*/write",), ()),
    # Reader
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": (("*/read",), ()),
    # AKS cluster user, RBAC reader and writer; Grafana viewer: nothing of models or endpoints
    "4abbcc35-e782-43d8-92c5-2d3f1bd2253f": (
        ("microsoft.containerservice/managedclusters/listclusterusercredential/action",),
        (),
    ),
    "7f6c6a51-bcf8-42ba-9220-52d62157d7db": (("microsoft.containerservice/managedclusters/read",), ()),
    "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb": (("microsoft.containerservice/managedclusters/read",), ()),
    "60921a7e-fef1-4a43-9b16-a26c52ad4769": ((), ()),
}
"""Actions and left-out actions of Azure's roles, https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"""

GCP_ROLES: Mapping[str, tuple[str, ...]] = {
    "roles/artifactregistry.reader": ("artifactregistry.repositories.downloadArtifacts",),
    "roles/artifactregistry.writer": (
        "artifactregistry.repositories.downloadArtifacts",
        "artifactregistry.repositories.uploadArtifacts",
    ),
    "roles/container.clusterViewer": ("container.clusters.get", "container.clusters.list"),
    "roles/container.viewer": ("container.*.get", "container.*.list", "container.clusters.connect"),
    "roles/container.admin": ("container.*",),
    "roles/container.developer": ("container.clusters.get", "container.pods.*", "container.jobs.*"),
    "roles/iap.httpsResourceAccessor": ("iap.webServiceVersions.accessViaIAP",),
    "roles/iam.serviceAccountUser": ("iam.serviceAccounts.actAs", "iam.serviceAccounts.get"),
    "roles/logging.logWriter": ("logging.logEntries.create",),
    "roles/logging.viewer": ("logging.logs.list", "logging.logEntries.list"),
    "roles/logging.viewAccessor": ("logging.views.access",),
    "roles/monitoring.metricWriter": ("monitoring.timeSeries.create",),
    "roles/monitoring.viewer": ("monitoring.*.get", "monitoring.*.list"),
    "roles/pubsub.publisher": ("pubsub.topics.publish",),
    "roles/pubsub.subscriber": ("pubsub.subscriptions.consume", "pubsub.topics.attachSubscription"),
    "roles/run.invoker": ("run.routes.invoke", "run.jobs.run"),
    "roles/run.viewer": ("run.*.get", "run.*.list"),
    "roles/storage.objectUser": ("storage.objects.*",),
    "roles/storage.objectCreator": ("storage.objects.create",),
    "roles/storage.objectViewer": ("storage.objects.get", "storage.objects.list"),
}
"""Permissions of Google's roles, as far as jobs, models and endpoints go, https://docs.cloud.google.com/iam/docs/roles-permissions"""


def aws_allows(
    resources: Iterable[Granted], role: str, action: str, resource: str, context: Mapping[str, str] | None = None
) -> bool:
    """Whether the inline policies of a role allow an action on a resource.

    Args:
        resources: everything of the platform.
        role: the role's name.
        action: for example `sagemaker:CreateTrainingJob`.
        resource: ARN of what it is done to.
        context: condition keys of the request; a condition on any other key is not fulfilled.
    """
    allowed = False
    for statement in _statements(resources, role):
        if not _any(_fits_aws, statement["Action"], action) or not _any(_fits_aws, statement["Resource"], resource):
            continue
        if not _fulfilled(cast("Mapping[str, Mapping[str, object]]", statement.get("Condition", {})), context or {}):
            continue
        if statement["Effect"] == "Deny":
            return False
        allowed = True
    return allowed


def policy_size(resources: Iterable[Granted], role: str) -> int:
    """Characters of all inline policies of a role; AWS accepts 10,240."""
    return sum(
        len(re.sub(r"\s", "", str(policy.inputs["policy"])))
        for policy in resources
        if policy.type == "aws:iam/rolePolicy:RolePolicy" and policy.inputs["role"] == role
    )


def gcp_allows(resources: Iterable[Granted], member: str, permission: str) -> bool:
    """Whether any grant gives a member a permission, on whatever resource.

    Raises:
        LookupError: a granted role is not in the table.
    """
    kept = list(resources)
    own = {
        f"projects/{role.inputs['project']}/roles/{role.inputs['roleId']}": _texts(role.inputs["permissions"])
        for role in kept
        if role.type == "gcp:projects/iAMCustomRole:IAMCustomRole"
    }
    for grant in kept:
        role = grant.inputs.get("role")
        if grant.inputs.get("member") != member or not isinstance(role, str):
            continue
        permissions = own.get(role) or GCP_ROLES.get(role)
        if permissions is None:
            raise LookupError(f"{role}: its permissions are not in the table")
        if any(re.fullmatch(_pattern(granted), permission) for granted in permissions):
            return True
    return False


def azure_data_actions(resources: Iterable[Granted], principal: str, scope: str) -> dict[str, str]:
    """The actions on data that own roles give a principal on a resource, each with its assignment's condition.

    Args:
        resources: everything of the platform.
        principal: object id of the principal.
        scope: what the resource's id ends in.
    """
    kept = list(resources)
    found: dict[str, str] = {}
    for role in kept:
        if role.type != "azure-native:authorization:RoleDefinition":
            continue
        own = str(role.inputs["roleDefinitionId"])
        for grant in kept:
            if grant.type != "azure-native:authorization:RoleAssignment" or grant.inputs["principalId"] != principal:
                continue
            if str(grant.inputs["scope"]).endswith(scope) and str(grant.inputs["roleDefinitionId"]).endswith(own):
                for each in cast("list[Mapping[str, object]]", role.inputs["permissions"]):
                    found |= dict.fromkeys(_texts(each.get("dataActions", ())), str(grant.inputs.get("condition", "")))
    return found


def azure_allows(resources: Iterable[Granted], principal: str, action: str) -> bool:
    """Whether any role assignment gives a principal an action, on whatever resource.

    Raises:
        LookupError: an assigned role is not in the table.
    """
    kept = list(resources)
    own: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for role in kept:
        if role.type == "azure-native:authorization:RoleDefinition":
            permissions = cast("list[Mapping[str, object]]", role.inputs["permissions"])
            actions = tuple(text for each in permissions for text in _texts(each["actions"]))
            own[str(role.inputs["roleDefinitionId"])] = (actions, ())
    for grant in kept:
        if grant.type != "azure-native:authorization:RoleAssignment" or grant.inputs["principalId"] != principal:
            continue
        role_id = str(grant.inputs["roleDefinitionId"]).rpartition("/")[2]
        found = own.get(role_id) or AZURE_ROLES.get(role_id)
        if found is None:
            raise LookupError(f"role {role_id}: its actions are not in the table")
        allowed, left_out = found
        if _any(_fits_azure, allowed, action) and not _any(_fits_azure, left_out, action):
            return True
    return False


def _statements(resources: Iterable[Granted], role: str) -> Iterator[dict[str, object]]:
    for policy in resources:
        if policy.type == "aws:iam/rolePolicy:RolePolicy" and policy.inputs["role"] == role:
            yield from cast("list[dict[str, object]]", json.loads(str(policy.inputs["policy"]))["Statement"])


def _fulfilled(conditions: Mapping[str, Mapping[str, object]], context: Mapping[str, str]) -> bool:
    for operator, keys in conditions.items():
        if operator == "Null":
            if any((key not in context) != (value == "true") for key, value in keys.items()):
                return False
            continue
        if operator.removesuffix("IfExists") not in ("StringEquals", "StringLike", "Bool", "ArnLike", "ArnEquals"):
            raise LookupError(f"condition operator {operator} is not read here")
        for key, values in keys.items():
            if key not in context:
                if operator.endswith("IfExists"):
                    continue
                return False
            if not _any(_fits_aws, values, context[key]):
                return False
    return True


def _any(fits: Callable[[str, str], bool], patterns: object, text: str) -> bool:
    return any(fits(pattern, text) for pattern in _texts(patterns))


def _fits_aws(pattern: str, text: str) -> bool:
    return bool(re.fullmatch(_pattern(pattern).replace(r"\?", "."), text, re.IGNORECASE))


def _fits_azure(pattern: str, text: str) -> bool:
    return bool(re.fullmatch(_pattern(pattern), text, re.IGNORECASE))


def _pattern(text: str) -> str:
    return re.escape(text).replace(r"\*", ".*")


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in cast("Iterable[object]", value))
