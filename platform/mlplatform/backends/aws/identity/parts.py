"""Parts of identities, for the other rooms. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document
from mlplatform.backends.aws.foundation.propagation import POLICY_SECONDS
from mlplatform.components.identity import IdentityParts
from mlplatform.components.scope import Scope

if TYPE_CHECKING:
    from pulumi_aws import iam


@dataclass(frozen=True, kw_only=True)
class AwsIdentity(IdentityParts):
    """An IAM role; `principal` is its ARN."""

    role_name: pulumi.Output[str]
    """Its physical name."""

    short_name: str
    """Its logical name without the platform's, for the names of grants."""

    def allow(self, scope: Scope, role: str, statements: Sequence[IamStatement]) -> iam.RolePolicy:
        """Attach rights as an inline policy; all policies of a role together may have 10,240 characters.

        Args:
            scope: the grantor; the policy becomes its child.
            role: a name for the right, unique for this grantor and this identity, for example `read`.
            statements: the rights.
        """
        from pulumi_aws import iam

        policy = iam.RolePolicy(
            scope.child(f"{role}-{self.short_name}"),
            name=f"{scope.name.removeprefix(scope.context.prefix + '-')}-{role}",
            role=self.role_name,
            policy=policy_document(*statements),
            opts=scope.opts(delete_before_replace=True, effect_seconds=POLICY_SECONDS),
        )
        # resources that act as the identity depend on its grants
        self.grants.append(policy)
        return policy
