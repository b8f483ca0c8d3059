"""Who gets into the cluster: pods as identities, and people by their role."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import managedidentity

from mlplatform.backends.azure.ci_login import AUDIENCE
from mlplatform.backends.azure.foundation.foundation import group
from mlplatform.backends.azure.identity.identity import people
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.naming import physical
from mlplatform.backends.azure.roles import RoleName, assign
from mlplatform.backends.azure.training.parts import AzureAnyCluster
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity
from mlplatform.spec.access import ROLES, Role

_IN_CLUSTER: dict[Role, RoleName] = {"operator": "cluster-admin", "auditor": "cluster-reader"}
"""Roles for the whole cluster."""

_IN_NAMESPACE: dict[Role, RoleName] = {"data-scientist": "cluster-writer", "ml-engineer": "cluster-writer"}
"""Roles in the training namespace."""


def bind(cluster: AzureAnyCluster, identity: Identity, namespace: str, service_account: str) -> None:
    """Trust the tokens of one service account of this cluster, after the identity's last change."""
    parts = native(identity.parts, AzureIdentity)
    role = f"{namespace}-{service_account}"
    parts.credentials.append(
        managedidentity.FederatedIdentityCredential(
            cluster.scope.child(f"bind-{parts.principals[0].label}-{role}"),
            federated_identity_credential_resource_name=physical(cluster.scope.spec, "credential", role),
            resource_name_=parts.name,
            resource_group_name=group(cluster.scope).group_name,
            issuer=cluster.issuer,
            subject=f"system:serviceaccount:{namespace}:{service_account}",
            audiences=[AUDIENCE],
            opts=cluster.scope.opts(depends_on=parts.credentials[-1:]),
        )
    )


def admit_people(scope: Scope, cluster_id: pulumi.Output[str]) -> None:
    """Kubernetes rights by Azure roles; everyone also needs to fetch the cluster's address."""
    namespace = pulumi.Output.concat(cluster_id, "/namespaces/", scope.spec.access.training_namespace)
    for role in ROLES:
        wide, narrow = _IN_CLUSTER.get(role), _IN_NAMESPACE.get(role)
        if not wide and not narrow:
            continue
        for principal in people(scope, role):
            assign(scope, "find", "cluster-user", on=cluster_id, to=principal)
            if wide:
                assign(scope, "use", wide, on=cluster_id, to=principal)
            if narrow:
                assign(scope, "use-training", narrow, on=namespace, to=principal)
