"""Service accounts that read the secrets of one namespace."""

from __future__ import annotations

from pulumi_gcp import projects

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.identity.identity import make_account
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.naming import secrets_prefix
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.cluster import ClusterApi
from mlplatform.components.foundation import Foundation
from mlplatform.components.scope import Scope


def build(scope: Scope, namespace: str, api: ClusterApi, foundation: Foundation) -> GcpIdentity:
    """Create the account, with the right to read secrets whose names begin as the namespace's do."""
    del api
    target, prefix = scope.target(GcpTarget), secrets_prefix(scope.spec, namespace)
    services = native(foundation.parts, GcpFoundation)
    short = scope.name.removeprefix(f"{scope.context.prefix}-")
    identity = make_account(scope, short, services)
    identity.grants.append(
        projects.IAMMember(
            scope.child("read"),
            project=target.project,
            role="roles/secretmanager.secretAccessor",
            member=identity.principal,
            # names of secrets hold the project's number, https://docs.cloud.google.com/iam/docs/conditions-resource-attributes
            condition=projects.IAMMemberConditionArgs(
                title=f"secrets of {namespace}",
                expression=f'resource.name.startsWith("projects/{target.project_number}/secrets/{prefix}")',
            ),
            opts=scope.opts(depends_on=services.after("secretmanager")),
        )
    )
    scope.note(
        "cluster.addons",
        f"an ExternalSecret in {namespace} reads the secrets of Secret Manager whose names begin with {prefix}: make "
        "them there",
    )
    return identity
