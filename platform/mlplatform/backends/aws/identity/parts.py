"""What identities hands to the other rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.backends.aws.policy import Statement
from mlplatform.components.context import Scope
from mlplatform.components.identity import IdentityParts

if TYPE_CHECKING:
    from pulumi_aws import iam


@dataclass(frozen=True, kw_only=True)
class AwsIdentity(IdentityParts):
    """An IAM role; `principal` is its ARN."""

    role_name: pulumi.Output[str]
    """Its physical name."""

    short_name: str
    """Its logical name without the platform's, for the names of grants."""

    def allow(self, scope: Scope, role: str, statements: Sequence[Statement]) -> iam.RolePolicy:
        """Attach rights as an inline policy; all of a role's together may have 10,240 characters.

        Args:
            scope: who grants; the policy becomes its child.
            role: what is granted, unique for this grantor and this identity, for example `read`.
            statements: the rights.
        """
        from mlplatform.backends.aws.identity.grants import attach

        return attach(scope, self, role, statements)
