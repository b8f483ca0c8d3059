"""Physical names that follow Azure's naming rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal
from uuid import UUID, uuid5

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.names import cut_name, platform_name, short_hash
from mlplatform.components.narrowed import target_of
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec

_HYPHENS = re.compile("-+")

NameKind = Literal[
    "resource-group",
    "identity",
    "credential",
    "network",
    "private-endpoint",
    "vault",
    "storage-account",
    "registry",
    "task",
    "cluster",
    "node-pool",
    "node-group",
    "file-system",
    "disk-encryption-set",
    "log-workspace",
    "app-insights",
    "metric-workspace",
    "collection",
    "grafana",
    "action-group",
    "logic-app",
    "alert",
    "ml-workspace",
    "ml-endpoint",
    "app-environment",
    "app",
    "budget",
    "event-topic",
    "setting",
    "database",
    "redis",
]
"""The kind of a named resource; decides length, alphabet and where the name must be unique."""


@record()
class NamingRule:
    """Azure's rule for the names of one kind of resource."""

    limit: int
    """Largest number of characters."""

    dashes: bool = True
    """Whether hyphens are allowed."""

    globally_unique: bool = False
    """Whether the name must be unique beyond the resource group: globally, or in the region."""


RULES: Mapping[NameKind, NamingRule] = MappingProxyType(
    {
        "resource-group": NamingRule(90),
        "identity": NamingRule(128),
        "credential": NamingRule(120),
        "network": NamingRule(80),
        "private-endpoint": NamingRule(64),
        "vault": NamingRule(24, globally_unique=True),
        "storage-account": NamingRule(24, dashes=False, globally_unique=True),
        "registry": NamingRule(50, dashes=False, globally_unique=True),
        "task": NamingRule(50),
        "cluster": NamingRule(54),
        "node-group": NamingRule(80),
        "node-pool": NamingRule(12, dashes=False),
        "file-system": NamingRule(80),
        "disk-encryption-set": NamingRule(80),
        "log-workspace": NamingRule(63),
        "app-insights": NamingRule(255),
        "metric-workspace": NamingRule(44),
        "collection": NamingRule(44),
        "grafana": NamingRule(23, globally_unique=True),
        "action-group": NamingRule(260),
        "logic-app": NamingRule(43),
        "alert": NamingRule(128),
        "ml-workspace": NamingRule(33, globally_unique=True),
        "ml-endpoint": NamingRule(32, globally_unique=True),
        "app-environment": NamingRule(60),
        "app": NamingRule(32),
        "budget": NamingRule(63),
        "event-topic": NamingRule(50),
        "setting": NamingRule(64),
        "database": NamingRule(63, globally_unique=True),
        "redis": NamingRule(60, globally_unique=True),
    }
)
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules

A cluster's name is also its DNS prefix, which has 54 characters.
"""

_NAMESPACE = UUID("6d6c706c-6174-5f6f-a26d-617a75726531")
_HASH = 6


def name_hash(text: str) -> str:
    """Six hexadecimal digits that stand for a text."""
    return short_hash(text, _HASH)


def shorten_name(text: str, limit: int) -> str:
    """The text, or its beginning and a hash of the whole where it is longer than the limit."""
    return cut_name(text, limit, hash_length=_HASH, joint="-" if "-" in text else "")


def physical_name(spec: PlatformSpec, kind: NameKind, role: str) -> str:
    """`{platform_name}-{role}` as Azure accepts it for this kind.

    Args:
        spec: the platform, narrowed to its Azure target.
        kind: kind of the resource.
        role: distinguishes it from others of its kind in the platform.

    Names that must be unique beyond the platform end in a hash of subscription, platform, environment, the
    target's name and its `incarnation`, because the name of a deleted vault or workspace stays taken.
    """
    rule = RULES[kind]
    name = _HYPHENS.sub("-", f"{platform_name(spec)}-{role}".lower()).strip("-")
    joint = "-" if rule.dashes else ""
    name = name if rule.dashes else name.replace("-", "")
    if not rule.globally_unique:
        return shorten_name(name, rule.limit)
    ending = name_hash(f"{_unique_prefix(spec)}/{role}")
    return f"{name[: rule.limit - _HASH - len(joint)].rstrip('-')}{joint}{ending}"


def pool_name(role: str, content: str = "") -> str:
    """A node pool's name, at most 12 lower-case letters and digits.

    With content, the name changes with it: for pools that can only be replaced.
    """
    if not content:
        return shorten_name(role.replace("-", ""), RULES["node-pool"].limit)
    return f"{role.replace('-', '')[:8]}{name_hash(f'{role}/{content}')[:4]}"


def short_name(role: str) -> str:
    """Prefix of an action group's messages, at most 12 characters."""
    return role[:12]


def guid(spec: PlatformSpec, *labels: str) -> str:
    """A stable GUID for labels in this platform, for resources that Azure names by GUID."""
    return str(uuid5(_NAMESPACE, "/".join((_unique_prefix(spec), *labels))))


def _unique_prefix(spec: PlatformSpec) -> str:
    target = target_of(spec, AzureTarget)
    return f"{target.subscription_id}/{platform_name(spec, '/')}/{target.incarnation}"
