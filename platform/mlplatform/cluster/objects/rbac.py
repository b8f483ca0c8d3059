"""Rights inside of the cluster: https://kubernetes.io/docs/reference/access-authn-authz/rbac/"""

from __future__ import annotations

from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Metadata
from mlplatform.fast.record import record

GROUP = "rbac.authorization.k8s.io"
API = f"{GROUP}/v1"

Verb = Literal["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]


@record(kw_only=True)
class PolicyRule:
    """Verbs on kinds."""

    api_groups: tuple[str, ...]
    """Groups of the kinds; empty text for Kubernetes' core."""

    resources: tuple[str, ...]
    """Plurals of the kinds, and parts of them: `pods/log`."""

    verbs: tuple[Verb, ...]
    """What is allowed."""

    resource_names: tuple[str, ...] | None = None
    """Names of objects that it is limited to. Omitted: all."""


@record(kw_only=True)
class ClusterRole(KubeObject):
    """Rights, to be bound in a namespace or in the cluster."""

    API = API
    KIND = "ClusterRole"

    metadata: Metadata
    """Name."""

    rules: tuple[PolicyRule, ...]
    """The rights."""


@record(kw_only=True)
class Role(KubeObject):
    """Rights in one namespace."""

    API = API
    KIND = "Role"

    metadata: Metadata
    """Name and namespace."""

    rules: tuple[PolicyRule, ...]
    """The rights."""


@record(kw_only=True)
class RoleRef:
    """The role of a binding; cannot be changed."""

    name: str
    """Its name."""

    kind: Literal["ClusterRole", "Role"] = "ClusterRole"
    """Its kind."""

    api_group: str = GROUP
    """Group of the kind."""


@record(kw_only=True)
class Subject:
    """Who gets the rights of a binding."""

    kind: Literal["Group", "User", "ServiceAccount"]
    """People alone or in a group, or pods of a service account."""

    name: str
    """The name by which the cloud introduces people, or the account's."""

    namespace: str | None = None
    """The account's namespace. Omitted: people have none."""

    api_group: str | None = GROUP
    """Group of the kind; None for a service account, which is of Kubernetes' core."""


def pods_of(account: str, namespace: str) -> Subject:
    """The pods of a service account."""
    return Subject(kind="ServiceAccount", name=account, namespace=namespace, api_group=None)


@record(kw_only=True)
class RoleBinding(KubeObject):
    """Rights in one namespace."""

    API = API
    KIND = "RoleBinding"

    metadata: Metadata
    """Name and namespace."""

    role_ref: RoleRef
    """The rights."""

    subjects: tuple[Subject, ...]
    """Who gets them."""


@record(kw_only=True)
class ClusterRoleBinding(KubeObject):
    """Rights in the whole cluster."""

    API = API
    KIND = "ClusterRoleBinding"

    metadata: Metadata
    """Name."""

    role_ref: RoleRef
    """The rights."""

    subjects: tuple[Subject, ...]
    """Who gets them."""
