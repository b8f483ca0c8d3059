"""Argo's templates of workflows: https://argo-workflows.readthedocs.io/en/latest/fields/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Labels, Metadata, Toleration
from mlplatform.cluster.objects.containers import Container
from mlplatform.cluster.objects.volumes import Volume
from mlplatform.fast.record import record


@record(kw_only=True)
class S3Location:
    """A folder in S3."""

    key: str
    """Its key."""

    bucket: str
    """Its bucket."""

    endpoint: str
    """Host of the service."""

    region: str
    """Its region."""

    use_sdk_creds: bool = True
    """Whether the pod's own identity is used."""


@record(kw_only=True)
class GcsLocation:
    """A folder in Cloud Storage."""

    key: str
    """Its key."""

    bucket: str
    """Its bucket."""


@record(kw_only=True)
class AzureLocation:
    """A folder in Blob Storage."""

    blob: str
    """Its name."""

    container: str
    """Its container."""

    endpoint: str
    """Address of the account."""

    use_sdk_creds: bool = True
    """Whether the pod's own identity is used."""


@record(kw_only=True)
class StoreLocation:
    """A folder of the store: one of these."""

    s3: S3Location | None = None
    """In S3."""

    gcs: GcsLocation | None = None
    """In Cloud Storage."""

    azure: AzureLocation | None = None
    """In Blob Storage."""


@record(kw_only=True)
class NoArchive:
    """Files as they are."""


@record(kw_only=True)
class ArgoArchive:
    """How a folder is stored."""

    none: NoArchive
    """As files that people can read."""


@record(kw_only=True)
class ArgoArtifact:
    """A folder that a step reads or writes."""

    name: str
    """Its name."""

    path: str | None = None
    """Its path in the container."""

    from_: str | None = None
    """The output of another step."""

    archive: ArgoArchive | None = None
    """How it is stored. Omitted: as a compressed archive."""

    s3: S3Location | None = None
    """Where it is. Omitted: in the default place."""

    gcs: GcsLocation | None = None
    """Where it is."""

    azure: AzureLocation | None = None
    """Where it is."""


@record(kw_only=True)
class ArgoValueFrom:
    """Where a value comes from."""

    path: str
    """A file of the container."""


@record(kw_only=True)
class ArgoParameter:
    """A value."""

    name: str
    """Its name."""

    value: str | None = None
    """The value."""

    value_from: ArgoValueFrom | None = None
    """Where it comes from."""

    description: str | None = None
    """Words for people."""


@record(kw_only=True)
class ArgoGiven:
    """What is read, written or handed on."""

    artifacts: tuple[ArgoArtifact, ...] | None = None
    """Folders."""

    parameters: tuple[ArgoParameter, ...] | None = None
    """Values."""


@record(kw_only=True)
class ArgoDagTask:
    """A task of a graph."""

    name: str
    """Its name."""

    template: str
    """What it does."""

    depends: str | None = None
    """What must have happened before."""

    when: str | None = None
    """Its condition."""

    arguments: ArgoGiven | None = None
    """What it is given."""


@record(kw_only=True)
class ArgoDag:
    """A graph."""

    tasks: tuple[ArgoDagTask, ...]
    """Its tasks."""


@record(kw_only=True)
class ArgoBackoff:
    """Waits between attempts."""

    duration: str
    """The first."""

    factor: int
    """What it is multiplied with each time."""

    cap: str
    """The longest."""


@record(kw_only=True)
class ArgoRetryStrategy:
    """Further attempts."""

    limit: int
    """How many."""

    retry_policy: str
    """After which ends."""

    backoff: ArgoBackoff
    """Waits between them."""


@record(kw_only=True)
class ArgoPodMarks:
    """Labels and annotations of a step's pods."""

    labels: Labels | None = None
    """Labels."""

    annotations: Labels | None = None
    """Annotations."""


@record(kw_only=True)
class ArgoResource:
    """An object that Argo makes, and waits for."""

    manifest: str
    """The object, as JSON; Argo's placeholders in it are filled in."""

    success_condition: str
    """Fields of its status that say that it has succeeded."""

    failure_condition: str
    """Fields of its status that say that it has failed."""

    action: Literal["create"] = "create"
    """What is done with it."""

    set_owner_reference: bool = True
    """Whether it goes with its run."""


@record(kw_only=True)
class ArgoTemplate:
    """A graph, a container, or an object."""

    name: str
    """Its name."""

    dag: ArgoDag | None = None
    """The graph."""

    container: Container | None = None
    """The container; its name is Argo's."""

    resource: ArgoResource | None = None
    """The object."""

    inputs: ArgoGiven | None = None
    """What it reads."""

    outputs: ArgoGiven | None = None
    """What it writes."""

    metadata: ArgoPodMarks | None = None
    """Labels and annotations of its pods."""

    node_selector: Mapping[str, str] | None = None
    """Labels of the nodes that it runs on."""

    tolerations: tuple[Toleration, ...] | None = None
    """Taints that it tolerates."""

    volumes: tuple[Volume, ...] | None = None
    """Volumes of its pods."""

    service_account_name: str | None = None
    """Account of its pods."""

    retry_strategy: ArgoRetryStrategy | None = None
    """Further attempts. Omitted: none."""

    pod_spec_patch: str | None = None
    """What the fields here cannot say of its pods, as JSON."""


@record(kw_only=True)
class WorkflowSpec:
    """A workflow."""

    entrypoint: str
    """The template that it begins with."""

    templates: tuple[ArgoTemplate, ...]
    """Its templates."""

    arguments: ArgoGiven | None
    """Its parameters."""

    service_account_name: str
    """Account of its pods."""

    active_deadline_seconds: int
    """Longest run."""


@record(kw_only=True)
class WorkflowTemplate(KubeObject):
    """A workflow that runs are made of."""

    API = "argoproj.io/v1alpha1"
    KIND = "WorkflowTemplate"

    metadata: Metadata
    """Name and namespace."""

    spec: WorkflowSpec
    """The workflow."""
