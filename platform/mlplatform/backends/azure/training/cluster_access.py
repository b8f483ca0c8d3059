"""Access to and from the cluster: pods act as identities, people get in by their role."""

from __future__ import annotations

import pulumi

from mlplatform.backends.azure.foundation.people import members_of_team, people_with_role
from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.foundation.roles import RoleName, assign_role
from mlplatform.backends.azure.identity.federation import trust_tokens
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.access import ROLES, Role

_IN_CLUSTER: dict[Role, RoleName] = {"operator": "cluster-admin", "auditor": "cluster-reader"}
"""Roles for the whole cluster."""

_IN_NAMESPACE: dict[Role, RoleName] = {
    "data-scientist": "cluster-writer",
    "ml-engineer": "cluster-writer",
    "data-engineer": "cluster-reader",
}
"""Roles in the training namespace."""

ADMITTED: tuple[Role, ...] = tuple(role for role in ROLES if role in _IN_CLUSTER or role in _IN_NAMESPACE)
"""Roles of people who may use the cluster."""


def trust_service_account(
    scope: Scope, issuer: pulumi.Output[str], identity: Identity, namespace: str, service_account: str
) -> None:
    """Trust the tokens of one service account of a cluster.

    Args:
        scope: the cluster's.
        issuer: OIDC issuer of the cluster's tokens.
        identity: identity that the pods act as.
        namespace: the service account's namespace.
        service_account: its name.
    """
    parts = native(identity.parts, AzureIdentity)
    account = f"{namespace}-{service_account}"
    trust_tokens(
        scope,
        f"bind-{parts.principals[0].label}-{account}",
        parts,
        name=account,
        issuer=issuer,
        subject=f"system:serviceaccount:{namespace}:{service_account}",
    )


def admit_people(scope: Scope, cluster_id: pulumi.Output[str]) -> None:
    """Grant Kubernetes rights by Azure roles; everyone also needs the role to fetch the cluster's address."""
    namespace = pulumi.Output.concat(cluster_id, "/namespaces/", scope.spec.access.training_namespace)
    for role in ADMITTED:
        cluster_role, namespace_role = _IN_CLUSTER.get(role), _IN_NAMESPACE.get(role)
        for principal in people_with_role(scope, role):
            assign_role(scope, "find", "cluster-user", on=cluster_id, to=principal)
            if cluster_role:
                assign_role(scope, "use", cluster_role, on=cluster_id, to=principal)
            if namespace_role:
                assign_role(scope, "use-training", namespace_role, on=namespace, to=principal)
    # what a team's members may do is RBAC's matter, inside of the cluster: AKS asks both,
    # https://learn.microsoft.com/azure/aks/concepts-cluster-authorization
    for member in team_members(scope):
        assign_role(scope, "find", "cluster-user", on=cluster_id, to=member)


def team_members(scope: Scope) -> tuple[AzurePrincipal, ...]:
    """The groups of all teams."""
    teams = scope.spec.cluster.teams if scope.spec.cluster else ()
    return tuple(group for team in teams for group in members_of_team(scope, team))
