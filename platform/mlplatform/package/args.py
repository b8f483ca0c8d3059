"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi


class AwsExistingNetworkArgs(TypedDict):
    """A VPC. NAT, private endpoints and flow logs are its owner's."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC; DNS support and DNS host names must be on."""

    subnets: Mapping[str, pulumi.Input[str]]
    """Private subnet with egress, by zone: at least two. The zones are plain, because they name resources."""

    cidrs: Sequence[str]
    """All IPv4 ranges of the VPC, plain, because each becomes a rule."""


class AwsExistingKeysArgs(TypedDict):
    """KMS keys. Their policies must let the account's IAM decide, and let the services in that encrypt with them.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
    """

    default: NotRequired[pulumi.Input[str]]
    """ARN of the key of every purpose that `arns` leaves out. Omitted: `arns` must name all purposes."""

    arns: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """ARN by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """


class AwsExistingBucketArgs(TypedDict):
    """A bucket that holds one place of the store."""

    name: pulumi.Input[str]
    """Its name. A plain one also tells the resources built on it when it changes."""

    key_arn: NotRequired[pulumi.Input[str]]
    """Key of its objects. Omitted: S3's own, which needs no rights."""


class AwsExistingStoreArgs(TypedDict):
    """Buckets; their versioning, lifecycle, policies and access logs are their owner's."""

    buckets: Mapping[str, AwsExistingBucketArgs]
    """Bucket by place; other places are made.

    One of data, features, models, pipelines, monitoring.
    """


class AwsExistingClusterArgs(TypedDict):
    """An EKS cluster whose authentication mode includes the API, so that node groups let their role join.

    Pods act as identities where it runs the pod identity agent; GPU pools start from zero where it runs the
    cluster autoscaler.
    """

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    node_role_arn: pulumi.Input[str]
    """Role of its nodes: worker, network add-on and image rights are its owner's."""

    subnets: Mapping[str, pulumi.Input[str]]
    """Private subnet for nodes by zone. The zones are plain, because they name resources."""

    version: NotRequired[pulumi.Input[str]]
    """Kubernetes version of new nodes. Omitted: the cluster's, looked up."""

    security_group_id: NotRequired[pulumi.Input[str]]
    """Security group of nodes. Omitted: the one EKS made for the cluster, looked up."""

    vpc_id: NotRequired[pulumi.Input[str]]
    """The VPC, for pools with fabric. Omitted: the cluster's, looked up."""


class AwsExistingArgs(TypedDict):
    """What somebody else made on AWS."""

    network: NotRequired[AwsExistingNetworkArgs]
    """A VPC. NAT, private endpoints and flow logs are its owner's. Omitted: made."""

    keys: NotRequired[AwsExistingKeysArgs]
    """KMS keys. Their policies must let the account's IAM decide, and let the services in that encrypt with them.
    Omitted: made.
    """

    store: NotRequired[AwsExistingStoreArgs]
    """Buckets; their versioning, lifecycle, policies and access logs are their owner's. Omitted: made."""

    cluster: NotRequired[AwsExistingClusterArgs]
    """An EKS cluster whose authentication mode includes the API, so that node groups let their role join. Omitted:
    made.
    """


class AzureExistingNetworkArgs(TypedDict):
    """A virtual network in the target's location. Egress, security groups and flow logs are its owner's."""

    vnet_id: pulumi.Input[str]
    """Resource id of the virtual network."""

    node_subnet_ids: Sequence[pulumi.Input[str]]
    """Subnets for cluster nodes: one for all zones, or one for each zone in the target's order."""

    endpoint_subnet_id: pulumi.Input[str]
    """Subnet for private endpoints."""

    api_subnet_id: pulumi.Input[str]
    """Subnet for a cluster's API server, /28 or larger, delegated to `Microsoft.ContainerService/managedClusters`."""

    apps_subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet for endpoints that scale to zero, /27 or larger and delegated to `Microsoft.App/environments`.

    Omitted: such endpoints fail.
    """

    dns_zone_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Existing private DNS zones by name (`privatelink.vaultcore.azure.net`), linked to the network already.

    Omitted zones are made and linked.
    """

    egress: NotRequired[str]
    """How nodes reach the internet: a NAT gateway on their subnets, a route table to a firewall, or not at all.

    One of nat, firewall, none.
    """


