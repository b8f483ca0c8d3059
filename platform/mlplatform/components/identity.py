"""Identities of workloads, CI and people; grants attach rights to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, cast

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.context import Context, Scope
from mlplatform.components.foundation import Foundation
from mlplatform.spec.access import Role

Purpose = Literal["training", "pipelines", "serving", "ci"] | Role
"""What an identity is for; decides who may assume it."""


@dataclass(frozen=True, kw_only=True)
class IdentityParts:
    """What a backend returns."""

    principal: pulumi.Output[str]
    """How the cloud names the identity in grants (role ARN, member, principal id)."""

    grants: list[pulumi.Resource] = field(default_factory=list[pulumi.Resource])
    """Every grant made so far; what acts as the identity depends on them."""


class Identity(Component):
    """An identity without keys or passwords, and without rights until something grants them."""

    capability = "identity"

    def __init__(
        self,
        name: str,
        purpose: Purpose,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        principal: pulumi.Input[str] | None = None,
    ) -> None:
        """Make the identity, or take one that is there.

        Args:
            name: logical name.
            purpose: what it is for.
            context: the platform it belongs to.
            opts: the usual options.
            principal: who is there already and gets the grants: a role's ARN in the target's account on AWS, a member
                (`serviceAccount:…`, `group:…`) on GCP, the object id of a managed identity or service principal on
                Azure. Omitted: an identity is made.
        """
        super().__init__(name, context, opts)
        self.purpose: Purpose = purpose
        self.made = principal is None
        self.parts = self._made(purpose) if principal is None else self._existing(principal)
        self.principal = self.parts.principal
        self.register_outputs({"principal": self.principal})

    def _made(self, purpose: Purpose) -> IdentityParts:
        build = cast(
            "Callable[[Scope, Purpose, Foundation], IdentityParts]", self.context.backend.load("identity.identity")
        )
        return build(self.scope, purpose, self.context.foundation)

    def _existing(self, principal: pulumi.Input[str]) -> IdentityParts:
        load = self.context.backend.load
        build = cast("Callable[[Scope, pulumi.Input[str]], IdentityParts]", load("identity.existing_identity"))
        return build(self.scope, principal)
