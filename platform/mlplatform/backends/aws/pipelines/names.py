"""Names of pipelines on SageMaker. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.names import physical_name
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec

_LONGEST = 256
"""PipelineName in the API."""


def pipeline_name(spec: PlatformSpec, pipeline: PipelineSpec) -> str:
    """Name of a pipeline in its account and region, in lower case: SageMaker writes ARNs so."""
    return physical_name(spec, pipeline.name, _LONGEST)
