"""Which released version a pipeline's candidates are compared with. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.backend import Backend
from mlplatform.components.releases import releases_of
from mlplatform.fast.record import record
from mlplatform.similar import nearest_names
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_names import split_model
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


@record()
class Champion:
    """The version of a model that is released."""

    version: str
    """Its version."""

    uri: str | None
    """Address of the folder with its files; None where its image holds them."""


def champion_of(spec: PlatformSpec, pipeline: PipelineSpec) -> Champion | None:
    """The released version of a pipeline's model: of the variant with the most traffic, of these the first.

    Args:
        spec: narrowed to one target, with its record.
        pipeline: one of its pipelines.

    Returns:
        None where nothing is released, or no endpoint or more than one could be meant.
    """
    served = _served(spec, pipeline)
    if pipeline.endpoint is not None:
        served = [endpoint for endpoint in served if endpoint.name == pipeline.endpoint]
    if len(served) != 1:
        return None
    releases = releases_of(spec, served[0].name)
    for variant in sorted(served[0].all_variants(), key=lambda each: -each.traffic_percent):
        release = releases.get(variant.name)
        if release and release.model == pipeline.model and release.version:
            return Champion(release.version, release.artifact)
    return None


def champion_problems(spec: PlatformSpec, pipeline: PipelineSpec, path: str, backend: Backend) -> Iterator[Problem]:
    """An endpoint that does not serve the model, and a released version that nobody can tell.

    Args:
        spec: narrowed to one target.
        pipeline: one of its pipelines.
        path: its field path.
        backend: the target's cloud.
    """
    names = [endpoint.name for endpoint in _served(spec, pipeline)]
    wanted = f"an endpoint of the target that serves {pipeline.model}: {', '.join(names) or 'there is none'}"
    at = f"{path}.endpoint"
    if pipeline.endpoint is not None and pipeline.endpoint not in names:
        near = nearest_names(pipeline.endpoint, names)
        others = "use one of these names" if names else f"set model: {pipeline.model} there"
        fix = f"write {near[0]}" if near else others
        yield backend.refuse(at, f"'{pipeline.endpoint}'", wanted, fix, fields=("endpoints",))
    elif pipeline.endpoint is None and pipeline.reads_released and len(names) != 1:
        fix = f"write for example {names[0]}" if names else "add the endpoint, or read no released model"
        yield backend.refuse(at, "none, and a step reads the released model", wanted, fix, fields=("endpoints",))


def _served(spec: PlatformSpec, pipeline: PipelineSpec) -> list[EndpointSpec]:
    """Endpoints that serve the model, other than to a shadow alone."""
    return [
        endpoint
        for endpoint in spec.endpoints
        if any(each.model and split_model(each.model)[0] == pipeline.model for each in endpoint.all_variants())
    ]
