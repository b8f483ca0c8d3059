"""The layer inside the training cluster: the queue and the engines of jobs."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldProblem, refuses, repeated
from mlplatform.spec.base import SpecModel
from mlplatform.spec.later import later
from mlplatform.spec.mounts import MountSpec
from mlplatform.spec.notebooks import NotebooksSpec
from mlplatform.spec.teams import TeamSpec

if TYPE_CHECKING:
    from mlplatform.spec.airflow import AirflowSpec as _Airflow
    from mlplatform.spec.file_system import SharedFileSystemSpec as _SharedFileSystem
    from mlplatform.spec.managed_airflow import ManagedAirflowSpec as _ManagedAirflow
else:
    _Airflow = later("mlplatform.spec.airflow:AirflowSpec")
    _SharedFileSystem = later("mlplatform.spec.file_system:SharedFileSystemSpec")
    _ManagedAirflow = later("mlplatform.spec.managed_airflow:ManagedAirflowSpec")

Engine = Literal["trainer", "ray"]
"""An engine that runs jobs of many pods: Kubeflow Trainer, or KubeRay."""


AddOn = Literal["argo-workflows", "cert-manager", "external-secrets"]
"""What runs beside the engines: Argo Workflows, which runs pipelines of steps, cert-manager, which makes and renews
certificates, and External Secrets, which copies secrets of the cloud's vault into namespaces of jobs."""

ImageSource = Literal["platform", "public"]
"""Where images are pulled from: the platform's registry, or the registries of their makers."""


class ClusterSpec(SpecModel):
    """The layer inside the training cluster: queue, job engines, teams and add-ons.

    A stack of its own applies it after the platform's, with a name that ends in `-cluster`. Needs `training`, and a
    cluster that the platform makes: in an existing one nobody knows which queue and plugins are already there.
    """

    engines: tuple[Engine, ...] = Field(default=("trainer",))
    """Engines of jobs: `trainer` for PyTorch, TensorFlow and MPI by Kubeflow Trainer, `ray` for Ray by KubeRay.

    JobSet and Kueue, which admits the jobs of every engine, are always there. Omitted: Trainer.
    """

    pods_ready_minutes: int = Field(default=30, ge=5, le=240)
    """Minutes in which all pods of an admitted job must run; else it gives its quota back and waits again.

    It must exceed the start of a node and the download of its image; a machine with eight GPUs takes up to 20 minutes.
    """

    addons: tuple[AddOn, ...] = ()
    """What runs beside the engines, each from its project's chart.

    `argo-workflows` runs pipelines of steps in the namespaces of jobs, as the account of jobs there, and keeps what
    steps hand on in the store's `pipelines`. `cert-manager` brings the kinds `Certificate`, `Issuer` and
    `ClusterIssuer`, and no issuer of its own. `external-secrets` copies secrets of the cloud's vault into the
    namespaces of jobs, of each namespace only its own. Omitted: nothing.
    """

    notebooks: NotebooksSpec | None = None
    """Notebooks by JupyterHub on chosen pools, behind the organisation's own login. Omitted: none."""

    teams: tuple[TeamSpec, ...] = ()
    """Teams that share the pools, each with a namespace, a queue with quotas, and an identity of its own.

    Omitted: none, and everybody uses the queue of `access.training_namespace`.
    """

    images: ImageSource | None = None
    """Where the nodes pull the layer's images from: `platform`, its own registry, or `public`, where their makers keep
    them. Omitted: `platform` with the profile prod, or without a way to the internet (`network.nat` none).

    In the platform's registry an image is a copy, which `mlplatform render images` writes the commands for, or comes
    through a cache of `registry.pull_through`. Jobs may use any image that the nodes reach.
    """

    mounts: tuple[MountSpec, ...] = ()
    """Places of the artifact store that jobs may use as folders, beside the cloud's API.

    Omitted: none, and jobs read and write objects by the API.
    """

    shared_file_system: _SharedFileSystem | None = None
    """A Lustre file system that the platform makes, and every namespace of jobs mounts.

    A target whose own `shared_file_system` names an existing one mounts that instead. Omitted: none is made.
    """

    airflow: _Airflow | None = None
    """Airflow, which runs the pipelines with engine `airflow`, behind the organisation's own login. Omitted: none."""

    managed_airflow: _ManagedAirflow | None = None
    """Airflow as a service of the cloud, which runs the pipelines with engine `airflow`. Omitted: none."""

    airflow_url: str | None = Field(default=None, max_length=200)
    """Address of an Airflow 3 that exists, for example `http://airflow-api-server.airflow.svc:8080`. The starter in the
    cluster starts there what `triggers` of pipelines with engine `airflow` ask for.

    Its login is a Secret of the namespace `starter`, which an operator makes. Plain `http` only for a service of the
    cluster. Omitted: the starter starts runs in the `airflow` or `managed_airflow` of this spec, if there is one.
    """

    @model_validator(mode="after")
    @refuses
    def _reached(self) -> Iterator[FieldProblem]:
        url = self.airflow_url
        if url is None:
            return
        found = re.fullmatch(r"(https?)://([a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?", url)
        if found is None:
            yield FieldProblem(
                ("airflow_url",),
                "https://HOST, or http://SERVICE.NAMESPACE.svc:PORT",
                "write the address alone, without a login and without a query",
            )
        elif found[1] == "http" and not re.search(r"\.svc(\.cluster\.local)?$", found[2]):
            yield FieldProblem(
                ("airflow_url",),
                "https: only the address of a service of the cluster, SERVICE.NAMESPACE.svc, may be http, because the "
                "login is sent to it",
                "write https, or the address of the service",
            )

    @model_validator(mode="after")
    @refuses
    def _named_once(self) -> Iterator[FieldProblem]:
        yield from repeated("addons", self.addons, inner=None, of="add-on")
        yield from repeated("teams", [team.name for team in self.teams], of="team")
        yield from repeated("mounts", [mount.place for mount in self.mounts], of="mount", inner="place")


def bare_layer_problems() -> Iterator[FieldProblem]:
    """A layer without the cluster that it is inside of."""
    yield FieldProblem(
        ("cluster",),
        "`training`, whose cluster it is inside of",
        "add `training` with pools, or remove `cluster`",
        got="a layer, and no cluster",
        fields=(("training",),),
    )