class AzureExistingKeysArgs(TypedDict):
    """Keys in a vault with RBAC and purge protection, in the target's tenant.

    An identity per purpose is still made and gets the right to its key alone: the deployer must be allowed to
    assign roles on the vault. The vault lets trusted services in, or answers on the network.
    """

    vault_id: pulumi.Input[str]
    """Resource id of the vault."""

    default: NotRequired[pulumi.Input[str]]
    """Name of the key of every purpose that `names` leaves out. Omitted: `names` must name all purposes."""

    names: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Name of the key by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """

    registry_vault_id: NotRequired[pulumi.Input[str]]
    """Vault of the registry's key, which a new registry must reach without a firewall. Omitted: `vault_id`."""


class AzureExistingContainerArgs(TypedDict):
    """A blob container that holds one place of the store."""

    account_id: pulumi.Input[str]
    """Resource id of its storage account."""

    name: pulumi.Input[str]
    """Name of the container."""


class AzureExistingStoreArgs(TypedDict):
    """Blob containers; lifecycle, keys, private endpoints and access logs of their accounts are their owner's."""

    containers: Mapping[str, AzureExistingContainerArgs]
    """Container by place; other places are made.

    One of data, features, models, pipelines, monitoring.
    """


class AzureExistingClusterArgs(TypedDict):
    """An AKS cluster in the target's location, with a disk encryption set where disks must be under a key of yours."""

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    group_name: pulumi.Input[str]
    """Its resource group."""

    node_subnet_ids: Sequence[pulumi.Input[str]]
    """Subnets for nodes: one for all zones, or one for each zone in the target's order."""

    issuer_url: NotRequired[pulumi.Input[str]]
    """OIDC issuer of the service accounts' tokens, for `bind`. Omitted: the cluster's, looked up."""

    control_plane_principal_id: NotRequired[pulumi.Input[str]]
    """Entra object id of the control plane's identity. Omitted: pools in a capacity reservation are refused."""


class AzureExistingArgs(TypedDict):
    """What somebody else made on Azure."""

    network: NotRequired[AzureExistingNetworkArgs]
    """A virtual network in the target's location. Egress, security groups and flow logs are its owner's. Omitted:
    made.
    """

    keys: NotRequired[AzureExistingKeysArgs]
    """Keys in a vault with RBAC and purge protection, in the target's tenant. Omitted: made."""

    store: NotRequired[AzureExistingStoreArgs]
    """Blob containers; lifecycle, keys, private endpoints and access logs of their accounts are their owner's.
    Omitted: made.
    """

    cluster: NotRequired[AzureExistingClusterArgs]
    """An AKS cluster in the target's location, with a disk encryption set where disks must be under a key of yours.
    Omitted: made.
    """


class GcpExistingNetworkArgs(TypedDict):
    """A VPC. Egress, private DNS, firewall and flow logs are its owner's."""

    network_id: pulumi.Input[str]
    """`projects/P/global/networks/N`."""

    subnet_id: pulumi.Input[str]
    """`projects/P/regions/R/subnetworks/S` in the target's region, for nodes and endpoints.

    It has Private Google Access.
    """

    pods_range: pulumi.Input[str]
    """Name of the subnet's secondary range for pods."""

    services_range: pulumi.Input[str]
    """Name of the subnet's secondary range for services."""

    apps_subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet for Cloud Run's direct egress, /26 or larger. Omitted: `subnet_id`."""


