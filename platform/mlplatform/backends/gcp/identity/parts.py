"""What identities hands to the other rooms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.components.identity import IdentityParts

if TYPE_CHECKING:
    from pulumi_gcp import serviceaccount


@dataclass(frozen=True, kw_only=True)
class GcpMember:
    """Who a role is granted to."""

    member: pulumi.Input[str]
    """`serviceAccount:…`, `group:…`, `user:…` or `principalSet://…`."""

    label: str
    """Part of logical names; empty where the identity has one member only."""


@dataclass(frozen=True, kw_only=True)
class GcpIdentity(IdentityParts):
    """A service account, the groups that hold one of people's roles, or a member that was there before.

    `principal` is the (first) member.
    """

    account: serviceaccount.Account | None
    """The service account, where made here."""

    email: pulumi.Output[str] | None
    """Its e-mail address, where made here."""

    short: str
    """Logical name without the platform's, for names of grants."""

    members: tuple[GcpMember, ...]
    """Everyone a grant is made to."""

    def grantees(self, role: str = "") -> Iterator[tuple[str, pulumi.Input[str]]]:
        """Each member, with the last part of the logical name of its grant."""
        for grantee in self.members:
            yield "-".join(part for part in (self.short, grantee.label, role) if part), grantee.member
