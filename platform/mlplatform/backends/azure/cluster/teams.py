"""The members of a team on AKS. Pods get credentials from Entra itself, by HTTPS."""

from __future__ import annotations

from mlplatform.backends.azure.cluster.people import as_subjects
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.cluster.people_facts import TeamAccess
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.teams import TeamSpec


def build(spec: PlatformSpec, team: TeamSpec) -> TeamAccess:
    """The team's groups of Entra."""
    return TeamAccess(subjects=as_subjects(target_of(spec, AzureTarget).members.get(team.name, ())))
