"""The provider of one subscription."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import Provider

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.context import Context
from mlplatform.components.narrowed import typed_target


def build(context: Context) -> pulumi.ProviderResource:
    """The provider of the target's subscription; credentials come from the environment (Azure CLI, OIDC)."""
    target = typed_target(context.target, AzureTarget)
    return Provider(
        f"{context.prefix}-azure",
        subscription_id=target.subscription_id,
        tenant_id=target.tenant_id,
        location=target.location,
    )
