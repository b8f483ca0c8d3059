"""What a cloud says to add-ons and pipelines of its cluster: contracts of `backends/`. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from mlplatform.cluster.airflow.operator import PodOperator
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import Labels, Text
from mlplatform.cluster.objects.rbac import Subject
from mlplatform.cluster.objects.secret_stores import VaultProvider
from mlplatform.components.contract import contract
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec


@record(kw_only=True)
class AddOnFacts:
    """What this cloud says to the charts of add-ons."""

    artifacts: Mapping[str, object]
    """The platform's store as Argo's artefact repository: the values `s3`, `gcs` or `azure` of its chart. They hold no
    key: pods reach the store by their identity."""

    labels: Mapping[str, str]
    """Labels without which a pod does not get its identity; none on most clouds."""

    identity_servers: tuple[tuple[str, int], ...] = ()
    """Addresses and ports at which pods get the credentials of their identity, besides HTTPS to the internet."""


@contract("cluster.addons")
class SupportsAddOns(Protocol):
    """Says what charts of add-ons must know of this cloud."""

    def __call__(self, spec: PlatformSpec, /) -> AddOnFacts: ...


@contract("pipelines.workflows")
class MakesWorkflows(Protocol):
    """Gives the templates of the pipelines that Argo runs, with the cloud's store for what steps hand on."""

    def __call__(self, layer: LayerContext, /) -> tuple[LayerItem, ...]: ...


@contract("pipelines.dags")
class WritesDags(Protocol):
    """Gives the files of the pipelines that Airflow runs, by name: they name the cloud's store."""

    def __call__(self, layer: LayerContext, /) -> Mapping[str, str]: ...


@record(kw_only=True)
class AirflowFacts:
    """How an Airflow of the cloud and the training cluster reach each other."""

    operator: PodOperator
    """What makes the pods of steps, with Airflow's own identity."""

    subjects: tuple[Subject, ...]
    """That identity, as RBAC names it."""

    address: Text
    """What the starter in the cluster is told of it: its address, or its name in the cloud."""


@contract("pipelines.airflow_access")
class DescribesAirflow(Protocol):
    """Says how the Airflow of `cluster.managed_airflow` and the cluster reach each other."""

    def __call__(self, spec: PlatformSpec, /) -> AirflowFacts: ...


@record(kw_only=True)
class NamespaceVault:
    """Where the secrets of one namespace are in the cloud, and who reads them."""

    provider: VaultProvider
    """The vault."""

    annotations: Labels
    """Annotations of the account whose tokens the vault admits."""


@contract("cluster.secrets")
class FindsSecrets(Protocol):
    """Says where the secrets of a namespace of jobs are."""

    def __call__(self, spec: PlatformSpec, namespace: str, /) -> NamespaceVault: ...