class GcpExistingKeysArgs(TypedDict):
    """Cloud KMS keys in the target's region. Their owner lets the service agents that encrypt with them use them.

    https://docs.cloud.google.com/kms/docs/compatible-services
    """

    default: NotRequired[pulumi.Input[str]]
    """Full resource name of the key of every purpose that `ids` leaves out. Omitted: `ids` must name all purposes."""

    ids: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Full resource name by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """


class GcpExistingStoreArgs(TypedDict):
    """Buckets with uniform access; their retention, lifecycle, keys and access logs are their owner's."""

    buckets: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Bucket's name by place; other places are made.

    One of data, features, models, pipelines, monitoring.
    """


class GcpExistingClusterArgs(TypedDict):
    """A VPC-native GKE cluster in the target's project with workload identity."""

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    node_service_account: pulumi.Input[str]
    """E-mail address of the nodes' service account: its rights to logs, metrics and images are its owner's."""

    zones: Sequence[str]
    """Zones for nodes, plain, because a pool is spread over them."""

    location: NotRequired[pulumi.Input[str]]
    """The cluster's region, or the zone of a zonal cluster. Omitted: the target's region."""

    fabric_networks: NotRequired[Sequence[Sequence[pulumi.Input[str]]]]
    """Names of network and subnet of each extra interface of machines with GPUDirect-TCPX or TCPXO, in their order.

    Omitted: pools of such machines with `fabric` are refused.
    """


class GcpExistingArgs(TypedDict):
    """What somebody else made on GCP."""

    network: NotRequired[GcpExistingNetworkArgs]
    """A VPC. Egress, private DNS, firewall and flow logs are its owner's. Omitted: made."""

    keys: NotRequired[GcpExistingKeysArgs]
    """Cloud KMS keys in the target's region. Their owner lets the service agents that encrypt with them use them.
    Omitted: made.
    """

    store: NotRequired[GcpExistingStoreArgs]
    """Buckets with uniform access; their retention, lifecycle, keys and access logs are their owner's. Omitted:
    made.
    """

    cluster: NotRequired[GcpExistingClusterArgs]
    """A VPC-native GKE cluster in the target's project with workload identity. Omitted: made."""


class ExistingArgs(TypedDict):
    """What is not made but used. Its settings, its rights for services and its alarms stay its owner's. Give the
    target's cloud.
    """

    aws: NotRequired[AwsExistingArgs]
    """On AWS."""

    azure: NotRequired[AzureExistingArgs]
    """On Azure."""

    gcp: NotRequired[GcpExistingArgs]
    """On GCP."""


class NetworkSpec(TypedDict):
    """The platform's network. To use an existing one, set the target's `network`."""

    cidr: NotRequired[str]
    """Address range of nodes, endpoints and private endpoints; /16 to /20."""

    pod_cidr: NotRequired[str]
    """Address range of the cluster's pods; /16 to /20, must not overlap the others."""

    service_cidr: NotRequired[str]
    """Virtual address range of the cluster's services; /16 to /20, must not overlap the others."""

    zones: NotRequired[int]
    """Number of zones. Omitted: 3 in staging and prod, 2 in dev."""

    nat: NotRequired[str]
    """Egress to the internet: one gateway per zone, a single one, or none (private endpoints only).

    Omitted: per-zone in prod, single elsewhere.

    One of per-zone, single, none.
    """

    private_endpoints: NotRequired[bool]
    """Reach the cloud's own services without leaving its network."""

    flow_logs: NotRequired[bool]
    """Keep network flow logs for `monitoring.log_retention_days`."""


class KeysSpec(TypedDict):
    """One key per purpose, owned by the platform and rotated by the cloud."""

    rotation_days: NotRequired[int]
    """Days between automatic rotations."""

    deletion_window_days: NotRequired[int]
    """Days a deleted key can still be recovered. Omitted: 30 in prod, 7 elsewhere."""

    protection: NotRequired[str]
    """Storage of the key material; `hsm` asks for FIPS 140 validated hardware (AWS always uses it).

    One of software, hsm.
    """


class AlertsSpec(TypedDict):
    """Thresholds of the standard alert rules."""

    error_rate_percent: NotRequired[float]
    """Share of failed requests of an endpoint over five minutes; critical, and rolls back a rollout."""

    latency_p99_ms: NotRequired[int]
    """99th percentile of an endpoint's response time over five minutes, milliseconds; rolls back a rollout."""

    saturation_percent: NotRequired[int]
    """CPU, memory or GPU use of an endpoint or of the cluster's nodes."""

    gpu_idle_percent: NotRequired[int]
    """GPU use below which a running node counts as idle."""

    gpu_idle_minutes: NotRequired[int]
    """Minutes for which a GPU may be idle before an alert."""

    quota_percent: NotRequired[int]
    """Use of a quota at which a warning is sent."""


