"""The service account of a team's jobs, and the groups of its members."""

from __future__ import annotations

import pulumi

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.identity.identity import make_account
from mlplatform.backends.gcp.identity.parts import GcpIdentity, GcpMember
from mlplatform.backends.gcp.identity.people_rights import grant_right
from mlplatform.backends.gcp.naming import member_name, slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.foundation import Foundation
from mlplatform.components.scope import Scope
from mlplatform.components.team import Whose
from mlplatform.spec.teams import TeamSpec

_FIND = "roles/container.clusterViewer"
"""May find the cluster and connect to it, and see nothing inside: RBAC gives the rest,
https://docs.cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control#iam-rolebinding-bootstrap"""


def build(scope: Scope, team: TeamSpec, whose: Whose, foundation: Foundation) -> GcpIdentity:
    """Create the account, or let the members find the cluster."""
    services = native(foundation.parts, GcpFoundation)
    short = scope.name.removeprefix(f"{scope.context.prefix}-")
    if whose == "jobs":
        return make_account(scope, short, services)
    members = tuple(
        GcpMember(member=member_name(name), label=slug(name)) for name in scope.target(GcpTarget).members[team.name]
    )
    people = GcpIdentity(
        principal=pulumi.Output.from_input(members[0].member),
        account=None,
        account_name=None,
        email=None,
        short=short,
        members=members,
    )
    grant_right(scope, _FIND, people, services)
    return people
