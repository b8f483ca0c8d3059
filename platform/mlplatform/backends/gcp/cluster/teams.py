"""The members of a team on GKE, and where pods get credentials."""

from __future__ import annotations

from mlplatform.backends.gcp.cluster.people import as_subjects
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.people_facts import TeamAccess
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.teams import TeamSpec

SERVERS = (("169.254.169.252", 988), ("169.254.169.254", 80))
"""GKE's metadata server, the second with its Dataplane V2,
https://docs.cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#network-policy"""


def build(spec: PlatformSpec, team: TeamSpec) -> TeamAccess:
    """The members as IAM names them; groups must be in the target's security group."""
    members = target_of(spec, GcpTarget).members.get(team.name, ())
    return TeamAccess(
        subjects=as_subjects(members),
        identity_servers=SERVERS,
    )
