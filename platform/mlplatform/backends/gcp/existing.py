"""Existing resources on GCP, by names, ids or outputs of other resources. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import pulumi

from mlplatform.components.existing import (
    ExistingCluster,
    ExistingIdentities,
    ExistingIdentity,
    ExistingKeys,
    ExistingNetwork,
    ExistingRegistry,
    ExistingStore,
    Workload,
)
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.keys import KeyPurpose
from mlplatform.spec.references import References, by_key, by_position


@dataclass(frozen=True, slots=True, kw_only=True)
class GcpExistingNetwork(ExistingNetwork):
    """A VPC. Its owner manages egress, private DNS, firewall and flow logs."""

    cloud: ClassVar[str] = "gcp"

    network_id: pulumi.Input[str]
    """`projects/P/global/networks/N`."""

    subnet_id: pulumi.Input[str]
    """`projects/P/regions/R/subnetworks/S` in the target's region, for nodes and endpoints.

    Private Google Access must be on.
    """

    pods_range: pulumi.Input[str]
    """Name of the subnet's secondary range for pods."""

    services_range: pulumi.Input[str]
    """Name of the subnet's secondary range for services."""

    apps_subnet_id: pulumi.Input[str] | None = None
    """Subnet for Cloud Run's direct egress, /26 or larger. Omitted: `subnet_id`."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield {"pods_range": self.pods_range, "services_range": self.services_range}


@dataclass(frozen=True, slots=True, kw_only=True)
class GcpExistingKeys(ExistingKeys):
    """Cloud KMS keys in the target's region. Their owner gives access to the service agents that encrypt with them.

    https://docs.cloud.google.com/kms/docs/compatible-services
    """

    cloud: ClassVar[str] = "gcp"

    default: pulumi.Input[str] | None = None
    """Full resource name of the key for every purpose that is not in `ids`. Omitted: `ids` must name all purposes."""

    ids: Mapping[KeyPurpose, pulumi.Input[str]] = field(default_factory=dict["KeyPurpose", "pulumi.Input[str]"])
    """Full resource name by purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GcpExistingStore(ExistingStore):
    """Buckets with uniform access. Their owner manages retention, lifecycle, keys and access logs."""

    cloud: ClassVar[str] = "gcp"

    buckets: Mapping[Place, pulumi.Input[str]]
    """Name of the bucket by place; other places are created."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_key("buckets", self.buckets)


@dataclass(frozen=True, slots=True, kw_only=True)
class GcpExistingCluster(ExistingCluster):
    """A VPC-native GKE cluster in the target's project with workload identity."""

    cloud: ClassVar[str] = "gcp"

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    node_service_account: pulumi.Input[str]
    """E-mail address of the nodes' service account. Its owner gives it rights to logs, metrics and images."""

    zones: Sequence[str]
    """Zones for nodes, as plain values, because a pool is spread over them."""

    location: pulumi.Input[str] | None = None
    """The cluster's region, or the zone of a zonal cluster. Omitted: the target's region."""

    fabric_networks: Sequence[tuple[pulumi.Input[str], pulumi.Input[str]]] = ()
    """Names of network and subnet for each extra interface of machines with GPUDirect-TCPX or TCPXO, in order.

    Omitted: pools of such machines with `fabric` are refused.
    """

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_position("zones", self.zones)
        yield by_position("fabric_networks", [network for network, _ in self.fabric_networks])


@dataclass(frozen=True, slots=True, kw_only=True)
class GcpExistingRegistry(ExistingRegistry):
    """Docker repositories of Artifact Registry, of the target's project or another one.

    Every grant on images holds for them too, so the deployer must be allowed to grant on those of another project.
    Their owner manages clean-up, scanning, keys and tags.
    """

    cloud: ClassVar[str] = "gcp"

    repositories: Mapping[str, pulumi.Input[str]]
    """`projects/P/locations/L/repositories/R` by the repository's name in the platform; names of
    `registry.repositories` that are here are not created."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_key("repositories", self.repositories)


@dataclass(frozen=True, slots=True, kw_only=True)
class GcpExistingIdentities(ExistingIdentities):
    """Service accounts of the target's project.

    They get every grant of their workload. Their owner decides who may act as them; the plan lists what is needed.
    """

    cloud: ClassVar[str] = "gcp"

    training: pulumi.Input[str] | None = None
    """E-mail address of the service account of jobs in the cluster. Omitted: one is created."""

    pipelines: pulumi.Input[str] | None = None
    """E-mail address of the service account of pipelines and machine learning jobs. Omitted: one is created."""

    ci: pulumi.Input[str] | None = None
    """E-mail address of the service account of CI jobs that push images (`access.ci`). Omitted: one is created."""

    endpoints: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, "pulumi.Input[str]"])
    """E-mail address of the service account by endpoint; others are created."""

    def of(self, workload: Workload, endpoint: str = "") -> ExistingIdentity | None:
        """The identity of a workload, for `serving` of an endpoint; None where it is not named."""
        by_workload = {"training": self.training, "pipelines": self.pipelines, "ci": self.ci}
        named = self.endpoints.get(endpoint) if workload == "serving" else by_workload[workload]
        if named is None:
            return None
        return ExistingIdentity(
            acts=True,
            principal=f"serviceAccount:{named}"
            if isinstance(named, str)
            else pulumi.Output.concat("serviceAccount:", named),
        )
