"""A platform's pipelines with what they mean there: from the spec, without an account and without a cloud's SDK."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform.components.backend import Backend
from mlplatform.components.champion import champion_of
from mlplatform.pipelines.meaning import Meaning, Surroundings, meaning_of
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.order import in_order
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec


def meaning_on(
    backend: Backend, spec: PlatformSpec, pipeline: PipelineSpec, *, image: Callable[[str], str] = str
) -> Meaning:
    """What a pipeline means on a target, whatever the order of its lists.

    Args:
        backend: the cloud.
        spec: narrowed to the target.
        pipeline: one of its pipelines.
        image: an image as the nodes pull it. Omitted: as the spec names it.
    """

    def uri(place: Place, path: str) -> str:
        return f"{backend.place_uri(spec, place)}/{path}"

    surroundings = Surroundings(
        uri=uri, image=image, released=champion_of(spec, pipeline), record=backend.record_uri(spec)
    )
    return meaning_of(in_order(pipeline), surroundings)


def cost_note(pipeline: PipelineSpec, usd: float | None) -> str:
    """What a run costs at most, in words.

    Args:
        pipeline: the pipeline.
        usd: when each step takes all its attempts and all its time; None where a price is not known.
    """
    if usd is None:
        return "nobody knows what a run costs at most: the catalogue lacks the price of a machine"
    bound = f", of {pipeline.max_usd_per_run:g} that max_usd_per_run allows" if pipeline.max_usd_per_run else ""
    return f"a run costs at most {usd:.2f} USD of machines{bound}"
