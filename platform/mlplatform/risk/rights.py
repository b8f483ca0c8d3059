"""Who may do what, read from the resources of a plan: the same for a policy document and a role on a scope."""

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
"""Roles and actions that let their holder do about everything, in lower case."""
EVERYBODY = frozenset({"*", "allusers", "allauthenticatedusers"})
"""Principals that are the whole world, in lower case."""


@dataclass(frozen=True, slots=True)
class Right:
    """One thing somebody may do."""

    principal: str
    """Who: a name, or the URN of the resource that will tell."""

    action: str
    """An action, or the name of a role."""

    scope: str
    """On what: a name, a pattern, or the URN of the resource that will tell."""

    @property
    def everybody(self) -> bool:
        """Whether the whole world has it."""
        return self.principal.lower() in EVERYBODY

    @property
    def admin(self) -> bool:
        """Whether it allows about everything, or everything a service has."""
        name = self.action.rpartition("/")[2] if self.action.startswith(("/", "arn:")) else self.action
        return name.lower() in ADMIN or self.action.lower() in ADMIN or self.action.endswith(":*")


def rights_of(step: Step) -> frozenset[Right]:
    """What a resource allows; empty where it is not about rights or they cannot be known before creation."""
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
    """The first of some properties: its value, or the resource that will tell it."""
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
    """A policy document; its principals are its own, or the holder's where it is an identity's."""

    def read(resource: Resource) -> Iterator[Right]:
        for one in policy_statements(resource, path):
            if not one.allows:
                continue
            who = [_narrowed(name, one) for _, name in one.principals]
            who = who or [_at(resource, *holder) if holder else resource.step.urn]
            what = one.actions or ("*",)
            on = (resource.step.urn,) if one.principals else one.resources or (resource.step.urn,)
            yield from (Right(principal, action, scope) for principal in who for action in what for scope in on)

    return read


def _narrowed(principal: str, statement: PolicyStatement) -> str:
    key = statement.narrowed_by if principal == "*" else ""
    return f"{key} {', '.join(statement.condition(key))}" if key else principal


def _attached(who: str, what: str, *scope: str) -> Callable[[Resource], Iterator[Right]]:
    """A role or policy by name."""

    def read(resource: Resource) -> Iterator[Right]:
        on = _at(resource, *scope) if scope else ""
        members = resource.texts(f"{who}[]") if who.endswith("s") else [_at(resource, who)]
        yield from (Right(member, _at(resource, what), on) for member in members if member)

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
