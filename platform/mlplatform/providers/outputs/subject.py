"""The resource or function call whose outputs are generated, with values derived from its name alone."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mlplatform.providers.accounts import Account
from mlplatform.providers.wire import UNKNOWN, plain_value

_CREATED = "202501010000000000"
"""When every mocked resource was created, as providers write it after a prefix, before eight hexadecimal digits:
https://pkg.go.dev/github.com/hashicorp/terraform-plugin-sdk/v2/helper/id#PrefixedUniqueId"""
_NAMESPACE = uuid.UUID("6f0c2b1e-52a4-4d2e-9f0b-0d2a7c3b8e11")


@dataclass(frozen=True)
class OutputSubject:
    """A mocked resource or function call."""

    token: str
    """Type token, or function token."""

    name: str
    """Logical name; of a call, its arguments as text."""

    inputs: Mapping[str, object]
    """Wire-named inputs or arguments."""

    account: Account
    """The account of the resource or of the caller."""

    @cached_property
    def kind(self) -> str:
        """The last part of the type token: `NodeGroup`."""
        return self.token.rpartition(":")[2]

    @cached_property
    def module(self) -> str:
        """The module part of the type token, without its file: `eks`."""
        return self.token.split(":")[1].split("/")[0]

    def text(self, *properties: str) -> str | None:
        """The first of these inputs that is a known text."""
        for name in properties:
            value = plain_value(self.inputs.get(name))
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
        """The physical name: set by the program, made by the provider from a prefix, or made by the engine.

        Args:
            properties: those that may hold the name. A prefix is in the property of the same name with `Prefix`.
        """
        if given := self.text(*properties):
            return given
        prefix = self.text(*(f"{name}Prefix" for name in properties))
        return f"{prefix}{_CREATED}{self.hex(8, 'prefix')}" if prefix else self.autoname()

    def autoname(self, longest: int = 60) -> str:
        """The name that the engine makes where the program sets none: logical name and seven digits."""
        return f"{self.name[: longest - 8]}-{self.hex(7, 'autoname')}"