class MonitoringSpec(TypedDict):
    """Logs, metrics, alerts, dashboards, and the routes of alerts."""

    log_retention_days: NotRequired[int]
    """Days for which logs are kept, rounded up to a value that the cloud offers. Omitted: 365 in prod, 30 elsewhere."""

    alerts: NotRequired[AlertsSpec]
    """Thresholds of the alert rules."""

    routes: NotRequired[Sequence[Any]]
    """Routes of alerts. Omitted: alerts are raised and shown, but sent to nobody."""

    dashboards: NotRequired[bool]
    """A dashboard per endpoint, and one for the cluster's GPUs."""

    prometheus: NotRequired[bool]
    """The cloud's managed Prometheus for the cluster's metrics."""

    grafana: NotRequired[bool]
    """Managed Grafana with the platform's metrics."""


class CiSpec(TypedDict):
    """The CI system that may push images and start deployments, by OIDC and without keys."""

    system: NotRequired[str]
    """Issuer of the trusted OIDC tokens: GitHub Actions or GitLab.com.

    One of github, gitlab.
    """

    repository: str
    """`owner/repository`; nested groups are allowed on GitLab."""

    branch: NotRequired[str]
    """The only branch with trusted runs."""


class AccessSpec(TypedDict):
    """Access by grants, with least privilege. People get their roles in the target, which knows their directory."""

    ci: NotRequired[CiSpec]
    """The CI system that deploys. Omitted: no CI identity is created."""

    training_namespace: NotRequired[str]
    """Kubernetes namespace whose `training` service account carries the training identity."""


class ContextArgs(TypedDict):
    """What a component used alone belongs to: names, tags and the account come from here."""

    name: str
    """The platform's name, 2 to 20 characters; the first part of every physical name."""

    environment: NotRequired[str]
    """dev, staging, prod or your own, at most 12 characters; the second part of every physical name."""

    owner: str
    """Team that is responsible for the platform."""

    cost_center: str
    """Cost center that pays for the platform."""

    data_class: NotRequired[str]
    """The most sensitive data the platform may hold.

    One of public, internal, confidential, restricted.
    """

    profile: NotRequired[str]
    """Set of defaults. Omitted: the profile with the environment's name, or prod if there is none.

    One of dev, staging, prod.
    """

    tags: NotRequired[Mapping[str, str]]
    """Additional tags on every resource that can carry them."""

    network: NotRequired[NetworkSpec]
    """The network."""

    keys: NotRequired[KeysSpec]
    """Encryption keys."""

    monitoring: NotRequired[MonitoringSpec]
    """Logs, metrics, alerts, routes."""

    access: NotRequired[AccessSpec]
    """Identities and roles."""

    target: Mapping[str, Any]
    """The account and region, with `cloud`, as in the spec."""

    existing: NotRequired[ExistingArgs]
    """What somebody else made. Omitted: all is made."""


class WormSpec(TypedDict):
    """Write once, read many: no object can be changed or deleted for a number of days."""

    days: int
    """Days for which every object version is kept, counted from its creation."""

    locked: NotRequired[bool]
    """True makes it final: not even the account's owner can shorten the time or delete the place early."""


class PlaceSpec(TypedDict):
    """Settings of one place that differ from the store's."""

    retention: NotRequired[str]
    """Retention class. Omitted: the store's class.

    One of ephemeral, standard, long-term.
    """

    versioned: NotRequired[bool]
    """Keep overwritten and deleted objects. Omitted: the store's setting."""

    tier_after_days: NotRequired[int]
    """Days until objects move to infrequent-access storage. Omitted: by class (standard 90, long-term 30)."""

    expire_after_days: NotRequired[int]
    """Days until objects are deleted. Omitted: by class (ephemeral 30, others never)."""

    old_versions_days: NotRequired[int]
    """Days overwritten versions are kept. Omitted: by class (ephemeral 7, standard 90, long-term 365)."""

    worm: NotRequired[WormSpec]
    """Write protection. Omitted: objects can be replaced and deleted."""

    legal_hold: NotRequired[bool]
    """Protect every object from deletion until this is false again."""


