"""Service accounts of workloads and CI, and the groups of people: without keys, and without rights until granted."""

from __future__ import annotations

import pulumi
from pulumi_gcp import serviceaccount

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.identity.ci_trust import trust_ci
from mlplatform.backends.gcp.identity.parts import GcpIdentity, GcpMember
from mlplatform.backends.gcp.identity.people_rights import grant_people_rights
from mlplatform.backends.gcp.naming import ACCOUNT, member_name, slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.foundation import Foundation
from mlplatform.components.identity import Purpose
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.access import ROLES


def build(scope: Scope, purpose: Purpose, foundation: Foundation) -> GcpIdentity:
    """Build the service account, or name the groups that the target binds to the role."""
    services = native(foundation.parts, GcpFoundation)
    short = scope.name.removeprefix(f"{scope.context.prefix}-").removesuffix("-identity")
    if purpose in ROLES:
        members = tuple(
            GcpMember(member=member_name(name), label=slug(name))
            for name in scope.target(GcpTarget).people.get(purpose, ())
        )
        if not members:
            raise ValueError(f"an identity for {purpose} needs groups in people of the target")
        people = GcpIdentity(
            principal=pulumi.Output.from_input(members[0].member),
            account=None,
            account_name=None,
            email=None,
            short=short,
            members=members,
        )
        grant_people_rights(scope, purpose, people, services)
        return people
    identity = make_account(scope, short, services)
    if purpose == "ci" and identity.account:
        trust_ci(scope, identity.account, services)
    return identity


def make_account(scope: Scope, short: str, services: GcpFoundation) -> GcpIdentity:
    """Create a service account without rights.

    Args:
        scope: the identity's.
        short: its logical name without the platform's.
        services: the project's services, of which IAM comes first.
    """
    account = serviceaccount.Account(
        scope.child("account"),
        project=scope.target(GcpTarget).project,
        account_id=physical_name(scope.spec, short, ACCOUNT),
        display_name=f"{platform_name(scope.spec, ' ')}: {short}",
        opts=scope.opts(depends_on=services.after("iam")),
    )
    return GcpIdentity(
        principal=account.member,
        account=account,
        account_name=account.name,
        email=account.email,
        short=short,
        members=(GcpMember(member=account.member, label=""),),
    )
