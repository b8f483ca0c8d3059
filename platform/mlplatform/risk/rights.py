"""Permissions read from the resources of a plan: one form for policy documents and roles on scopes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from mlplatform.checks.documents import PolicyStatement, policy_statements
from mlplatform.checks.resource import Resource, UnknownInput, plain_type
from mlplatform.plan.model import Step

ADMIN = frozenset(
    {
        "*",
        "*:*",
        "administratoraccess",
        "poweruseraccess",
        "iamfullaccess",
        "amazoneksclusteradminpolicy",
        "roles/owner",
        "roles/editor",
        "roles/resourcemanager.projectiamadmin",
        "roles/iam.securityadmin",
        # Owner, Contributor, User Access Administrator, Role Based Access Control Administrator:
        # https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        "b24988ac-6180-42a0-ab88-20f7382dd24c",
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    }
)
"""Roles and actions that allow almost everything, in lower case."""
EVERYBODY = frozenset({"*", "allusers", "allauthenticatedusers"})
"""Principals that mean everybody, in lower case."""


@dataclass(frozen=True, slots=True)
class Right:
    """One permission of one principal."""

    principal: str
    """A name, or the URN of the resource that will provide it."""

    action: str
    """An action, or a role's name."""

    scope: str
    """A name, a pattern, or the URN of the resource that will provide it."""

    @property
    def everybody(self) -> bool:
        """Whether everybody has it."""
        return self.principal.lower() in EVERYBODY

    @property
    def admin(self) -> bool:
        """Whether it allows almost everything, or all actions of a service."""
        name = self.action.rpartition("/")[2] if self.action.startswith(("/", "arn:")) else self.action
        return name.lower() in ADMIN or self.action.lower() in ADMIN or self.action.endswith(":*")


def rights_of(step: Step) -> frozenset[Right]:
    """Permissions that a resource grants; empty where it grants none or they are unknown before creation."""
    token = plain_type(step.type)
    resource = Resource(step)
    for pattern, read in _READERS.items():
        if fnmatchcase(token, pattern):
            try:
                return frozenset(read(resource))
            except UnknownInput:
                return frozenset()
    return frozenset()


def _at(resource: Resource, *paths: str) -> str:
    """The first property that is set: its value, or the URN of the resource that will provide it."""
    for path in paths:
        try:
            if value := resource.text(path):
                return value
        except UnknownInput:
            if urns := resource.from_others(path):
                return urns[0]
            raise
    return ""


def _policy(path: str, *holder: str) -> Callable[[Resource], Iterator[Right]]:
    """A policy document: with principals of its own, or attached to the holder."""

    def read(resource: Resource) -> Iterator[Right]:
        own = resource.step.urn
        for statement in policy_statements(resource, path):
            if not statement.allows:
                continue
            principals = [_narrowed(name, statement) for _, name in statement.principals]
            principals = principals or [_at(resource, *holder) if holder else own]
            scopes = (own,) if statement.principals else statement.resources or (own,)
            for principal in principals:
                yield from (Right(principal, action, s) for action in statement.actions or ("*",) for s in scopes)

    return read


def _narrowed(principal: str, statement: PolicyStatement) -> str:
    key = statement.narrowed_by if principal == "*" else ""
    return f"{key} {', '.join(statement.condition(key))}" if key else principal


def _attached(principal: str, role: str, *scope: str) -> Callable[[Resource], Iterator[Right]]:
    """A role or policy that is attached by name."""

    def read(resource: Resource) -> Iterator[Right]:
        on = _at(resource, *scope) if scope else ""
        is_list = principal.endswith("s")
        members = resource.texts(f"{principal}[]") if is_list else [_at(resource, principal)]
        yield from (Right(member, _at(resource, role), on) for member in members if member)

    return read


def _definition(resource: Resource) -> Iterator[Right]:
    for action in (*resource.texts("permissions[].actions[]"), *resource.texts("permissions[].dataActions[]")):
        yield Right(resource.step.urn, action, _at(resource, "scope"))


_SCOPES = (
    "bucket", "cryptoKeyId", "keyRingId", "repository", "topic", "secretId", "serviceAccountId", "name", "location",
    "cloudRunServiceName", "subnetwork", "dataset", "project",
)  # fmt: skip
_READERS: Mapping[str, Callable[[Resource], Iterator[Right]]] = {
    "aws:iam/rolePolicy:RolePolicy": _policy("policy", "role"),
    "aws:iam/policy:Policy": _policy("policy"),
    "aws:iam/role:Role": _policy("assumeRolePolicy"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _attached("role", "policyArn"),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": _attached("user", "policyArn"),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": _attached("principalArn", "policyArn", "clusterName"),
    "aws:*Policy": _policy("policy"),
    "aws:kms/key:Key": _policy("policy"),
    "gcp:*IAMMember": _attached("member", "role", *_SCOPES),
    "gcp:*IamMember": _attached("member", "role", *_SCOPES),
    "gcp:*IAMBinding": _attached("members", "role", *_SCOPES),
    "gcp:*IamBinding": _attached("members", "role", *_SCOPES),
    "azure-native:authorization:RoleAssignment": _attached("principalId", "roleDefinitionId", "scope"),
    "azure-native:authorization:RoleDefinition": _definition,
}
