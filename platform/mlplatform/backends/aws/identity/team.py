"""IAM roles of a team: one for its jobs' pods, one that its members take to use the cluster's API."""

from __future__ import annotations

from pulumi_aws import iam

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.identity.identity import PEOPLE_SESSION_SECONDS
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.identity.trust import members_trust, pod_trust
from mlplatform.backends.aws.naming import CLUSTER, ROLE
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.foundation import Foundation
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope
from mlplatform.components.team import ACCOUNT, Whose
from mlplatform.spec.teams import TeamSpec


def build(scope: Scope, team: TeamSpec, whose: Whose, foundation: Foundation) -> AwsIdentity:
    """Create the role. Members may find the cluster; RBAC inside of it decides the rest."""
    target = scope.target(AwsTarget)
    short_name = scope.name.removeprefix(f"{scope.context.prefix}-")
    jobs = whose == "jobs"
    role = iam.Role(
        scope.child("role"),
        name=physical_name(scope.spec, short_name, ROLE),
        description=f"{platform_name(scope.spec, ' ')}: {whose} of the team {team.name}",
        assume_role_policy=pod_trust(target, team.namespace, ACCOUNT) if jobs else members_trust(target, team.name),
        max_session_duration=3600 if jobs else PEOPLE_SESSION_SECONDS,
        tags=scope.tags,
        opts=scope.opts(depends_on=foundation.parts.ready),
    )
    identity = AwsIdentity(principal=role.arn, role_name=role.name, short_name=short_name)
    if not jobs:
        cluster = target.arn("eks", f"cluster/{physical_name(scope.spec, 'cluster', CLUSTER)}")
        find = IamStatement(sid="Cluster", actions=("eks:DescribeCluster",), resources=cluster)
        identity.allow(scope, "find", (find,))
    return identity
