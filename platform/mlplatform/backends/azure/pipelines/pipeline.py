"""A pipeline in the machine learning workspace: clusters, versions of images and programs, and the request of a run."""

from __future__ import annotations

import json
from dataclasses import dataclass

from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.pipelines.assets import make_versions
from mlplatform.backends.azure.pipelines.clusters import shared_cluster
from mlplatform.backends.azure.pipelines.service import meaning_in, service_for
from mlplatform.backends.azure.registry.parts import AzureImages, AzureModels
from mlplatform.components.base import native
from mlplatform.components.pipeline import PipelineNeeds, PipelineParts
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.pipelines.forms import azureml
from mlplatform.spec.pipelines import PipelineSpec

_RUN = "RUN"


@dataclass(frozen=True, kw_only=True)
class AzurePipeline(PipelineParts):
    """A pipeline of the workspace."""

    models: ModelRegistry
    """The workspace that runs it."""

    variable: str
    """Environment variable in which the door finds the request of a run."""

    request: str
    """The request, JSON."""


def build(scope: Scope, spec: PipelineSpec, needs: PipelineNeeds) -> AzurePipeline:
    """Make what a run of one pipeline starts from; the run itself is a request, which the door sends."""
    backend = scope.context.backend
    models, identity = native(needs.models.parts, AzureModels), native(needs.identity.parts, AzureIdentity)
    parts = azureml.parts(meaning_in(backend, scope.spec, spec), service_for(backend, scope.spec, spec), _RUN)
    clusters = [shared_cluster(models, identity, machine, nodes) for machine, nodes in parts.clusters]
    images = native(needs.images.parts, AzureImages)
    versions = make_versions(scope, models, parts, [*models.ready, *images.ready])
    variable = f"MLPLATFORM_RUN_{spec.name.replace('-', '_').upper()}"
    jobs = parts.run.path.removesuffix(f"/{_RUN}")
    return AzurePipeline(
        models=needs.models,
        variable=variable,
        request=json.dumps(parts.run.body, sort_keys=True, ensure_ascii=False),
        start={"jobs": jobs, "request": variable},
        ready=(versions, *clusters),
    )
