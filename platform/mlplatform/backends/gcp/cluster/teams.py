"""The members of a team on GKE, and where pods get credentials."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import rbac_subject
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.facts import TeamAccess
from mlplatform.cluster.objects.rbac import Subject
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
        subjects=tuple(
            # RBAC compares every letter, and Google's tokens have addresses in lower case
            Subject(kind="User" if kind == "user" else "Group", name=name if "://" in name else name.lower())
            for kind, name in map(rbac_subject, members)
        ),
        identity_servers=SERVERS,
    )