class ArtifactStoreSpec(TypedDict):
    """Separate places for data, features, models, pipeline output and captured requests."""

    retention: NotRequired[str]
    """Retention class. Where stateful resources are protected, a destroy deletes only `ephemeral` artifacts.

    One of ephemeral, standard, long-term.
    """

    versioned: NotRequired[bool]
    """Keep overwritten and deleted objects for `old_versions_days`."""

    access_logs: NotRequired[bool]
    """Record every read and write of every place."""

    replicated: NotRequired[bool]
    """Copy every object to the target's `replica_region`."""

    data: NotRequired[PlaceSpec]
    """Raw and prepared data sets."""

    features: NotRequired[PlaceSpec]
    """Feature tables and their history."""

    models: NotRequired[PlaceSpec]
    """Model artifacts that the registry and the endpoints point to."""

    pipelines: NotRequired[PlaceSpec]
    """Pipeline output, checkpoints and caches."""

    monitoring: NotRequired[PlaceSpec]
    """Captured requests and responses, and monitoring results."""


class VariantSpec(TypedDict):
    """One model behind the endpoint, with its share of the traffic."""

    name: str
    """Name of the variant; it stays the same when the model changes."""

    model: NotRequired[str]
    """Path below the store's `models` place. Omitted: none yet; the pipeline or a later `up` sets it."""

    image: NotRequired[str]
    """Container image of this variant. Omitted: the endpoint's."""

    traffic_percent: NotRequired[int]
    """Percentage of live requests, a whole number; all variants sum to 100."""


class ShadowSpec(TypedDict):
    """A model that receives a copy of live requests; its answers are only recorded."""

    name: NotRequired[str]
    """Must differ from the variants' names."""

    model: str
    """Path below the store's `models` place."""

    image: NotRequired[str]
    """Omitted: the endpoint's."""

    sample_percent: NotRequired[int]
    """Percentage of live requests that are copied, a whole number."""


class CpuSpec(TypedDict):
    """The size of a CPU replica; the smallest machine that fits is used."""

    vcpus: NotRequired[int]
    """vCPUs of one replica."""

    memory_gib: NotRequired[int]
    """Memory of one replica, GiB."""


class AutoscalingSpec(TypedDict):
    """The load of one replica at which another is added."""

    metric: NotRequired[str]
    """Requests per minute and replica, concurrent requests per replica, or utilisation in percent.

    One of requests, concurrency, cpu, gpu.
    """

    target: NotRequired[int]
    """The target value, in the metric's unit."""

    cooldown_seconds: NotRequired[int]
    """Waiting time before replicas are removed, seconds."""


class SloSpec(TypedDict):
    """The endpoint's service level objective; a high burn rate raises an alert."""

    availability_percent: NotRequired[float]
    """Share of requests that succeed."""

    latency_ms: NotRequired[int]
    """Response time that `latency_percent` of requests stay under, milliseconds. Omitted: no latency objective."""

    latency_percent: NotRequired[float]
    """Share of requests under `latency_ms`."""

    window_days: NotRequired[int]
    """Rolling window, days."""


