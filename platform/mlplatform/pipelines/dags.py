"""A pipeline for an Airflow that exists: its file, whose steps are pods on the training cluster."""

from __future__ import annotations

from functools import partial

from mlplatform import discovery
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.images.mirror import pulled_text
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.cluster.parts.mounts import folder_of
from mlplatform.pipelines.forms import airflow
from mlplatform.pipelines.meaning import Task
from mlplatform.pipelines.pods import mounted_path, step_pod, store_places
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE, PipelineSpec


def dag_text(layer: LayerContext, pipeline: PipelineSpec) -> str:
    """The file.

    Args:
        layer: of the pipeline's target.
        pipeline: with engine `airflow`; validated.
    """
    backend = discovery.backend(layer.spec.targets[0].cloud)
    folder = partial(mounted_path, layer)

    def pod(task: Task) -> PodTemplate:
        return step_pod(layer, task, {"pipelines", *store_places(layer, task)}, container=airflow.CONTAINER)

    service = airflow.AirflowService(
        namespace=PIPELINES_NAMESPACE, pod=pod, folder=folder, runs=f"{folder_of('pipelines')}/runs"
    )
    meaning = meaning_on(backend, layer.spec, pipeline, image=partial(pulled_text, layer.spec))
    return airflow.emit(meaning, service)
