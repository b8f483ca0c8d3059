"""Physical names of GCP and the length that each kind of resource allows. Imports no SDK."""

from __future__ import annotations

import re

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name, short_hash
from mlplatform.spec.platform import PlatformSpec

_OTHERS = re.compile(r"[^a-z0-9]+")
"""Characters that no physical name has."""

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

DATABASE_NAME = 67
"""Cloud SQL instances: 98 characters together with the project's id, which has up to 30, and a colon."""

LOG = 100
"""Log buckets, sinks, log-based metrics."""

LONG = 255
"""Topics, subscriptions, secrets, display names."""


def lasting_name(spec: PlatformSpec, target: GcpTarget, role: str, limit: int) -> str:
    """A name that cannot be used again after a destroy, so it carries the target's incarnation."""
    return physical_name(spec, "-".join(part for part in (role, target.incarnation) if part), limit)


def bucket_name(spec: PlatformSpec, target: GcpTarget, role: str) -> str:
    """A bucket's name, globally unique because it ends in a hash of the project's number."""
    suffix = f"-{short_hash(target.project_number)}"
    return f"{physical_name(spec, role, COMPUTE - len(suffix))}{suffix}"


def secrets_prefix(spec: PlatformSpec, namespace: str) -> str:
    """Beginning of the names of a namespace's secrets in Secret Manager. It ends in a character that no namespace has:
    otherwise a team would read the secrets of another whose name begins alike."""
    return f"{physical_name(spec, namespace, COMPUTE)}_"


def member_name(name: str) -> str:
    """Member of a grant to a person or group: an e-mail address alone is a group's."""
    return name if ":" in name else f"group:{name}"


def slug(text: str) -> str:
    """A text as part of a logical name, reduced to lower-case letters, digits and hyphens."""
    return _OTHERS.sub("-", text.lower()).strip("-")


def rbac_subject(person: str) -> tuple[str, str]:
    """How Kubernetes names a member of IAM: as a user or a group."""
    if "://" in person:  # of a workforce pool
        return ("user" if person.startswith("principal:") else "group"), person
    kind, _, name = person.rpartition(":")
    return kind or "group", name