class EndpointSpec(TypedDict):
    """An online prediction service, private by default; callers need an identity of the cloud."""

    name: str
    """Unique in the platform; at most 24 characters."""

    server: NotRequired[str]
    """The model server; `custom` needs `image`.

    One of triton, vllm, torchserve, tensorflow, mlflow, custom.
    """

    image: NotRequired[str]
    """Container image. Omitted: the server's public image, pinned by the platform's catalogue."""

    model: NotRequired[str]
    """Short form of a single variant named `main` with all traffic."""

    variants: NotRequired[Sequence[VariantSpec]]
    """Models that share the traffic. Omitted: one variant named `main`."""

    shadow: NotRequired[ShadowSpec]
    """A model that receives a copy of the requests. Omitted: none."""

    accelerator: NotRequired[Sequence[str]]
    """GPU of one replica. Omitted: CPU."""

    cpu: NotRequired[CpuSpec]
    """Size of a CPU replica; the minimum vCPUs and memory of a GPU replica."""

    replicas: NotRequired[Sequence[int]]
    """Minimum and maximum replicas of each variant; with minimum 0 the endpoint scales to zero, if the cloud can."""

    autoscaling: NotRequired[AutoscalingSpec]
    """When replicas are added and removed."""

    max_concurrency: NotRequired[int]
    """Requests one replica handles at a time."""

    timeout_seconds: NotRequired[int]
    """Longest time a request may take."""

    port: NotRequired[int]
    """Port the container listens on; fixed by the server unless it is `custom`."""

    health_path: NotRequired[str]
    """HTTP path of the readiness probe of a `custom` server."""

    env: NotRequired[Mapping[str, str]]
    """Environment variables of the container; never secrets."""

    secrets: NotRequired[Mapping[str, str]]
    """Environment variables with their values from the platform's secret store, by name of the secret."""

    rollout: NotRequired[Any]
    """The rollout of a new model. Alarms on errors and latency roll it back."""

    capture_percent: NotRequired[int]
    """Percentage of requests and responses kept in the store's `monitoring` place, a whole number."""

    exposure: NotRequired[str]
    """Reachable from the platform's network only, or from the internet. Callers always need an identity.

    One of private, public.
    """

    slo: NotRequired[SloSpec]
    """Service level objective. Omitted: alerts on thresholds only."""


class TaintSpec(TypedDict):
    """A Kubernetes taint on every node of a pool."""

    key: str
    """Key of the taint, optionally with a DNS prefix."""

    value: NotRequired[str]
    """Value of the taint; may be empty."""

    effect: NotRequired[str]
    """Effect on pods without a matching toleration.

    One of NoSchedule, PreferNoSchedule, NoExecute.
    """


class GpuPoolSpec(TypedDict):
    """A pool of GPU nodes that scales from zero. The accelerator decides image, driver, labels and taints."""

    name: str
    """Unique in the cluster; at most 12 lower-case letters and digits, which every cloud accepts."""

    accelerator: Sequence[str]
    """Accelerators of each node, for example `"H100:8"` or `["L4:1", "T4:1"]`."""

    min_nodes: NotRequired[int]
    """Nodes that always run. Omitted: none, the pool scales from zero."""

    max_nodes: int
    """Maximum of nodes over all zones."""

    capacity: NotRequired[Any]
    """On demand, spot, a reservation or a capacity block.

    One of on-demand, spot.
    """

    disk_gib: NotRequired[int]
    """Boot disk of each node, GiB."""

    disk_type: NotRequired[str]
    """General-purpose SSD, or the cloud's provisioned-performance SSD.

    One of balanced, fast.
    """

    local_nvme: NotRequired[bool]
    """Use the machine's local NVMe disks as the nodes' ephemeral storage."""

    labels: NotRequired[Mapping[str, str]]
    """Kubernetes labels, besides those the platform sets."""

    taints: NotRequired[Sequence[TaintSpec]]
    """Kubernetes taints, besides the GPU taint."""

    zones: NotRequired[Sequence[int]]
    """Positions in the target's zones, from 1. Omitted: one zone for fabric and reservations, else all."""

    fabric: NotRequired[bool]
    """Multi-node training over the cloud's fast fabric (EFA, GPUDirect, InfiniBand), in one zone."""

    sharing: NotRequired[Any]
    """Share each GPU by time slicing or MIG. Omitted: a pod gets whole GPUs."""


class RegistrySpec(TypedDict):
    """Registries of container images and model versions."""

    repositories: NotRequired[Sequence[str]]
    """Image repositories to create."""

    keep_images: NotRequired[int]
    """Tagged images kept per repository; older ones are removed."""

    untagged_days: NotRequired[int]
    """Days until untagged images are removed."""

    immutable_tags: NotRequired[bool]
    """A pushed tag can never be moved. Omitted: true if the registry can enforce it."""

    scan_on_push: NotRequired[bool]
    """Scan images for known vulnerabilities. Omitted: true if the registry can do it."""

    pull_through: NotRequired[Sequence[str]]
    """Public registries cached in the platform's own.

    If the cloud requires a login for docker.io and ghcr.io, it is read from the stack's configuration: `pulumi
    config set --secret mlplatform:docker-io-user …` and `mlplatform:docker-io-token` (`ghcr-io-…`).

    One of docker.io, quay.io, ghcr.io, registry.k8s.io.
    """

    models: NotRequired[Sequence[str]]
    """Model groups; each holds the versions of one model with their approval state."""


