"""Images as they are pulled: through the platform's own registry where it caches their public one."""

from __future__ import annotations

import pulumi

from mlplatform.backends.azure.registry.image_registry import CACHES
from mlplatform.backends.azure.registry.parts import AzureImages
from mlplatform.backends.azure.serving import servers
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.registry import ImageRegistry


def pulled(scope: Scope, images: ImageRegistry, reference: str) -> pulumi.Output[str]:
    """The address an image is pulled from."""
    registry = servers.host(reference)
    for upstream in scope.spec.registry.pull_through:
        if upstream == registry:
            path = reference.removeprefix(f"{registry}/")
            return pulumi.Output.concat(native(images.parts, AzureImages).login_server, f"/{CACHES[upstream]}/{path}")
    return pulumi.Output.from_input(reference)
