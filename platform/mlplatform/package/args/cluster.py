"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from mlplatform.package.args.airflow import AirflowSpec
from mlplatform.package.args.file_system import SharedFileSystemSpec
from mlplatform.package.args.managed_airflow import ManagedAirflowSpec
from mlplatform.package.args.mounts import MountSpec
from mlplatform.package.args.notebooks import NotebooksSpec
from mlplatform.package.args.teams import TeamSpec


class ClusterSpec(TypedDict):
    """The layer inside the training cluster: queue, job engines, teams and add-ons.

    A stack of its own applies it after the platform's, with a name that ends in `-cluster`. Needs `training`, and
    a cluster that the platform makes: in an existing one nobody knows which queue and plugins are already there.
    """

    engines: NotRequired[Sequence[str]]
    """Engines of jobs: `trainer` for PyTorch, TensorFlow and MPI by Kubeflow Trainer, `ray` for Ray by KubeRay.

    JobSet and Kueue, which admits the jobs of every engine, are always there. Omitted: Trainer.

    One of trainer, ray.
    """

    pods_ready_minutes: NotRequired[int]
    """Minutes in which all pods of an admitted job must run; else it gives its quota back and waits again.

    It must exceed the start of a node and the download of its image; a machine with eight GPUs takes up to 20
    minutes.
    """

    addons: NotRequired[Sequence[str]]
    """What runs beside the engines, each from its project's chart.

    `argo-workflows` runs pipelines of steps in the namespaces of jobs, as the account of jobs there, and keeps
    what steps hand on in the store's `pipelines`. `cert-manager` brings the kinds `Certificate`, `Issuer` and
    `ClusterIssuer`, and no issuer of its own. `external-secrets` copies secrets of the cloud's vault into the
    namespaces of jobs, of each namespace only its own. Omitted: nothing.

    One of argo-workflows, cert-manager, external-secrets.
    """

    notebooks: NotRequired[NotebooksSpec]
    """Notebooks by JupyterHub on chosen pools, behind the organisation's own login. Omitted: none."""

    teams: NotRequired[Sequence[TeamSpec]]
    """Teams that share the pools, each with a namespace, a queue with quotas, and an identity of its own.

    Omitted: none, and everybody uses the queue of `access.training_namespace`.
    """

    images: NotRequired[str]
    """Where the nodes pull the layer's images from: `platform`, its own registry, or `public`, where their makers
    keep them. Omitted: `platform` with the profile prod, or without a way to the internet (`network.nat` none).

    In the platform's registry an image is a copy, which `mlplatform render images` writes the commands for, or
    comes through a cache of `registry.pull_through`. Jobs may use any image that the nodes reach.

    One of platform, public.
    """

    mounts: NotRequired[Sequence[MountSpec]]
    """Places of the artifact store that jobs may use as folders, beside the cloud's API.

    Omitted: none, and jobs read and write objects by the API.
    """

    shared_file_system: NotRequired[SharedFileSystemSpec]
    """A Lustre file system that the platform makes, and every namespace of jobs mounts.

    A target whose own `shared_file_system` names an existing one mounts that instead. Omitted: none is made.
    """

    airflow: NotRequired[AirflowSpec]
    """Airflow, which runs the pipelines with engine `airflow`, behind the organisation's own login. Omitted: none."""

    managed_airflow: NotRequired[ManagedAirflowSpec]
    """Airflow as a service of the cloud, which runs the pipelines with engine `airflow`. Omitted: none."""

    airflow_url: NotRequired[str]
    """Address of an Airflow 3 that exists, for example `http://airflow-api-server.airflow.svc:8080`. The starter in
    the cluster starts there what `triggers` of pipelines with engine `airflow` ask for.

    Its login is a Secret of the namespace `starter`, which an operator makes. Plain `http` only for a service of
    the cluster. Omitted: the starter starts runs in the `airflow` or `managed_airflow` of this spec, if there is
    one.
    """
