"""People on EKS who run jobs in the platform's own namespace."""

from __future__ import annotations

from mlplatform.backends.aws.naming import JOBS_GROUP
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.objects.rbac import Subject
from mlplatform.components.narrowed import target_of
from mlplatform.spec.access import JOB_ROLES
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> tuple[Subject, ...]:
    """The group that the access entries of their roles put them in."""
    people = target_of(spec, AwsTarget).people
    return (Subject(kind="Group", name=JOBS_GROUP),) if any(people.get(role) for role in JOB_ROLES) else ()
