"""People on GKE who run jobs in the platform's own namespace."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.gcp.naming import rbac_subject
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.objects.rbac import Subject
from mlplatform.components.narrowed import target_of
from mlplatform.spec.access import JOB_ROLES
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> tuple[Subject, ...]:
    """Them as IAM names them; groups must be in the target's security group."""
    people = target_of(spec, GcpTarget).people
    members = dict.fromkeys(person for role in JOB_ROLES for person in people.get(role, ()))
    return as_subjects(tuple(members))


def as_subjects(members: Sequence[str]) -> tuple[Subject, ...]:
    """Members of IAM as RBAC names them, which compares every letter: Google's tokens have addresses in lower case."""
    return tuple(
        Subject(kind="User" if kind == "user" else "Group", name=name if "://" in name else name.lower())
        for kind, name in map(rbac_subject, members)
    )
