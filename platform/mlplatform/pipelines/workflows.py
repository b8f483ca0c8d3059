"""Pipelines in the layer inside the cluster: a template of Argo for each, from which runs are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from mlplatform import discovery
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.argo import StoreLocation
from mlplatform.cluster.objects.jobs import JobSet
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.pipelines.forms import argo
from mlplatform.pipelines.meaning import Task
from mlplatform.pipelines.pods import mounted_path, step_gang, step_pod, store_places
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE


def workflow_items(layer: LayerContext, location: Callable[[str], StoreLocation]) -> Iterator[LayerItem]:
    """The template of each pipeline that Argo runs.

    Args:
        layer: of the target.
        location: a folder of the store as Argo reads it on this cloud.
    """
    backend = discovery.backend(layer.spec.targets[0].cloud)

    def pod(task: Task) -> PodTemplate:
        mounts: tuple[Place, ...] = ("pipelines",) if task.checkpoint else ()
        return step_pod(layer, task, mounts, container=argo.MAIN)

    def gang(task: Task, command: argo.Command) -> JobSet:
        return step_gang(layer, task, command, {"pipelines", *store_places(layer, task)})

    service = argo.ArgoService(
        namespace=PIPELINES_NAMESPACE,
        account=PIPELINES_NAMESPACE,
        pod=pod,
        location=location,
        folder=partial(mounted_path, layer),
        pipelines=backend.place_uri(layer.spec, "pipelines"),
        gang=gang,
    )
    for pipeline in layer.spec.pipelines:
        if pipeline.engine == "cluster":
            yield LayerItem(
                role=template_role(pipeline.name),
                stage="pipelines",
                body=argo.emit(meaning_on(backend, layer.spec, pipeline), service),
            )


def template_role(pipeline: str) -> str:
    """Name of a pipeline's template in the layer's stack."""
    return f"pipeline-{pipeline}"
