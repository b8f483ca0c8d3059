"""Outputs of the identities for the other rooms. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.identity import IdentityParts
from mlplatform.components.scope import Scope

if TYPE_CHECKING:
    from pulumi_gcp import projects, serviceaccount


@dataclass(frozen=True, kw_only=True)
class GcpMember:
    """A member of grants."""

    member: pulumi.Input[str]
    """`serviceAccount:…`, `group:…`, `user:…` or `principalSet://…`."""

    label: str
    """Part of logical names; empty where the identity has one member only."""


@dataclass(frozen=True, kw_only=True)
class GcpIdentity(IdentityParts):
    """A service account, the groups that hold a role of people, or an existing member.

    `principal` is the (first) member.
    """

    account: serviceaccount.Account | None
    """The service account; None for people and existing members."""

    account_name: pulumi.Output[str] | None
    """Full name of the service account, for the right to act as it; None for people and members of any kind."""

    email: pulumi.Output[str] | None
    """E-mail address of the service account; None for people and members of any kind."""

    short: str
    """Logical name without the platform's, for names of grants."""

    members: tuple[GcpMember, ...]
    """Everyone who gets a grant of this identity."""

    @property
    def account_name_in_pods(self) -> pulumi.Output[str]:
        """The service account's e-mail address."""
        return self.principal if self.email is None else self.email

    def grantees(self, role: str = "") -> Iterator[tuple[str, pulumi.Input[str]]]:
        """Each member, with the last part of the logical name of its grant."""
        for grantee in self.members:
            yield "-".join(part for part in (self.short, grantee.label, role) if part), grantee.member

    def allow(
        self,
        scope: Scope,
        what: str,
        role: pulumi.Input[str],
        *,
        condition: projects.IAMMemberConditionArgs | None = None,
    ) -> None:
        """Grant a role in the project to each member; what acts as the identity comes after it.

        Args:
            scope: the grantor; the grants become its children.
            what: a name for the right, unique for this grantor and this identity, for example `read`.
            role: the role, which then holds for the whole project.
            condition: what it holds for. Omitted: everything.
        """
        from pulumi_gcp import projects

        for name, member in self.grantees(what):
            self.grants.append(
                projects.IAMMember(
                    scope.child(name),
                    project=scope.target(GcpTarget).project,
                    role=role,
                    member=member,
                    condition=condition,
                    opts=scope.opts(),
                )
            )
