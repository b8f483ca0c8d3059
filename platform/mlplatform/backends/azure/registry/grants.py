"""Access to images and to models: a role on the registry, a role on the workspace."""

from __future__ import annotations

from typing import Literal

import pulumi

from mlplatform.backends.azure.foundation.roles import RoleName
from mlplatform.backends.azure.identity.grants import grant_role
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope


def grant_images(
    scope: Scope, registry_id: pulumi.Output[str], identity: Identity, access: Literal["pull", "push"]
) -> None:
    """Grant a role on the registry: Azure has one role assignment for all of its repositories."""
    role: RoleName = "acr-push" if access == "push" else "acr-pull"
    grant_role(scope, "images", role, on=registry_id, to=identity)
