"""Physical names: one way to cut them, one place for each limit."""

from __future__ import annotations

import re
from hashlib import sha256

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.spec.platform import PlatformSpec

ACCOUNT = 30
"""Service accounts, https://docs.cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/create"""

POOL = 32
"""Workload identity pools and their providers."""

CLUSTER = 40
"""GKE clusters and node pools."""

RUN = 49
"""Cloud Run services."""

COMPUTE = 63
"""Networks, subnets, firewall rules, addresses, policies, repositories, key rings, DNS zones, buckets."""

WORKFLOW = 64
"""Workflows."""

LOG = 100
"""Log buckets, sinks, log-based metrics."""

LONG = 255
"""Topics, subscriptions, secrets, display names."""

_HASH = 8


def digest(text: str, length: int = _HASH) -> str:
    """Hexadecimal digits that stand for a text."""
    return sha256(text.encode()).hexdigest()[:length]


def cut(name: str, limit: int) -> str:
    """The name, or its beginning and a hash of the whole where it is longer than the limit."""
    if len(name) <= limit:
        return name
    return f"{name[: limit - _HASH - 1].rstrip('-')}-{digest(name)}"


def physical(spec: PlatformSpec, role: str, limit: int) -> str:
    """`{platform}-{environment}-{role}`, cut to the limit."""
    return cut("-".join(part for part in (spec.name, spec.environment, role) if part), limit)


def hashed(spec: PlatformSpec, role: str, content: str, limit: int) -> str:
    """A physical name that changes with its content, for what can only be replaced."""
    return f"{physical(spec, role, limit - _HASH - 1)}-{digest(content)}"


def lasting(spec: PlatformSpec, target: GcpTarget, role: str, limit: int) -> str:
    """A name that stays taken after a destroy: it carries the target's incarnation."""
    return physical(spec, "-".join(part for part in (role, target.incarnation) if part), limit)


def bucket_name(spec: PlatformSpec, target: GcpTarget, role: str) -> str:
    """A bucket's name, unique in the world: it ends in a hash of the project's number."""
    suffix = f"-{digest(target.project_number)}"
    return f"{physical(spec, role, COMPUTE - len(suffix))}{suffix}"


def member_name(name: str) -> str:
    """Member of a grant to a person or group: an e-mail address alone is a group's."""
    return name if ":" in name else f"group:{name}"


def slug(text: str) -> str:
    """A text as part of a logical name: lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
