"""Managed identities of workloads and CI, and the Entra groups that hold people's roles."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import managedidentity

from mlplatform.backends.azure.ci_login import AUDIENCE
from mlplatform.backends.azure.foundation.parts import AzureFoundation
from mlplatform.backends.azure.identity.parts import AzureIdentity, AzurePrincipal
from mlplatform.backends.azure.naming import physical
from mlplatform.backends.azure.references import of
from mlplatform.backends.azure.roles import RoleName, assign
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.foundation import Foundation
from mlplatform.components.identity import Purpose
from mlplatform.spec.access import ROLES, CiSpec, Role

_SEES: dict[Role, tuple[RoleName, ...]] = {
    "operator": ("monitoring-contributor",),
    "auditor": ("reader", "logs-reader"),
}
"""What a role sees of the resource group itself; data comes from grants, the cluster from the cluster."""


def build(scope: Scope, purpose: Purpose, foundation: Foundation) -> AzureIdentity:
    """An identity without secrets, and without rights until something grants them."""
    ground = native(foundation.parts, AzureFoundation)
    for role in ROLES:
        if role == purpose:
            return _people(scope, role, ground)
    label = scope.name.removeprefix(f"{scope.context.prefix}-").removesuffix("-identity")
    name = physical(scope.spec, "identity", label)
    identity = managedidentity.UserAssignedIdentity(
        scope.child("identity"),
        resource_name_=name,
        resource_group_name=ground.group_name,
        location=scope.target(AzureTarget).location,
        tags=scope.tags,
        opts=scope.opts(),
    )
    parts = AzureIdentity(
        principal=identity.principal_id,
        identity_id=identity.id,
        client_id=identity.client_id,
        name=of(identity, name),
        principals=(AzurePrincipal(id=identity.principal_id, kind="ServicePrincipal", label=label),),
    )
    if purpose == "ci" and scope.spec.access.ci:
        _trust_ci(scope, parts, scope.spec.access.ci, ground)
    return parts


def people(scope: Scope, role: Role) -> tuple[AzurePrincipal, ...]:
    """The Entra groups that hold a role."""
    groups = scope.target(AzureTarget).people.get(role, ())
    starts = [group[:8] for group in groups]
    return tuple(
        # the beginning of the group's own id tells groups of one role apart, whatever their order
        AzurePrincipal(
            id=pulumi.Output.from_input(group),
            kind="Group",
            label=f"{role}-{group if starts.count(start) > 1 else start}",
        )
        for group, start in zip(groups, starts, strict=True)
    )


def _people(scope: Scope, role: Role, ground: AzureFoundation) -> AzureIdentity:
    principals = people(scope, role)
    for principal in principals:
        for right in _SEES.get(role, ()):
            assign(scope, "see", right, on=ground.group_id, to=principal)
    return AzureIdentity(
        principal=principals[0].id,
        identity_id=None,
        client_id=None,
        name=pulumi.Output.from_input(role),
        principals=principals,
    )


def _trust_ci(scope: Scope, parts: AzureIdentity, ci: CiSpec, ground: AzureFoundation) -> None:
    if ci.system == "github":
        issuer = "https://token.actions.githubusercontent.com"
        subject = f"repo:{ci.repository}:ref:refs/heads/{ci.branch}"
    else:
        issuer = "https://gitlab.com"
        subject = f"project_path:{ci.repository}:ref_type:branch:ref:{ci.branch}"
    parts.credentials.append(
        managedidentity.FederatedIdentityCredential(
            scope.child("trust"),
            federated_identity_credential_resource_name=physical(scope.spec, "credential", ci.system),
            resource_name_=parts.name,
            resource_group_name=ground.group_name,
            issuer=issuer,
            subject=subject,
            audiences=[AUDIENCE],
            opts=scope.opts(),
        )
    )
