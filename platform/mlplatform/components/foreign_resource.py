"""A resource that another tool manages, as its state has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from mlplatform.fast.record import record


@record(kw_only=True)
class ForeignResource:
    """One instance of a resource of Terraform or OpenTofu."""

    address: str
    """Its address: `module.vpc.aws_subnet.private[0]`."""

    type: str
    """Its type: `aws_subnet`."""

    values: Mapping[str, object]
    """Its attributes, without those that are sensitive."""

    hidden: frozenset[str] = frozenset()
    """Names of its sensitive attributes."""

    @property
    def without_index(self) -> str:
        """The address of all instances of the resource."""
        return re.sub(r"\[[^]]*\]$", "", self.address)

    def text(self, name: str) -> str:
        """An attribute that is a text; empty where it is none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of an attribute that is a list."""
        value = self.values.get(name)
        items = cast("list[object]", value) if isinstance(value, list) else []
        return tuple(item for item in items if isinstance(item, str))

    def blocks(self, name: str) -> tuple[Mapping[str, object], ...]:
        """The blocks of one name: a list of objects, or a single one."""
        value = self.values.get(name)
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        return tuple(cast("Mapping[str, object]", item) for item in items if isinstance(item, dict))

    def inner(self, block: str, name: str) -> str:
        """A text of the first block of one name; empty where there is none."""
        blocks = self.blocks(block)
        value = blocks[0].get(name) if blocks else None
        return value if isinstance(value, str) else ""
