"""What the foundation hands to the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.foundation import FoundationParts


@dataclass(frozen=True, kw_only=True)
class AzureFoundation(FoundationParts):
    """The resource group everything is in."""

    group_name: pulumi.Output[str]
    """Name of the resource group, known beforehand; an output, so that what uses it comes after it."""

    group_id: pulumi.Output[str]
    """Resource id of the resource group."""


def resource_group(scope: Scope) -> AzureFoundation:
    """The platform's resource group."""
    return native(scope.context.foundation.parts, AzureFoundation)
