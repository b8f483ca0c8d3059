"""Outputs of pipelines for their door."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.components.pipeline import PipelineParts


@dataclass(frozen=True, kw_only=True)
class GcpPipeline(PipelineParts):
    """A pipeline on Vertex AI."""

    models: GcpModels
    """What all pipelines share: the bucket of definitions, agents, keys."""
