"""A pipeline for an Airflow that exists: its file, whose steps are pods on the training cluster."""

from __future__ import annotations

from functools import partial

from mlplatform import discovery
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.images.mirror import pulled_text
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.cluster.parts.mounts import folder_of
from mlplatform.pipelines.forms import airflow
from mlplatform.pipelines.meaning import FromStore, Task
from mlplatform.pipelines.pods import mounted_path, step_pod
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.mounts import MOUNT_PLACES
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
        uris = [source.uri for source in task.inputs.values() if isinstance(source, FromStore)]
        places: set[Place] = {
            "pipelines",
            *(place for uri in uris for place in MOUNT_PLACES if _is_in(folder(uri), place)),
        }
        return step_pod(layer, task, places, container=airflow.CONTAINER)

    service = airflow.AirflowService(
        namespace=PIPELINES_NAMESPACE, pod=pod, folder=folder, runs=f"{folder_of('pipelines')}/runs"
    )
    meaning = meaning_on(backend, layer.spec, pipeline, image=partial(pulled_text, layer.spec))
    return airflow.emit(meaning, service)


def _is_in(path: str, place: Place) -> bool:
    return path.startswith(f"{folder_of(place)}/")
