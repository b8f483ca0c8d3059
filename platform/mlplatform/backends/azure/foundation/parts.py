"""Parts of the foundation."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from mlplatform.components.base import native
from mlplatform.components.foundation import FoundationParts
from mlplatform.components.scope import Scope


@dataclass(frozen=True, kw_only=True)
class AzureFoundation(FoundationParts):
    """The resource group that contains everything."""

    group_name: pulumi.Output[str]
    """Name of the resource group, known beforehand; an output, so that its users depend on the group."""

    group_id: pulumi.Output[str]
    """Resource id of the resource group."""


def resource_group(scope: Scope) -> AzureFoundation:
    """The platform's resource group."""
    return native(scope.context.foundation.parts, AzureFoundation)
