"""The training cluster."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.existing import ExistingCluster, as_existing
from mlplatform.components.identity import Identity
from mlplatform.components.keys import Keys
from mlplatform.components.kubernetes import note_support
from mlplatform.components.network import Network
from mlplatform.components.registry import ImageRegistry
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.teams import TeamSpec
from mlplatform.spec.training import TrainingSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@dataclass(frozen=True, kw_only=True)
class FabricNetwork:
    """A further network of nodes with fast interfaces."""

    network: pulumi.Output[str]
    """Name of the network."""

    subnet: pulumi.Output[str]
    """Name of its subnet."""


@dataclass(frozen=True, kw_only=True)
class ClusterApi:
    """What the layer inside the cluster is told by the cloud's stack; nothing of it is secret."""

    server: pulumi.Output[str]
    """Address of the API, with `https://`."""

    authority: pulumi.Output[str] | None
    """Base64 of its certificate authority; None where a public one signed its certificate."""

    cluster_id: pulumi.Output[str]
    """The cloud's id of the cluster."""

    volumes_key: pulumi.Output[str]
    """The key of volumes, in the form that the cloud's storage driver takes."""

    token_keys: pulumi.Output[str]
    """Address of the public keys with which the cluster signs the tokens of service accounts."""

    token_issuer: pulumi.Output[str] | None = None
    """The cloud's id of its trust in the cluster's tokens; None where identities trust them by another way, or nothing
    needs it."""

    fabric: tuple[FabricNetwork, ...] = ()
    """Further networks of the nodes, one per fast interface, in order; empty where the fabric has none."""


