"""Identities of workloads, CI and people; grants attach rights to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.existing import ExistingIdentity
from mlplatform.components.foundation import Foundation
from mlplatform.components.granted import GrantNote, Right, Thing
from mlplatform.components.preflight import OWNER, Requirement
from mlplatform.components.scope import Scope
from mlplatform.spec.access import Role

if TYPE_CHECKING:
    from mlplatform.components.context import Context

Purpose = Literal["training", "pipelines", "door", "monitor", "serving", "airflow", "ci"] | Role
"""Purpose of an identity; it decides who may act as it."""


@dataclass(frozen=True, kw_only=True)
class IdentityParts:
    """One identity."""

    principal: pulumi.Output[str]
    """The identity's name in grants (role ARN, member, principal id)."""

    grants: list[pulumi.Resource] = field(default_factory=list[pulumi.Resource])
    """Every grant so far; resources that act as the identity depend on them."""

    @property
    def account_name_in_pods(self) -> pulumi.Output[str]:
        """How the annotation of a Kubernetes service account names the identity; on most clouds its principal."""
        return self.principal

    requirements: tuple[Requirement, ...] = ()
    """What the owner of an existing identity must provide, so that its workload can act as it."""


@contract("identity.identity")
class BuildsIdentity(Protocol):
    """Makes an identity without keys and without rights."""

    def __call__(self, scope: Scope, purpose: Purpose, foundation: Foundation, /) -> IdentityParts: ...


@contract("identity.pods")
class BuildsPodIdentity(Protocol):
    """Makes an identity without rights that pods of one service account act as, once the cluster has bound it."""

    def __call__(self, scope: Scope, namespace: str, account: str, foundation: Foundation, /) -> IdentityParts: ...


@contract("identity.existing_identity")
class UsesExistingIdentity(Protocol):
    """Takes an existing identity."""

    def __call__(self, scope: Scope, existing: ExistingIdentity, purpose: Purpose, /) -> IdentityParts: ...


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
        principal: pulumi.Input[str] | ExistingIdentity | None = None,
    ) -> None:
        """Make the identity, or take an existing one.

        Args:
            name: logical name.
            purpose: its purpose.
            context: the platform it belongs to.
            opts: the usual options.
            principal: the existing identity that gets the grants: a role's ARN in the target's account on AWS, a member
                (`serviceAccount:…`, `group:…`) on GCP, the object id of a managed identity or service principal on
                Azure; or one of the context's `existing.identities`, with what its workload needs to act as it.
                Omitted: an identity is made.
        """
        super().__init__(name, context, opts)
        self.purpose: Purpose = purpose
        self.made = principal is None
        if principal is None:
            self.parts = context.backend.load(BuildsIdentity)(self.scope, purpose, context.foundation)
        else:
            existing = principal if isinstance(principal, ExistingIdentity) else ExistingIdentity(principal=principal)
            self.parts = context.backend.load(UsesExistingIdentity)(self.scope, existing, purpose)
            for requirement in self.parts.requirements if existing.acts else ():
                self.scope.note(f"targets[{context.target.name}].existing.identities", f"{OWNER}{requirement}")
        self.principal = self.parts.principal
        ci = context.spec.access.ci if purpose == "ci" and self.made else None
        if ci and ci.by_names:
            self.scope.note(
                "access.ci.repository",
                f"only tokens whose subject has names alone are trusted, {ci.subject}; a repository that was created, "
                "renamed or moved since 2026-07-15 sends its ids too and is refused: then set access.ci.owner_id and "
                f"access.ci.repository_id, which {ci.ids_command} prints",
            )
        self.register_outputs({"principal": self.principal})

    def note_grant(self, right: Right, on: Thing, part: str = "") -> None:
        """Note for the plan's reader what a component granted it.

        Args:
            right: what it may do.
            on: with what.
            part: the only folder or endpoint that it holds for. Omitted: all of it.
        """
        holder = self.scope.name.removeprefix(f"{self.context.prefix}-").removesuffix("-identity")
        self.context.granted.append(GrantNote(holder=holder, right=right, on=on, part=part))
