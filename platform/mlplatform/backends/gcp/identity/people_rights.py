"""Rights of people's roles in the project itself; data, images and endpoints are granted separately."""

from __future__ import annotations

from pulumi_gcp import logging, projects

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.naming import slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.telemetry.parts import GcpTelemetry
from mlplatform.components.base import native
from mlplatform.components.scope import Scope
from mlplatform.spec.access import Role

RIGHTS: dict[Role, tuple[str, ...]] = {
    "data-scientist": (
        "roles/container.clusterViewer",
        # what one may change in the training namespace is a role binding inside the cluster
        "roles/container.viewer",
        "roles/logging.viewer",
        "roles/monitoring.viewer",
    ),
    "ml-engineer": (
        "roles/container.developer",
        "roles/logging.viewer",
        "roles/monitoring.viewer",
        "roles/run.viewer",
    ),
    "data-engineer": (
        "roles/container.clusterViewer",
        "roles/container.viewer",
        "roles/logging.viewer",
        "roles/monitoring.viewer",
    ),
    "operator": (
        "roles/cloudquotas.viewer",
        # roles/container.clusterAdmin manages clusters and may not touch anything inside them
        "roles/container.admin",
        "roles/logging.viewer",
        "roles/monitoring.editor",
        "roles/run.viewer",
    ),
    "auditor": (
        "roles/cloudasset.viewer",
        "roles/container.viewer",
        "roles/iam.securityReviewer",
        "roles/logging.privateLogViewer",
        "roles/monitoring.viewer",
    ),
    "domain-expert": ("roles/monitoring.viewer",),
}
"""Predefined roles; none of them reads objects, and none is basic (owner, editor, viewer)."""

_LOGS = "roles/logging.viewer"
"""Shows only the project's default log bucket; the platform has its own.
https://docs.cloud.google.com/logging/docs/access-control"""


def grant_people_rights(scope: Scope, role: Role, identity: GcpIdentity, foundation: GcpFoundation) -> None:
    """Grant a role's rights in the project to everyone who holds it."""
    for right in RIGHTS[role]:
        grant_right(scope, right, identity, foundation)
    if _LOGS in RIGHTS[role]:
        _grant_logs(scope, identity)


def grant_right(scope: Scope, right: str, people: GcpIdentity, foundation: GcpFoundation) -> None:
    """Grant a role in the project to everyone of some people, by a name that says the role and who has it."""
    for grantee in people.members:
        people.grants.append(
            projects.IAMMember(
                scope.child(f"{slug(right.removeprefix('roles/'))}-{grantee.label}"),
                project=scope.target(GcpTarget).project,
                role=right,
                member=grantee.member,
                opts=scope.opts(depends_on=foundation.after("iam")),
            )
        )


def _grant_logs(scope: Scope, identity: GcpIdentity) -> None:
    view = native(scope.context.telemetry.parts, GcpTelemetry).log_view
    for grantee in identity.members:
        identity.grants.append(
            logging.LogViewIamMember(
                scope.child(f"work-logs-{grantee.label}"),
                parent=view.parent,
                location=view.location,
                bucket=view.bucket,
                name=view.name,
                role="roles/logging.viewAccessor",
                member=grantee.member,
                opts=scope.opts(),
            )
        )