@dataclass(frozen=True, kw_only=True)
class ClusterParts(ABC):
    """One cluster."""

    cluster_name: pulumi.Output[str]
    """Physical name."""

    credentials_command: pulumi.Output[str]
    """Shell command that gives a person a kubeconfig, from wherever `access_commands` lead."""

    access_commands: tuple[pulumi.Output[str], ...] = ()
    """Shell commands with which a person reaches the API from outside, in this order: first a tunnel, which stays open,
    if there is one. Empty where nothing is known to lead to the API: one must be in its network."""

    api: ClusterApi | None = None
    """What the layer inside the cluster is told; None where the spec has no layer, or the cluster has another owner."""

    @abstractmethod
    def bind(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Let pods of a Kubernetes service account act as an identity."""

    def trust_tokens(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Let whoever holds a token of a Kubernetes account act as an identity; most clouds do so as for its pods."""
        self.bind(identity, namespace, service_account)

    def admit(self, identity: Identity) -> None:
        """Let a person's role use the cluster's API. Does nothing where the role's own rights already allow it."""

    def admit_team(self, identity: Identity, team: TeamSpec) -> None:
        """Let the members of a team reach the cluster's API, where the layer inside of it says what they may do.

        Does nothing where the identity's own rights already allow it.
        """


@contract("training.cluster")
class BuildsCluster(Protocol):
    """Makes the cluster with its system pool."""

    def __call__(
        self,
        scope: Scope,
        spec: TrainingSpec,
        network: Network,
        keys: Keys,
        telemetry: Telemetry,
        images: ImageRegistry,
        /,
    ) -> ClusterParts: ...


@contract("training.existing_cluster")
class UsesExistingCluster(Protocol):
    """Takes an existing cluster, of the backend's own kind of `ExistingCluster`."""

    def __call__(self, scope: Scope, existing: ExistingCluster, /) -> ClusterParts: ...


class Cluster(Component):
    """A private Kubernetes cluster with a CPU system pool and workload identity; or an existing one."""

    capability = "training"

    def __init__(
        self,
        name: str,
        spec: TrainingSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the cluster, or take the context's existing one; then `spec` has no effect on it."""
        super().__init__(name, context, opts)
        if context.existing.cluster:
            self.parts = context.backend.load(UsesExistingCluster)(self.scope, context.existing.cluster)
        else:
            note_support(self.scope, spec)
            self.parts = context.backend.load(BuildsCluster)(
                self.scope, spec, context.network, context.keys, context.telemetry, context.images
            )
            if not context.target.people.get("operator"):
                self.scope.note(
                    f"targets[{context.target.cloud}].people",
                    "nobody can administer the cluster, not even who deploys it: name who may for 'operator'",
                )
            if not self.parts.access_commands:
                self.scope.note(
                    "access.entry",
                    "the cluster's API answers only inside its network, and nothing is made that leads there: a VPN or "
                    "another connection of yours must; name its ranges in training.api_cidrs, or write broker",
                )
        self.cluster_name = self.parts.cluster_name
        self.credentials_command = self.parts.credentials_command
        self.access_commands = self.parts.access_commands
        self.register_outputs({"name": self.cluster_name, "credentialsCommand": self.credentials_command})

    def as_existing(self) -> ExistingCluster:
        """This cluster as another platform of the same cloud takes it, in `Existing.cluster`."""
        return as_existing(self.context.backend, self.parts, ExistingCluster)

    def bind(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Let pods of a Kubernetes service account act as an identity.

        Raises:
            ValueError: the identity is an existing one.
        """
        _refuse_existing(identity)
        self.parts.bind(identity, namespace, service_account)

    def trust_tokens(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Let whoever holds a token of a Kubernetes service account act as an identity, not only its pods.

        Raises:
            ValueError: the identity is an existing one.
        """
        _refuse_existing(identity)
        self.parts.trust_tokens(identity, namespace, service_account)

    def admit(self, identity: Identity) -> None:
        """Let a person's role use the cluster's API, as its purpose allows.

        Raises:
            ValueError: the identity is an existing one.
        """
        _refuse_existing(identity)
        self.parts.admit(identity)
        identity.note_grant("use", "cluster")

    def admit_team(self, identity: Identity, team: TeamSpec) -> None:
        """Let the members of a team reach the cluster's API, where the layer inside of it says what they may do.

        Args:
            identity: the members'.
            team: the team.
        """
        self.parts.admit_team(identity, team)
        identity.note_grant("use", "cluster", team.namespace)


def layer_outputs(
    cluster: Cluster,
    training: Identity | None,
    teams: Mapping[str, Identity],
    places: Mapping[Place, Mapping[str, pulumi.Input[str]]],
    *,
    served: Mapping[str, Identity] | None = None,
    file_system: Mapping[str, pulumi.Output[str]] | None = None,
    tracking: Mapping[str, pulumi.Input[object]] | None = None,
    airflow: Mapping[str, pulumi.Input[object]] | None = None,
    door: Mapping[str, pulumi.Input[object]] | None = None,
    monitors: Mapping[str, pulumi.Output[str]] | None = None,
) -> dict[str, pulumi.Input[object]] | None:
    """The output `layer` of the cloud's stack, which the stack of what is inside the cluster reads.

    Args:
        cluster: the cluster.
        training: the identity of jobs in the platform's own namespace.
        teams: the identity of each team's jobs, and that of pipelines, by the namespace, and the readers of secrets.
        places: where the driver of volumes finds the places that the layer mounts.
        served: the identity of the pods of each endpoint and of the tracking server, by their service account. Omitted:
            the cluster runs none.
        tracking: how the tracking server reaches its database. Omitted: there is none.
        airflow: as whom Airflow logs in to that database, or where the cloud's own Airflow is. Omitted: there is no
            Airflow.
        door: where the door of pipelines orders runs of the cluster. Omitted: it orders none.
        monitors: what the monitors of models that the cluster runs are told, by their service account. Omitted: it runs
            none.
        file_system: where the driver of volumes finds the file system that the platform makes. Omitted: there is none.
    """
    api = cluster.parts.api
    if api is None:
        return None
    return {
        "server": api.server,
        "id": api.cluster_id,
        "volumesKey": api.volumes_key,
        **({"authority": api.authority} if api.authority is not None else {}),
        # by number, so that a name leads to each
        "fabric": {
            str(number): {"network": each.network, "subnet": each.subnet}
            for number, each in enumerate(api.fabric, start=1)
        },
        **({"places": {place: dict(address) for place, address in places.items()}} if places else {}),
        **({"fileSystem": dict(file_system)} if file_system else {}),
        "identities": {
            **({"training": training.parts.account_name_in_pods} if training else {}),
            **{name: identity.parts.account_name_in_pods for name, identity in {**teams, **(served or {})}.items()},
        },
        **({"tokenKeys": api.token_keys} if served else {}),
        **({"tracking": dict(tracking)} if tracking else {}),
        **({"airflow": dict(airflow)} if airflow else {}),
        **({"door": dict(door)} if door else {}),
        **({"monitors": dict(monitors)} if monitors else {}),
    }


def _refuse_existing(identity: Identity) -> None:
    if not identity.made:
        raise ValueError(
            f"{identity.scope.name}: cannot bind an existing identity: its owner controls its trust policy; "
            "bind an identity that this platform creates"
        )
