"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class GcpExistingNetworkArgs(TypedDict):
    """A VPC. Its owner manages egress, private DNS, firewall and flow logs."""

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

    apps_subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet for Cloud Run's direct egress, /26 or larger. Omitted: `subnet_id`."""


class GcpExistingKeysArgs(TypedDict):
    """Cloud KMS keys in the target's region. Their owner gives access to the service agents that encrypt with them.

    https://docs.cloud.google.com/kms/docs/compatible-services
    """

    default: NotRequired[pulumi.Input[str]]
    """Full resource name of the key for every purpose that is not in `ids`. Omitted: `ids` must name all purposes."""

    ids: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Full resource name by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """


class GcpExistingStoreArgs(TypedDict):
    """Buckets with uniform access. Their owner manages retention, lifecycle, keys and access logs."""

    buckets: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Name of the bucket by place; other places are created.

    One of data, features, models, pipelines, monitoring.
    """


class GcpExistingClusterArgs(TypedDict):
    """A VPC-native GKE cluster in the target's project with workload identity."""

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    node_service_account: pulumi.Input[str]
    """E-mail address of the nodes' service account. Its owner gives it rights to logs, metrics and images."""

    zones: Sequence[str]
    """Zones for nodes, as plain values, because a pool is spread over them."""

    location: NotRequired[pulumi.Input[str]]
    """The cluster's region, or the zone of a zonal cluster. Omitted: the target's region."""

    fabric_networks: NotRequired[Sequence[Sequence[pulumi.Input[str]]]]
    """Names of network and subnet for each extra interface of machines with GPUDirect-TCPX or TCPXO, in order.

    Omitted: pools of such machines with `fabric` are refused.
    """


class GcpExistingRegistryArgs(TypedDict):
    """Docker repositories of Artifact Registry, of the target's project or another one.

    Every grant on images holds for them too, so the deployer must be allowed to grant on those of another
    project. Their owner manages clean-up, scanning, keys and tags.
    """

    repositories: Mapping[str, pulumi.Input[str]]
    """`projects/P/locations/L/repositories/R` by the repository's name in the platform; names of
    `registry.repositories` that are here are not created.
    """


class GcpExistingIdentitiesArgs(TypedDict):
    """Service accounts of the target's project.

    They get every grant of their workload. Their owner decides who may act as them; the plan lists what is
    needed.
    """

    training: NotRequired[pulumi.Input[str]]
    """E-mail address of the service account of jobs in the cluster. Omitted: one is created."""

    pipelines: NotRequired[pulumi.Input[str]]
    """E-mail address of the service account of pipelines and machine learning jobs. Omitted: one is created."""

    ci: NotRequired[pulumi.Input[str]]
    """E-mail address of the service account of CI jobs that push images (`access.ci`). Omitted: one is created."""

    endpoints: NotRequired[Mapping[str, pulumi.Input[str]]]
    """E-mail address of the service account by endpoint; others are created."""


class GcpExistingArgs(TypedDict):
    """Existing resources on GCP."""

    network: NotRequired[GcpExistingNetworkArgs]
    """A VPC. Its owner manages egress, private DNS, firewall and flow logs. Omitted: created."""

    keys: NotRequired[GcpExistingKeysArgs]
    """Cloud KMS keys in the target's region. Their owner gives access to the service agents that encrypt with them.
    Omitted: created.
    """

    store: NotRequired[GcpExistingStoreArgs]
    """Buckets with uniform access. Their owner manages retention, lifecycle, keys and access logs. Omitted: created."""

    cluster: NotRequired[GcpExistingClusterArgs]
    """A VPC-native GKE cluster in the target's project with workload identity. Omitted: created."""

    registry: NotRequired[GcpExistingRegistryArgs]
    """Docker repositories of Artifact Registry, of the target's project or another one. Omitted: created."""

    identities: NotRequired[GcpExistingIdentitiesArgs]
    """Service accounts of the target's project. Omitted: created."""


class GcpMadeNetwork(TypedDict):
    """A VPC."""

    network_id: str
    """`projects/P/global/networks/N`."""

    subnet_id: str
    """`projects/P/regions/R/subnetworks/S` in the target's region, for nodes and endpoints."""

    pods_range: str
    """Name of the subnet's secondary range for pods."""

    services_range: str
    """Name of the subnet's secondary range for services."""

    apps_subnet_id: NotRequired[str]
    """Subnet for Cloud Run's direct egress, /26 or larger."""


class GcpMadeKeys(TypedDict):
    """Cloud KMS keys in the target's region."""

    default: NotRequired[str]
    """Full resource name of the key for every purpose that is not in `ids`."""

    ids: NotRequired[Mapping[str, str]]
    """Full resource name by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """


class GcpMadeStore(TypedDict):
    """Buckets with uniform access."""

    buckets: Mapping[str, str]
    """Name of the bucket by place; other places are created.

    One of data, features, models, pipelines, monitoring.
    """


class GcpMadeCluster(TypedDict):
    """A VPC-native GKE cluster in the target's project with workload identity."""

    cluster_name: str
    """Name of the cluster."""

    node_service_account: str
    """E-mail address of the nodes' service account."""

    zones: Sequence[str]
    """Zones for nodes, as plain values, because a pool is spread over them."""

    location: NotRequired[str]
    """The cluster's region, or the zone of a zonal cluster."""

    fabric_networks: NotRequired[Sequence[Sequence[str]]]
    """Names of network and subnet for each extra interface of machines with GPUDirect-TCPX or TCPXO, in order."""


class GcpMadeRegistry(TypedDict):
    """Docker repositories of Artifact Registry, of the target's project or another one."""

    repositories: Mapping[str, str]
    """`projects/P/locations/L/repositories/R` by the repository's name in the platform; names of
    `registry.repositories` that are here are not created.
    """


class GcpMadeIdentities(TypedDict):
    """Service accounts of the target's project."""

    training: NotRequired[str]
    """E-mail address of the service account of jobs in the cluster."""

    pipelines: NotRequired[str]
    """E-mail address of the service account of pipelines and machine learning jobs."""

    ci: NotRequired[str]
    """E-mail address of the service account of CI jobs that push images (`access.ci`)."""

    endpoints: NotRequired[Mapping[str, str]]
    """E-mail address of the service account by endpoint; others are created."""


class GcpMade(TypedDict):
    """Existing resources on GCP."""

    network: NotRequired[GcpMadeNetwork]
    """A VPC."""

    keys: NotRequired[GcpMadeKeys]
    """Cloud KMS keys in the target's region."""

    store: NotRequired[GcpMadeStore]
    """Buckets with uniform access."""

    cluster: NotRequired[GcpMadeCluster]
    """A VPC-native GKE cluster in the target's project with workload identity."""

    registry: NotRequired[GcpMadeRegistry]
    """Docker repositories of Artifact Registry, of the target's project or another one."""

    identities: NotRequired[GcpMadeIdentities]
    """Service accounts of the target's project."""
