"""Customer-managed encryption keys, one per purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.context import Context, Scope
from mlplatform.components.existing import ExistingKeys, as_existing
from mlplatform.components.foundation import Foundation
from mlplatform.spec.keys import KEY_PURPOSES, KeyPurpose, KeysSpec

K = TypeVar("K")


@dataclass(frozen=True, kw_only=True)
class KeysParts:
    """What a backend returns."""

    ids: Mapping[KeyPurpose, pulumi.Output[str]]
    """The cloud's full id of each key (ARN, resource name, key URI)."""


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
        self.parts = self._existing(context.existing.keys) if context.existing.keys else self._made(spec)
        self.ids = self.parts.ids
        self.register_outputs({"ids": dict(self.ids)})

    def _made(self, spec: KeysSpec) -> KeysParts:
        build = cast("Callable[[Scope, KeysSpec, Foundation], KeysParts]", self.context.backend.load("keys.keys"))
        return build(self.scope, spec, self.context.foundation)

    def _existing(self, existing: ExistingKeys) -> KeysParts:
        build = cast("Callable[[Scope, ExistingKeys], KeysParts]", self.context.backend.load("keys.existing_keys"))
        return build(self.scope, existing)

    def as_existing(self) -> ExistingKeys:
        """What another platform of the same cloud takes as its `Existing.keys`, once this one stands."""
        return as_existing(self.context.backend, self.parts, ExistingKeys)
