"""Who applies the layer inside the cluster: CI's identity of deployments, which the bootstrap made."""

from __future__ import annotations

import pulumi
from pulumi_gcp import projects

from mlplatform.backends.gcp.naming import ACCOUNT
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope

_ROLE = "roles/container.admin"
"""It makes roles, kinds and webhooks: no lesser role may, https://docs.cloud.google.com/iam/docs/roles-permissions/container"""


def admit_deployer(scope: Scope, after: tuple[pulumi.Resource, ...]) -> None:
    """Let CI's deployments use the cluster's API. Previews may not: they would read the secrets of every release."""
    project = scope.target(GcpTarget).project
    account = f"{physical_name(scope.spec, 'deploy', ACCOUNT)}@{project}.iam.gserviceaccount.com"
    projects.IAMMember(
        scope.child("access-deploy"),
        project=project,
        role=_ROLE,
        member=f"serviceAccount:{account}",
        opts=scope.opts(depends_on=after),
    )
