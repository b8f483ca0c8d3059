"""Cloud KMS keys that somebody else made."""

from __future__ import annotations

import pulumi

from mlplatform.backends.gcp.existing import GcpExistingKeys
from mlplatform.backends.gcp.keys.keys import USERS
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.components.context import Scope
from mlplatform.components.keys import by_purpose
from mlplatform.spec.keys import KEY_PURPOSES


def build(scope: Scope, keys: GcpExistingKeys) -> GcpKeys:
    """Take the keys as they are; nobody's rights to them are changed."""
    agents = sorted({agent for users in USERS.values() for agent in users})
    scope.note(
        "keys",
        "existing keys: their owner lets the project's service agents encrypt and decrypt with them "
        f"({', '.join(agents)})",
    )
    found = by_purpose(keys.default, keys.ids)
    return GcpKeys(
        ids={purpose: pulumi.Output.from_input(key) for purpose, key in found.items()},
        ready=dict.fromkeys(KEY_PURPOSES, ()),
        scope=scope,
    )
