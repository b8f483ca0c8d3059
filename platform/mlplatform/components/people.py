"""Rights of people's roles, as grants; a role's rights to see the cloud itself come from the backend."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ImageRegistry, ModelRegistry
from mlplatform.spec.access import Role
from mlplatform.spec.artifact_store import Place

LABELS: tuple[Place, str] = ("data", "labels")
"""The folder in which domain experts write what the truth was. `mlplatform-monitor` reads labels from where it is told,
a training step from its inputs: both are told this folder."""


def grant_people(
    people: Mapping[Role, Identity],
    store: ArtifactStore,
    images: ImageRegistry,
    models: ModelRegistry,
    pipelines: Identity,
) -> None:
    """Least privilege. Nobody here may deploy a model or move traffic: `promote` and a reviewed `up` do.

    - Scientists read data and models, write results, register candidates, and train on the cluster.
    - Engineers also copy new versions to `models`, where they can change none that is there, push images, and start
      pipelines and jobs, which act as the pipelines' identity.
    - Data engineers write data and features.
    - Domain experts read what people sent to the endpoints, what the monitor found, and the cards and verdicts of
      candidates; they write labels, in a folder of their own.
    - Auditors and operators see no data.
    """
    if scientist := people.get("data-scientist"):
        store.grant_read(scientist, "data", "features", "models", "monitoring")
        store.grant_write(scientist, "pipelines")
        images.grant_pull(scientist)
        models.grant_register(scientist)
    if engineer := people.get("ml-engineer"):
        store.grant_read(engineer, "data", "features", "models", "monitoring")
        store.grant_write(engineer, "pipelines")
        # what is released is what was judged: a version that is there is never written again
        store.grant_add(engineer, "models")
        images.grant_push(engineer)
        models.grant_register(engineer)
        models.grant_jobs(engineer, runs_as=pipelines)
    if data_engineer := people.get("data-engineer"):
        store.grant_write(data_engineer, "data", "features")
    if expert := people.get("domain-expert"):
        store.grant_read(expert, "pipelines", "monitoring")
        store.grant_folder(expert, *LABELS)
        models.grant_read(expert)
