"""An existing managed identity or service principal, and what its owner must allow."""

from __future__ import annotations

import pulumi

from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.components.existing import ExistingIdentity
from mlplatform.components.identity import Purpose
from mlplatform.components.preflight import Requirement
from mlplatform.components.scope import Scope
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE


def build(scope: Scope, existing: ExistingIdentity, purpose: Purpose) -> AzureIdentity:
    """Use the principal as it is; grants become role assignments."""
    label = scope.name.removeprefix(f"{scope.context.prefix}-").removesuffix("-identity")
    object_id = pulumi.Output.from_input(existing.principal)
    return AzureIdentity(
        principal=object_id,
        identity_id=None if existing.resource_id is None else pulumi.Output.from_input(existing.resource_id),
        known_id=existing.resource_id,
        client_id=None if existing.client_id is None else pulumi.Output.from_input(existing.client_id),
        name=pulumi.Output.from_input(label),
        principals=(AzurePrincipal(id=object_id, kind="ServicePrincipal", label=label),),
        requirements=tuple(_rights(scope, existing.resource_id, purpose)) if existing.resource_id else (),
    )


def _rights(scope: Scope, identity_id: str, purpose: Purpose) -> list[Requirement]:
    """https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust-user-assigned-managed-identity"""
    look = f"az identity federated-credential list --ids {identity_id} --output table"

    def pods(account: str) -> Requirement:
        subject = f"system:serviceaccount:{account}"
        return Requirement(
            f"a federated credential of {identity_id} for {subject} and the cluster's issuer, "
            "once the cluster is there",
            look,
        )

    match purpose:
        case "training":
            return [pods(f"{scope.spec.access.training_namespace}:training")]
        case "pipelines" | "serving":
            steps = purpose == "pipelines" and scope.spec.cluster_pipelines
            return [
                *([pods(f"{PIPELINES_NAMESPACE}:{PIPELINES_NAMESPACE}")] if steps else ()),
                Requirement(
                    f"the right of whoever runs `up` to assign the identity {identity_id} and roles on it: "
                    "Managed Identity Operator and Role Based Access Control Administrator",
                    f"az role assignment list --include-inherited --scope {identity_id} --output table",
                ),
            ]
        case "ci":
            ci = scope.spec.access.ci
            tokens = f"{ci.issuer} and the subject {ci.subject}" if ci else "CI"
            return [Requirement(f"a federated credential of {identity_id} for {tokens}", look)]
        case _:
            return []
