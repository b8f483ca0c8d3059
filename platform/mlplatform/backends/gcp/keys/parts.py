"""Outputs of the keys for the other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.components.base import native
from mlplatform.components.keys import KeysParts
from mlplatform.components.scope import Scope
from mlplatform.spec.keys import KeyPurpose


@dataclass(frozen=True, kw_only=True)
class GcpKeys(KeysParts):
    """Keys of the target's region; `ids` are full resource names."""

    scope: Scope
    """The keys' own scope: more rings, for another region, become its children."""

    ready: Mapping[KeyPurpose, tuple[pulumi.Resource, ...]]
    """Grants of the key to the agents that use it: encrypted resources come after these."""

    @property
    def foundation(self) -> GcpFoundation:
        """Services and agents; with existing keys, this can be their first use."""
        return native(self.scope.context.foundation.parts, GcpFoundation)
