"""Rights on Azure and in Entra ID: assignments, definitions, access policies, federated credentials, and delegation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform.checks.resource import Resource
from mlplatform.plan.documents import TEMPLATE, template_resources
from mlplatform.plan.sources.fields import items, mapping, text, texts
from mlplatform.risk.condition import Condition, expression_conditions
from mlplatform.risk.grants.fields import Reader, attached, conditions_at, value_at
from mlplatform.risk.right import LOG_IN, Right


def _definition(resource: Resource) -> Iterator[Right]:
    """https://learn.microsoft.com/azure/role-based-access-control/role-definitions"""
    own = resource.step.urn
    scopes = resource.texts("assignableScopes[]") or [value_at(resource, "scope")]
    for index, permission in enumerate(map(mapping, items(resource.step.inputs.get("permissions")))):
        for allowed, denied in (("actions", "notActions"), ("dataActions", "notDataActions")):
            left_out = frozenset(texts(permission.get(denied)))
            for action in texts(permission.get(allowed)):
                for scope in scopes:
                    path = f"permissions[{index}].{allowed}"
                    yield Right(own, action, scope, but=left_out, path=path)


def _vault(resource: Resource) -> Iterator[Right]:
    """https://learn.microsoft.com/azure/key-vault/general/assign-access-policy"""
    inputs = resource.step.inputs
    listed = items(mapping(inputs.get("properties")).get("accessPolicies"))
    one = mapping(inputs.get("policy"))
    for policy in map(mapping, [*listed, *([one] if one else [])]):
        holder = text(policy.get("objectId")) or text(policy.get("applicationId"))
        tenant = text(policy.get("tenantId"))
        for kind, names in mapping(policy.get("permissions")).items():
            for name in texts(names):
                # `all` is every permission of its kind
                action = f"{kind}/{'*' if name.lower() == 'all' else name.lower()}"
                about = frozenset({Condition("StringEquals", "tenant", frozenset({tenant}))} if tenant else ())
                yield Right(holder, action, resource.step.urn, conditions=about, path="properties.accessPolicies")


def _credential(identity: str, *audiences: str) -> Reader:
    """https://learn.microsoft.com/entra/workload-id/workload-identity-federation"""

    def read(resource: Resource) -> Iterator[Right]:
        issuer = value_at(resource, "issuer")
        accepted = {audience for path in audiences for audience in resource.texts(path)}
        about = {Condition("StringEquals", "aud", frozenset({one})) for one in accepted}
        subject = value_at(resource, "subject")
        if subject:
            about.add(Condition("StringLike", "sub", frozenset({subject})))
        about |= conditions_at(resource, "claimsMatchingExpression.value")
        about |= conditions_at(resource, "claimsMatchingExpression")
        yield Right(
            issuer,
            LOG_IN,
            value_at(resource, identity),
            "login",
            frozenset(about),
            nature="Federated",
            path="subject" if subject else "claimsMatchingExpression.value",
        )

    return read


def _delegation(resource: Resource) -> Iterator[Right]:
    """https://learn.microsoft.com/azure/lighthouse/concepts/architecture"""
    properties = mapping(resource.step.inputs.get("properties")) or resource.step.inputs
    tenant = text(properties.get("managedByTenantId"))
    for key in ("authorizations", "eligibleAuthorizations"):
        for grant in map(mapping, items(properties.get(key))):
            who = f"{text(grant.get('principalId'))} of the tenant {tenant}"
            role = text(grant.get("roleDefinitionId"))
            yield Right(who, role, "the subscription", nature="Tenant", path=f"properties.{key}")


def _template(resource: Resource) -> Iterator[Right]:
    """Assignments in an ARM template: https://learn.microsoft.com/azure/templates/microsoft.authorization/roleassignments"""
    for path, inner in template_resources(resource.step):
        if text(inner.get("type")).lower() == "microsoft.authorization/roleassignments":
            properties = mapping(inner.get("properties"))
            conditions = frozenset(expression_conditions(text(properties.get("condition"))))
            yield Right(
                text(properties.get("principalId")),
                text(properties.get("roleDefinitionId")),
                text(inner.get("scope")) or resource.step.urn,
                conditions=conditions,
                nature=text(properties.get("principalType")),
                path=path,
            )


_ASSIGNED = attached("principalId", "roleDefinitionId", "scope", condition="condition", nature="principalType")
READERS: Mapping[str, Reader] = {
    "azure-native:authorization:RoleDefinition": _definition,
    "azure-native:authorization:*": _ASSIGNED,
    "azure-native:keyvault:Vault": _vault,
    "azure-native:keyvault:AccessPolicy": _vault,
    "azure-native:managedidentity:FederatedIdentityCredential": _credential("resourceName", "audiences[]"),
    TEMPLATE: _template,
    "azure-native:managedservices:RegistrationDefinition": _delegation,
    "azure:authorization/assignment:Assignment": attached(
        "principalId", "roleDefinitionName", "scope", condition="condition", nature="principalType"
    ),
    "azuread:*FederatedIdentityCredential": _credential("applicationId", "audiences[]", "audience"),
    "azuread:*DirectoryRoleAssignment": attached("principalObjectId", "roleId", "directoryScopeId"),
    "azuread:*DirectoryRoleMember": attached("memberObjectId", "roleObjectId"),
    "azuread:*AppRoleAssignment": attached("principalObjectId", "appRoleId", "resourceObjectId"),
    "azuread:*GroupMember": attached("memberObjectId", "", "groupObjectId", action="membership"),
    "azuread:*ApplicationOwner": attached("ownerObjectId", "", "applicationId", action="ownership"),
}
"""https://learn.microsoft.com/azure/role-based-access-control/overview"""
