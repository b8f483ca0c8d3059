"""People on AKS who run jobs in the platform's own namespace."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.cluster.objects.rbac import Subject
from mlplatform.components.narrowed import target_of
from mlplatform.spec.access import JOB_ROLES
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> tuple[Subject, ...]:
    """Their groups. Azure's role for writers knows no kinds of the job engines, so RBAC gives those rights."""
    people = target_of(spec, AzureTarget).people
    return as_subjects(tuple(dict.fromkeys(group for role in JOB_ROLES for group in people.get(role, ()))))


def as_subjects(groups: Sequence[str]) -> tuple[Subject, ...]:
    """Entra's groups by their object ids, https://learn.microsoft.com/azure/aks/azure-ad-rbac"""
    # tokens have them in lower case, and RBAC compares every letter
    return tuple(Subject(kind="Group", name=group.lower()) for group in groups)
