"""An existing service account or group."""

from __future__ import annotations

import pulumi

from mlplatform.backends.gcp.identity.parts import GcpIdentity, GcpMember
from mlplatform.components.scope import Scope


def build(scope: Scope, principal: pulumi.Input[str]) -> GcpIdentity:
    """Use the member as it is; it is granted roles on single resources."""
    return GcpIdentity(
        principal=pulumi.Output.from_input(principal),
        account=None,
        email=None,
        short=scope.name.removeprefix(f"{scope.context.prefix}-"),
        members=(GcpMember(member=principal, label=""),),
    )
