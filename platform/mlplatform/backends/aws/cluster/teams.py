"""The members of a team on EKS, and where pods get credentials."""

from __future__ import annotations

from mlplatform.backends.aws.naming import team_group
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.objects.rbac import Subject
from mlplatform.cluster.people_facts import TeamAccess
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.teams import TeamSpec

AGENT = "169.254.170.23"
"""Address of EKS' Pod Identity Agent on each node, https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html"""


def build(spec: PlatformSpec, team: TeamSpec) -> TeamAccess:
    """The group that the access entry of the members' role puts them in."""
    named = target_of(spec, AwsTarget).members.get(team.name)
    return TeamAccess(
        subjects=(Subject(kind="Group", name=team_group(team)),) if named else (),
        identity_servers=((AGENT, 80),),
    )
