"""A pipeline for Airflow: its file, whose steps are pods on the training cluster."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from mlplatform import discovery
from mlplatform.cluster.addon_facts import DescribesAirflow
from mlplatform.cluster.airflow.operator import BY_CONNECTION
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.images.mirror import pulled_text
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.cluster.parts.mounts import folder_of
from mlplatform.pipelines.forms import airflow
from mlplatform.pipelines.meaning import Task
from mlplatform.pipelines.pods import mounted_path, step_pod, store_places
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE, PipelineSpec


def dag_files(layer: LayerContext) -> Mapping[str, str]:
    """The files of all pipelines that Airflow runs, by name.

    Args:
        layer: of their target.
    """
    mine = (pipeline for pipeline in layer.spec.pipelines if pipeline.engine == "airflow")
    return {dag_file(pipeline.name): dag_text(layer, pipeline) for pipeline in mine}


def dag_file(pipeline: str) -> str:
    """Name of a pipeline's file.

    Args:
        pipeline: name of the pipeline.
    """
    return f"{pipeline.replace('-', '_')}.py"


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

    managed = layer.spec.cluster is not None and layer.spec.cluster.managed_airflow is not None
    service = airflow.AirflowService(
        namespace=PIPELINES_NAMESPACE,
        pod=pod,
        folder=folder,
        runs=f"{folder_of('pipelines')}/runs",
        operator=backend.load(DescribesAirflow)(layer.spec).operator if managed else BY_CONNECTION,
    )
    meaning = meaning_on(backend, layer.spec, pipeline, image=partial(pulled_text, layer.spec))
    return airflow.emit(meaning, service)
