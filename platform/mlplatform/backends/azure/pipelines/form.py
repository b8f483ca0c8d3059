"""A pipeline as Azure ML runs it on a target. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.pipelines.service import meaning_in, service_for
from mlplatform.components.backend import Backend
from mlplatform.components.pipeline_file import FormFile
from mlplatform.pipelines.forms import azureml
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec

API = "2025-12-01"
"""Version of the management API, the one that the provider's own types have."""


def build(backend: Backend, spec: PlatformSpec, pipeline: PipelineSpec) -> tuple[FormFile, ...]:
    """The requests, for the workspace and the identity that the platform makes.

    Args:
        backend: this cloud.
        spec: narrowed to the target.
        pipeline: one of its pipelines.
    """
    service = service_for(backend, spec, pipeline)
    requests = azureml.emit(meaning_in(backend, spec, pipeline), service, f"{pipeline.name}-manual-1")
    file = f"{pipeline.name}.azureml.json"
    use = (
        f"send each body to its path in this order: az rest --method put --url '<path>?api-version={API}'; the last "
        "one starts a run, and every run needs another name at the end of that path"
    )
    return (FormFile(name=file, text=azureml.text(requests), use=use),)
