"""Vertex AI's service, which jobs and endpoints enable on their first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_gcp import projects

from mlplatform.backends.gcp.foundation.foundation import enable_service

if TYPE_CHECKING:
    from mlplatform.backends.gcp.registry.parts import GcpModels


def ensure_vertex_service(models: GcpModels) -> projects.Service:
    """Vertex AI enabled in the project, built on first use."""
    after = models.keys.foundation.after("cloudresourcemanager")
    return models.share(projects.Service, lambda: enable_service(models.scope, "aiplatform", after=after))
