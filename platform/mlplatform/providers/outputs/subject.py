"""The resource whose outputs are being made up, and values derived from its name alone."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mlplatform.providers.accounts import Account
from mlplatform.providers.wire import UNKNOWN, bare

_MADE = "202501010000000000"
"""When every mocked resource was made, as providers write it after a prefix, before eight hexadecimal digits:
https://pkg.go.dev/github.com/hashicorp/terraform-plugin-sdk/v2/helper/id#PrefixedUniqueId"""
_NAMESPACE = uuid.UUID("6f0c2b1e-52a4-4d2e-9f0b-0d2a7c3b8e11")


@dataclass(frozen=True)
class Subject:
    """A resource being answered: its type, logical name, inputs and the account it lands in."""

    token: str
    name: str
    inputs: Mapping[str, object]
    account: Account

    @cached_property
    def kind(self) -> str:
        """The last part of the type token: `NodeGroup`."""
        return self.token.rpartition(":")[2]

    @cached_property
    def module(self) -> str:
        """The module part of the type token, without its file: `eks`."""
        return self.token.split(":")[1].split("/")[0]

    def text(self, *properties: str) -> str | None:
        """The first of these inputs that holds a known text."""
        for name in properties:
            value = bare(self.inputs.get(name))
            if isinstance(value, str) and value and value != UNKNOWN:
                return value
        return None

    def hex(self, length: int, salt: str = "") -> str:
        """Lower-case hexadecimal digits that depend on type, name, account and salt only."""
        seed = f"{self.token}|{self.name}|{self.account.account}|{self.account.region}|{salt}"
        return hashlib.sha256(seed.encode()).hexdigest()[:length]

    def digits(self, length: int, salt: str = "") -> str:
        """Decimal digits, the first of them not zero."""
        number = int(self.hex(32, salt), 16)
        return str(10 ** (length - 1) + number % (9 * 10 ** (length - 1)))

    def guid(self, salt: str = "") -> str:
        """A GUID."""
        return str(uuid.uuid5(_NAMESPACE, self.hex(32, salt)))

    def named(self, *properties: str) -> str:
        """The name in the cloud: the one the program sets, the provider's from a prefix, or the engine's automatic one.

        properties: what may hold it. A prefix is held by the property of the same name and `Prefix`.
        """
        if given := self.text(*properties):
            return given
        prefix = self.text(*(f"{name}Prefix" for name in properties))
        return f"{prefix}{_MADE}{self.hex(8, 'prefix')}" if prefix else self.autoname()

    def autoname(self, longest: int = 60) -> str:
        """The name the engine would give where the program sets none: logical name and seven digits."""
        return f"{self.name[: longest - 8]}-{self.hex(7, 'autoname')}"
