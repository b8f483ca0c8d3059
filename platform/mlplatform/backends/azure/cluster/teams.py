"""The members of a team on AKS. Pods get credentials from Entra itself, by HTTPS."""

from __future__ import annotations

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.cluster.facts import TeamAccess
from mlplatform.cluster.objects.rbac import Subject
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.teams import TeamSpec


def build(spec: PlatformSpec, team: TeamSpec) -> TeamAccess:
    """Entra's groups by their object ids, https://learn.microsoft.com/azure/aks/azure-ad-rbac"""
    groups = target_of(spec, AzureTarget).members.get(team.name, ())
    # tokens have them in lower case, and RBAC compares every letter
    return TeamAccess(subjects=tuple(Subject(kind="Group", name=group.lower()) for group in groups))
