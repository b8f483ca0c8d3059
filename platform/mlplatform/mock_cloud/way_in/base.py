"""What the calls of all clouds share: the caller, the refusal, and questions to resources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import cast

from mlplatform.mock_cloud.logins import Granted


class NoWayIn(Exception):
    """A call that does not arrive.

    Args:
        answer: what the failing tool says.
        cause: why, and what is missing.
    """

    def __init__(self, answer: str, cause: str) -> None:
        super().__init__(f"{answer} ({cause})")
        self.answer = answer
        self.cause = cause


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Somebody who calls the API."""

    person: str
    """As the target's `people` name the person or the group."""

    address: str = "198.51.100.7"
    """Address that the call comes from. Omitted: one on the internet that no range contains."""

    inside: bool = False
    """Whether the caller is in the platform's network, or in a hub that is connected to it."""


def of_type(resources: Sequence[Granted], token: str) -> Iterator[Mapping[str, object]]:
    """Inputs of all resources of a type."""
    return (resource.inputs for resource in resources if resource.type == token)


def at(value: object, *path: str) -> object:
    """A nested value; None where it is missing."""
    for key in path:
        value = cast("Mapping[str, object]", value).get(key) if isinstance(value, Mapping) else None
    return value


def items(value: object) -> list[object]:
    """A list; empty for anything else."""
    return list(cast("Sequence[object]", value)) if isinstance(value, list | tuple) else []


def statements(policy: object) -> list[Mapping[str, object]]:
    """The statements of an IAM policy document; none where it is unknown."""
    try:
        body = json.loads(str(policy))
    except ValueError:
        return []
    return cast("list[Mapping[str, object]]", at(body, "Statement") or [])


def contains(ranges: Sequence[object], address: str) -> bool:
    """Whether an address is in one of the ranges."""
    return any(IPv4Address(address) in IPv4Network(str(cidr)) for cidr in ranges)


def option(command: str, name: str) -> str:
    """The value of a command's option; empty where it has none."""
    found = re.search(rf"--{name}[ =](\"[^\"]*\"|'[^']*'|\S+)", command)
    return found[1].strip("\"'") if found else ""