class SystemPoolSpec(TypedDict):
    """The CPU nodes that run the cluster's own services."""

    min_nodes: NotRequired[int]
    """Minimum of nodes. Omitted: 3 in prod, 2 elsewhere."""

    max_nodes: NotRequired[int]
    """Maximum of nodes over all zones."""

    vcpus: NotRequired[int]
    """Minimum vCPUs of a node."""

    memory_gib: NotRequired[int]
    """Minimum memory of a node, GiB."""

    disk_gib: NotRequired[int]
    """Boot disk of each node, GiB."""


class TrainingSpec(TypedDict):
    """The Kubernetes cluster for training, and its node pools."""

    kubernetes_version: NotRequired[str]
    """Minor version; upgraded one minor at a time."""

    api_cidrs: NotRequired[Sequence[str]]
    """Public ranges that may reach the cluster's API. Omitted: the API is private."""

    system_pool: NotRequired[SystemPoolSpec]
    """The CPU pool that always runs."""

    pools: NotRequired[Sequence[GpuPoolSpec]]
    """GPU node pools."""


class AwsMadeNetwork(TypedDict):
    """A VPC."""

    vpc_id: str
    """Id of the VPC; DNS support and DNS host names must be on."""

    subnets: Mapping[str, str]
    """Private subnet with egress, by zone: at least two."""

    cidrs: Sequence[str]
    """All IPv4 ranges of the VPC, plain, because each becomes a rule."""


class AwsMadeKeys(TypedDict):
    """KMS keys."""

    default: NotRequired[str]
    """ARN of the key of every purpose that `arns` leaves out."""

    arns: NotRequired[Mapping[str, str]]
    """ARN by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """


class AwsMadeBucket(TypedDict):
    """A bucket that holds one place of the store."""

    name: str
    """Its name."""

    key_arn: NotRequired[str]
    """Key of its objects."""


class AwsMadeStore(TypedDict):
    """Buckets; their versioning, lifecycle, policies and access logs are their owner's."""

    buckets: Mapping[str, AwsMadeBucket]
    """Bucket by place; other places are made.

    One of data, features, models, pipelines, monitoring.
    """


class AwsMadeCluster(TypedDict):
    """An EKS cluster whose authentication mode includes the API, so that node groups let their role join."""

    cluster_name: str
    """Name of the cluster."""

    node_role_arn: str
    """Role of its nodes: worker, network add-on and image rights are its owner's."""

    subnets: Mapping[str, str]
    """Private subnet for nodes by zone."""

    version: NotRequired[str]
    """Kubernetes version of new nodes."""

    security_group_id: NotRequired[str]
    """Security group of nodes."""

    vpc_id: NotRequired[str]
    """The VPC, for pools with fabric."""


class AwsMade(TypedDict):
    """What somebody else made on AWS."""

    network: NotRequired[AwsMadeNetwork]
    """A VPC."""

    keys: NotRequired[AwsMadeKeys]
    """KMS keys."""

    store: NotRequired[AwsMadeStore]
    """Buckets; their versioning, lifecycle, policies and access logs are their owner's."""

    cluster: NotRequired[AwsMadeCluster]
    """An EKS cluster whose authentication mode includes the API, so that node groups let their role join."""


class AzureMadeNetwork(TypedDict):
    """A virtual network in the target's location."""

    vnet_id: str
    """Resource id of the virtual network."""

    node_subnet_ids: Sequence[str]
    """Subnets for cluster nodes: one for all zones, or one for each zone in the target's order."""

    endpoint_subnet_id: str
    """Subnet for private endpoints."""

    api_subnet_id: str
    """Subnet for a cluster's API server, /28 or larger, delegated to `Microsoft.ContainerService/managedClusters`."""

    apps_subnet_id: NotRequired[str]
    """Subnet for endpoints that scale to zero, /27 or larger and delegated to `Microsoft.App/environments`."""

    dns_zone_ids: NotRequired[Mapping[str, str]]
    """Existing private DNS zones by name (`privatelink.vaultcore.azure.net`), linked to the network already."""

    egress: NotRequired[str]
    """How nodes reach the internet: a NAT gateway on their subnets, a route table to a firewall, or not at all.

    One of nat, firewall, none.
    """


