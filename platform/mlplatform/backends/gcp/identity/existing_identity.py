"""A service account or group that somebody else made."""

from __future__ import annotations

import pulumi

from mlplatform.backends.gcp.identity.parts import GcpIdentity, GcpMember
from mlplatform.components.context import Scope


def build(scope: Scope, principal: pulumi.Input[str]) -> GcpIdentity:
    """Take the member as it is; grants become members of what they are for."""
    return GcpIdentity(
        principal=pulumi.Output.from_input(principal),
        account=None,
        email=None,
        short=scope.name.removeprefix(f"{scope.context.prefix}-"),
        members=(GcpMember(member=principal, label=""),),
    )
