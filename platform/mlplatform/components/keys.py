"""Customer-managed encryption keys, one per purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.existing import ExistingKeys, as_existing
from mlplatform.components.foundation import Foundation
from mlplatform.components.scope import Scope
from mlplatform.spec.keys import KEY_PURPOSES, KeyPurpose, KeysSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context

K = TypeVar("K")


@dataclass(frozen=True, kw_only=True)
class KeysParts:
    """One key per purpose."""

    ids: Mapping[KeyPurpose, pulumi.Output[str]]
    """The cloud's full id of each key (ARN, resource name, key URI)."""


@contract("keys.keys")
class BuildsKeys(Protocol):
    """Makes one key per purpose."""

    def __call__(self, scope: Scope, spec: KeysSpec, foundation: Foundation, /) -> KeysParts: ...


@contract("keys.existing_keys")
class UsesExistingKeys(Protocol):
    """Takes existing keys, of the backend's own kind of `ExistingKeys`."""

    def __call__(self, scope: Scope, existing: ExistingKeys, /) -> KeysParts: ...


def by_purpose(default: K | None, named: Mapping[KeyPurpose, K]) -> dict[KeyPurpose, K]:
    """The key of every purpose.

    Raises:
        ValueError: a purpose has no key; the text names all of them.
    """
    missing = [purpose for purpose in KEY_PURPOSES if purpose not in named]
    if default is None:
        if missing:
            raise ValueError(
                f"existing.keys: no key for {', '.join(missing)}: give a `default`, or a key for each of them"
            )
        return dict(named)
    return {purpose: named.get(purpose, default) for purpose in KEY_PURPOSES}


class Keys(Component):
    """One key per purpose, rotated, protected and recoverable."""

    capability = "keys"

    ids: Mapping[KeyPurpose, pulumi.Output[str]]
    """The cloud's full id of each key."""

    def __init__(self, name: str, spec: KeysSpec, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        if context.existing.keys:
            self.parts = context.backend.load(UsesExistingKeys)(self.scope, context.existing.keys)
        else:
            self.parts = context.backend.load(BuildsKeys)(self.scope, spec, context.foundation)
        self.ids = self.parts.ids
        self.register_outputs({"ids": dict(self.ids)})

    def as_existing(self) -> ExistingKeys:
        """These keys as another platform of the same cloud takes them, in `Existing.keys`."""
        return as_existing(self.context.backend, self.parts, ExistingKeys)