class AzureMadeKeys(TypedDict):
    """Keys in a vault with RBAC and purge protection, in the target's tenant."""

    vault_id: str
    """Resource id of the vault."""

    default: NotRequired[str]
    """Name of the key of every purpose that `names` leaves out."""

    names: NotRequired[Mapping[str, str]]
    """Name of the key by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """

    registry_vault_id: NotRequired[str]
    """Vault of the registry's key, which a new registry must reach without a firewall."""


class AzureMadeContainer(TypedDict):
    """A blob container that holds one place of the store."""

    account_id: str
    """Resource id of its storage account."""

    name: str
    """Name of the container."""


class AzureMadeStore(TypedDict):
    """Blob containers; lifecycle, keys, private endpoints and access logs of their accounts are their owner's."""

    containers: Mapping[str, AzureMadeContainer]
    """Container by place; other places are made.

    One of data, features, models, pipelines, monitoring.
    """


class AzureMadeCluster(TypedDict):
    """An AKS cluster in the target's location, with a disk encryption set where disks must be under a key of yours."""

    cluster_name: str
    """Name of the cluster."""

    group_name: str
    """Its resource group."""

    node_subnet_ids: Sequence[str]
    """Subnets for nodes: one for all zones, or one for each zone in the target's order."""

    issuer_url: NotRequired[str]
    """OIDC issuer of the service accounts' tokens, for `bind`."""

    control_plane_principal_id: NotRequired[str]
    """Entra object id of the control plane's identity."""


class AzureMade(TypedDict):
    """What somebody else made on Azure."""

    network: NotRequired[AzureMadeNetwork]
    """A virtual network in the target's location."""

    keys: NotRequired[AzureMadeKeys]
    """Keys in a vault with RBAC and purge protection, in the target's tenant."""

    store: NotRequired[AzureMadeStore]
    """Blob containers; lifecycle, keys, private endpoints and access logs of their accounts are their owner's."""

    cluster: NotRequired[AzureMadeCluster]
    """An AKS cluster in the target's location, with a disk encryption set where disks must be under a key of yours."""


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
    """Full resource name of the key of every purpose that `ids` leaves out."""

    ids: NotRequired[Mapping[str, str]]
    """Full resource name by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """


class GcpMadeStore(TypedDict):
    """Buckets with uniform access; their retention, lifecycle, keys and access logs are their owner's."""

    buckets: Mapping[str, str]
    """Bucket's name by place; other places are made.

    One of data, features, models, pipelines, monitoring.
    """


class GcpMadeCluster(TypedDict):
    """A VPC-native GKE cluster in the target's project with workload identity."""

    cluster_name: str
    """Name of the cluster."""

    node_service_account: str
    """E-mail address of the nodes' service account: its rights to logs, metrics and images are its owner's."""

    zones: Sequence[str]
    """Zones for nodes, plain, because a pool is spread over them."""

    location: NotRequired[str]
    """The cluster's region, or the zone of a zonal cluster."""

    fabric_networks: NotRequired[Sequence[Sequence[str]]]
    """Names of network and subnet of each extra interface of machines with GPUDirect-TCPX or TCPXO, in their order."""


class GcpMade(TypedDict):
    """What somebody else made on GCP."""

    network: NotRequired[GcpMadeNetwork]
    """A VPC."""

    keys: NotRequired[GcpMadeKeys]
    """Cloud KMS keys in the target's region."""

    store: NotRequired[GcpMadeStore]
    """Buckets with uniform access; their retention, lifecycle, keys and access logs are their owner's."""

    cluster: NotRequired[GcpMadeCluster]
    """A VPC-native GKE cluster in the target's project with workload identity."""


class Made(TypedDict):
    """What a component made, in the shape in which `existing` takes it"""

    aws: NotRequired[AwsMade]
    """On AWS."""

    azure: NotRequired[AzureMade]
    """On Azure."""

    gcp: NotRequired[GcpMade]
    """On GCP."""
