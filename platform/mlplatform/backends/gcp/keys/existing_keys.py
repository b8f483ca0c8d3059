"""Existing Cloud KMS keys."""

from __future__ import annotations

import pulumi

from mlplatform.backends.gcp.existing import GcpExistingKeys
from mlplatform.backends.gcp.keys.keys import USERS
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.components.base import native
from mlplatform.components.existing import ExistingKeys
from mlplatform.components.keys import by_purpose
from mlplatform.components.scope import Scope
from mlplatform.spec.keys import KEY_PURPOSES


def build(scope: Scope, existing: ExistingKeys) -> GcpKeys:
    """Use the keys as they are; no rights to them change."""
    keys = native(existing, GcpExistingKeys)
    agents = sorted({agent for users in USERS.values() for agent in users})
    scope.note(
        "keys",
        "existing keys: their owner must let the project's service agents encrypt and decrypt with them "
        f"({', '.join(agents)})",
    )
    return GcpKeys(
        ids={purpose: pulumi.Output.from_input(key) for purpose, key in by_purpose(keys.default, keys.ids).items()},
        ready=dict.fromkeys(KEY_PURPOSES, ()),
        scope=scope,
    )
