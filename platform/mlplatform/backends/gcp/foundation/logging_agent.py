"""The account through which Cloud Logging uses a key."""

from __future__ import annotations

import pulumi
from pulumi_gcp import logging

from mlplatform.components.context import Scope


def logging_agent(scope: Scope, project: str, service: pulumi.Resource) -> pulumi.Output[str]:
    """How grants name it; only the API knows it, as projects of different age have different ones.

    https://docs.cloud.google.com/logging/docs/routing/managed-encryption-storage
    """
    settings = logging.get_project_cmek_settings_output(
        project=project, opts=pulumi.InvokeOutputOptions(parent=scope.component, depends_on=[service])
    )
    return settings.apply(lambda found: f"serviceAccount:{found.service_account_id}")
