"""One right of one principal, and whether another right includes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from mlplatform.checks.documents import NARROWING, limits_principal
from mlplatform.risk.condition import Condition, conditions_within, matches

RightKind = Literal["allow", "login", "deny", "fence"]
"""`allow`: it may be done; `login`: the principal acts as the identity; `deny`: it may not; `fence`: what a network's
way or an organisation lets through, which gives nothing by itself."""
LOG_IN = "log in"
"""The action of a right to act as an identity, where the cloud has no name for it."""
ADMIN = frozenset(
    {
        "*",
        "*:*",
        "administratoraccess",
        "poweruseraccess",
        "iamfullaccess",
        "amazoneksclusteradminpolicy",
        "cluster-admin",
        "system:masters",
        "roles/owner",
        "roles/editor",
        "roles/resourcemanager.organizationadmin",
        "roles/resourcemanager.folderadmin",
        "roles/resourcemanager.folderiamadmin",
        "roles/resourcemanager.projectiamadmin",
        "roles/iam.securityadmin",
        "roles/iam.organizationroleadmin",
        "roles/orgpolicy.policyadmin",
        # Owner, Contributor, User Access Administrator, Role Based Access Control Administrator:
        # https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        "b24988ac-6180-42a0-ab88-20f7382dd24c",
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        # Global Administrator, Privileged Role Administrator, Application Administrator of Entra ID:
        # https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
        "62e90394-69f5-4237-9190-012177145e10",
        "e8611ab8-c189-46e8-94e1-60213ab1f814",
        "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    }
)
"""Roles and actions that allow almost everything, in lower case."""
EVERYBODY = frozenset({"*", "allusers", "allauthenticatedusers", "system:anonymous", "system:unauthenticated"})
"""Principals that mean everybody, in lower case."""
_NARROWING = frozenset(key.lower() for key in NARROWING)
_WHOLE = re.compile(r".*:\*|[^/]+/\*")
"""All actions of a service: `s3:*`, `Microsoft.Storage/*`, `keys/*`."""
_ACCOUNT = re.compile(r"(?:arn:[\w-]+:(?:iam|sts)::)?(\d{12})(?::.*)?")


@dataclass(frozen=True, slots=True)
class Right:
    """One right of one principal."""

    principal: str
    """A name, or the URN of the resource that will provide it."""

    action: str
    """An action, or a role's name; a pattern where the cloud allows one."""

    scope: str
    """A name, a pattern, or the URN of the resource that will provide it."""

    kind: RightKind = "allow"
    """What holding it means."""

    conditions: frozenset[Condition] = frozenset()
    """All must hold."""

    but: frozenset[str] = frozenset()
    """Actions, scopes or principals that are left out of it, as patterns."""

    nature: str = ""
    """Kind of principal as the cloud names it: `AWS`, `Service`, `Federated`, `ForeignGroup`, `Tenant`."""

    path: str = field(default="", compare=False)
    """Input that gives it."""

    @property
    def everybody(self) -> bool:
        """Whether everybody has it."""
        return self.principal.lower() in EVERYBODY and self.kind != "fence" and not self.narrowing

    @property
    def narrowing(self) -> tuple[Condition, ...]:
        """Conditions that limit who it is for."""
        return tuple(
            one for one in self.conditions if one.key in _NARROWING and limits_principal(one.operator, one.values)
        )

    @property
    def admin(self) -> bool:
        """Whether it allows almost everything, or all actions of a service."""
        name = self.action.rpartition("/")[2] if self.action.startswith(("/", "arn:")) else self.action
        return name.lower() in ADMIN or self.action.lower() in ADMIN or _WHOLE.fullmatch(self.action) is not None

    def within(self, wide: Right) -> bool:
        """Whether the other right includes this one: False where that is not known."""
        return (
            self.kind == wide.kind
            and _principal_within(self.principal, wide.principal, self.kind)
            and matches(wide.action.lower(), self.action.lower())
            and _scope_within(self.scope, wide.scope)
            and all(self._leaves_out(one) for one in wide.but)
            and conditions_within(self.conditions, wide.conditions)
        )

    def _leaves_out(self, pattern: str) -> bool:
        """Whether it is not about anything that fits a pattern."""
        if any(matches(own.lower(), pattern.lower()) for own in self.but):
            return True
        about = (self.action.lower(), self.scope.lower(), self.principal.lower())
        return not any(matches(pattern.lower(), text) or matches(text, pattern.lower()) for text in about)


def _principal_within(narrow: str, wide: str, kind: RightKind) -> bool:
    if narrow == wide or wide == "*":
        return True
    mine, account = _ACCOUNT.fullmatch(narrow), _ACCOUNT.fullmatch(wide)
    if kind == "login" and mine and account and mine[1] == account[1]:
        # an account that may log in contains its identities; with other rights, its own policies decide
        return wide == account[1] or wide.endswith(":root")
    if wide.startswith("principalSet://") and wide.endswith("/*"):
        return narrow.partition("://")[2].startswith(wide.partition("://")[2][:-1])
    return False


def _scope_within(narrow: str, wide: str) -> bool:
    if narrow == wide or matches(wide, narrow):
        return True
    # Azure: a scope contains what is below it
    return wide.startswith("/") and narrow.lower().startswith(f"{wide.rstrip('/').lower()}/")
