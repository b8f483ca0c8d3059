# ruff: noqa
# fmt: off
# What `overlay` of each model takes, for type checkers. Written by `make goldens`, never edited.
# pyright: reportPrivateUsage=false, reportOverlappingOverload=false
# pyright: reportUnusedImport=false, reportPrivateImportUsage=false
from collections.abc import Callable
from typing import Protocol, TypeVar, overload

import mlplatform.backends.aws.adopted
import mlplatform.backends.aws.adopted_file_system
import mlplatform.backends.aws.adopted_network
import mlplatform.backends.aws.target
import mlplatform.backends.azure.adopted
import mlplatform.backends.azure.adopted_file_system
import mlplatform.backends.azure.adopted_network
import mlplatform.backends.azure.target
import mlplatform.backends.gcp.adopted
import mlplatform.backends.gcp.adopted_file_system
import mlplatform.backends.gcp.adopted_network
import mlplatform.backends.gcp.target
import mlplatform.spec.access
import mlplatform.spec.adopted
import mlplatform.spec.airflow
import mlplatform.spec.artifact_store
import mlplatform.spec.base
import mlplatform.spec.base_models
import mlplatform.spec.budget
import mlplatform.spec.candidates
import mlplatform.spec.capacity
import mlplatform.spec.capture_redaction
import mlplatform.spec.cluster
import mlplatform.spec.cpu_pool
import mlplatform.spec.data_checks
import mlplatform.spec.endpoints
import mlplatform.spec.feature_store
import mlplatform.spec.file_system
import mlplatform.spec.gates
import mlplatform.spec.gpu_sharing
import mlplatform.spec.keys
import mlplatform.spec.managed_airflow
import mlplatform.spec.model_monitor
import mlplatform.spec.monitor_job
import mlplatform.spec.monitor_questions
import mlplatform.spec.monitoring
import mlplatform.spec.mounts
import mlplatform.spec.network
import mlplatform.spec.nodes
import mlplatform.spec.notebooks
import mlplatform.spec.pinned_images
import mlplatform.spec.pipeline_parameters
import mlplatform.spec.pipeline_steps
import mlplatform.spec.pipelines
import mlplatform.spec.platform
import mlplatform.spec.redaction_job
import mlplatform.spec.registry
import mlplatform.spec.releases
import mlplatform.spec.replicas
import mlplatform.spec.rollouts
import mlplatform.spec.step_folders
import mlplatform.spec.target
import mlplatform.spec.teams
import mlplatform.spec.tracking
import mlplatform.spec.training
import mlplatform.spec.training_run
import mlplatform.spec.triggers
import mlplatform.spec.tune
import mlplatform.spec.variants

M = TypeVar("M", bound=mlplatform.spec.base.SpecModel)

class _AwsAdopted(Protocol):
    def __call__(
        self,
        *,
        keys: mlplatform.backends.aws.adopted.AwsAdoptedKeys | None = ...,
        store: mlplatform.backends.aws.adopted.AwsAdoptedStore | None = ...,
        cluster: mlplatform.backends.aws.adopted.AwsAdoptedCluster | None = ...,
        registry: mlplatform.backends.aws.adopted.AwsAdoptedRegistry | None = ...,
        identities: mlplatform.backends.aws.adopted.AwsAdoptedIdentities | None = ...,
    ) -> mlplatform.backends.aws.adopted.AwsAdopted: ...

class _AwsAdoptedCluster(Protocol):
    def __call__(
        self,
        *,
        cluster_name: str = ...,
        node_role_arn: str = ...,
        subnets: dict[str, mlplatform.backends.aws.adopted._Subnet] = ...,
        version: str | None = ...,
        security_group_id: str | None = ...,
        vpc_id: str | None = ...,
    ) -> mlplatform.backends.aws.adopted.AwsAdoptedCluster: ...

class _AwsAdoptedIdentities(Protocol):
    def __call__(
        self,
        *,
        training: mlplatform.backends.aws.adopted._Role | None = ...,
        pipelines: mlplatform.backends.aws.adopted._Role | None = ...,
        ci: mlplatform.backends.aws.adopted._Role | None = ...,
        endpoints: dict[mlplatform.backends.aws.adopted.Name, mlplatform.backends.aws.adopted._Role] = ...,
    ) -> mlplatform.backends.aws.adopted.AwsAdoptedIdentities: ...

class _AwsAdoptedKeys(Protocol):
    def __call__(
        self,
        *,
        default: mlplatform.backends.aws.adopted._Key | None = ...,
        arns: dict[mlplatform.backends.aws.adopted.KeyPurpose, mlplatform.backends.aws.adopted._Key] = ...,
    ) -> mlplatform.backends.aws.adopted.AwsAdoptedKeys: ...

class _AwsAdoptedRegistry(Protocol):
    def __call__(
        self,
        *,
        repositories: dict[mlplatform.backends.aws.adopted.Name, mlplatform.backends.aws.adopted._Repository] = ...,
    ) -> mlplatform.backends.aws.adopted.AwsAdoptedRegistry: ...

class _AwsAdoptedStore(Protocol):
    def __call__(
        self,
        *,
        buckets: dict[mlplatform.backends.aws.adopted.Place, mlplatform.backends.aws.adopted.AwsAdoptedBucket] = ...,
    ) -> mlplatform.backends.aws.adopted.AwsAdoptedStore: ...

class _AwsTarget(Protocol):
    def __call__(
        self,
        *,
        cloud: mlplatform.backends.aws.target.Literal['aws'] = ...,
        name: mlplatform.spec.target.TargetName = ...,
        zones: tuple[str, ...] = ...,
        replica_region: str | None = ...,
        reservations: dict[mlplatform.spec.target.Name, mlplatform.spec.target.ReservationBinding] = ...,
        offered: tuple[str, ...] = ...,
        people: dict[mlplatform.spec.target.Role, tuple[str, ...]] = ...,
        members: dict[str, tuple[str, ...]] = ...,
        pools: dict[str, mlplatform.spec.target.PoolOverride] = ...,
        endpoints: dict[str, mlplatform.spec.target.EndpointOverride] = ...,
        account_id: str = ...,
        region: str = ...,
        network: mlplatform.backends.aws.target._AdoptedNetwork | None = ...,
        existing: mlplatform.backends.aws.target._Adopted | None = ...,
        shared_file_system: mlplatform.backends.aws.target._FileSystem | None = ...,
        hub: mlplatform.backends.aws.target._Hub | None = ...,
        oidc_provider_arn: mlplatform.backends.aws.target._Arn | None = ...,
        ci_connection_arn: mlplatform.backends.aws.target._Arn | None = ...,
        grafana_login: mlplatform.backends.aws.target.Literal['AWS_SSO', 'SAML'] = ...,
        account_baseline: bool = ...,
        audit_trail: bool = ...,
    ) -> mlplatform.backends.aws.target.AwsTarget: ...

class _AzureAdopted(Protocol):
    def __call__(
        self,
        *,
        keys: mlplatform.backends.azure.adopted.AzureAdoptedKeys | None = ...,
        store: mlplatform.backends.azure.adopted.AzureAdoptedStore | None = ...,
        cluster: mlplatform.backends.azure.adopted.AzureAdoptedCluster | None = ...,
        registry: mlplatform.backends.azure.adopted.AzureAdoptedRegistry | None = ...,
        identities: mlplatform.backends.azure.adopted.AzureAdoptedIdentities | None = ...,
    ) -> mlplatform.backends.azure.adopted.AzureAdopted: ...

class _AzureAdoptedCluster(Protocol):
    def __call__(
        self,
        *,
        cluster_name: str = ...,
        group_name: str = ...,
        node_subnet_ids: tuple[mlplatform.backends.azure.adopted._Subnet, ...] = ...,
        issuer_url: str | None = ...,
        control_plane_principal_id: str | None = ...,
    ) -> mlplatform.backends.azure.adopted.AzureAdoptedCluster: ...

class _AzureAdoptedIdentities(Protocol):
    def __call__(
        self,
        *,
        training: mlplatform.backends.azure.adopted.AzureAdoptedIdentity | None = ...,
        pipelines: mlplatform.backends.azure.adopted.AzureAdoptedIdentity | None = ...,
        ci: mlplatform.backends.azure.adopted.AzureAdoptedIdentity | None = ...,
        endpoints: dict[mlplatform.backends.azure.adopted.Name, mlplatform.backends.azure.adopted.AzureAdoptedIdentity] = ...,
    ) -> mlplatform.backends.azure.adopted.AzureAdoptedIdentities: ...

class _AzureAdoptedKeys(Protocol):
    def __call__(
        self,
        *,
        vault_id: str = ...,
        default: mlplatform.backends.azure.adopted._Name | None = ...,
        names: dict[mlplatform.backends.azure.adopted.KeyPurpose, mlplatform.backends.azure.adopted._Name] = ...,
        registry_vault_id: str | None = ...,
    ) -> mlplatform.backends.azure.adopted.AzureAdoptedKeys: ...

class _AzureAdoptedRegistry(Protocol):
    def __call__(
        self,
        *,
        registry_id: str = ...,
        login_server: str | None = ...,
    ) -> mlplatform.backends.azure.adopted.AzureAdoptedRegistry: ...

class _AzureAdoptedStore(Protocol):
    def __call__(
        self,
        *,
        containers: dict[mlplatform.backends.azure.adopted.Place, mlplatform.backends.azure.adopted.AzureAdoptedContainer] = ...,
    ) -> mlplatform.backends.azure.adopted.AzureAdoptedStore: ...

class _AzureTarget(Protocol):
    def __call__(
        self,
        *,
        cloud: mlplatform.backends.azure.target.Literal['azure'] = ...,
        name: mlplatform.spec.target.TargetName = ...,
        zones: tuple[str, ...] = ...,
        replica_region: str | None = ...,
        reservations: dict[mlplatform.spec.target.Name, mlplatform.spec.target.ReservationBinding] = ...,
        offered: tuple[str, ...] = ...,
        people: dict[mlplatform.spec.target.Role, tuple[str, ...]] = ...,
        members: dict[str, tuple[str, ...]] = ...,
        pools: dict[str, mlplatform.spec.target.PoolOverride] = ...,
        endpoints: dict[str, mlplatform.spec.target.EndpointOverride] = ...,
        subscription_id: mlplatform.backends.azure.target._Guid = ...,
        tenant_id: mlplatform.backends.azure.target._Guid = ...,
        location: str = ...,
        network: mlplatform.backends.azure.target._AdoptedNetwork | None = ...,
        existing: mlplatform.backends.azure.target._Adopted | None = ...,
        shared_file_system: mlplatform.backends.azure.target._FileSystem | None = ...,
        hub: mlplatform.backends.azure.target._Hub | None = ...,
        incarnation: str = ...,
        deletion_policy: bool = ...,
        features_size: mlplatform.backends.azure.target.Literal['Balanced_B0', 'Balanced_B1', 'Balanced_B3', 'Balanced_B5', 'Balanced_B10', 'Balanced_B20', 'Balanced_B50'] = ...,
        register_features: bool = ...,
        host_encryption: bool = ...,
        defender_for_containers: bool = ...,
        callers_app_id: mlplatform.backends.azure.target._Guid | None = ...,
        kubernetes_patch: int | None = ...,
        subscription_audit: bool = ...,
    ) -> mlplatform.backends.azure.target.AzureTarget: ...

class _GcpAdopted(Protocol):
    def __call__(
        self,
        *,
        keys: mlplatform.backends.gcp.adopted.GcpAdoptedKeys | None = ...,
        store: mlplatform.backends.gcp.adopted.GcpAdoptedStore | None = ...,
        cluster: mlplatform.backends.gcp.adopted.GcpAdoptedCluster | None = ...,
        registry: mlplatform.backends.gcp.adopted.GcpAdoptedRegistry | None = ...,
        identities: mlplatform.backends.gcp.adopted.GcpAdoptedIdentities | None = ...,
    ) -> mlplatform.backends.gcp.adopted.GcpAdopted: ...

class _GcpAdoptedCluster(Protocol):
    def __call__(
        self,
        *,
        cluster_name: str = ...,
        node_service_account: str = ...,
        zones: tuple[str, ...] = ...,
        location: str | None = ...,
        fabric_networks: tuple[mlplatform.backends.gcp.adopted.GcpFabricNetwork, ...] = ...,
    ) -> mlplatform.backends.gcp.adopted.GcpAdoptedCluster: ...

class _GcpAdoptedIdentities(Protocol):
    def __call__(
        self,
        *,
        training: mlplatform.backends.gcp.adopted._Account | None = ...,
        pipelines: mlplatform.backends.gcp.adopted._Account | None = ...,
        ci: mlplatform.backends.gcp.adopted._Account | None = ...,
        endpoints: dict[mlplatform.backends.gcp.adopted.Name, mlplatform.backends.gcp.adopted._Account] = ...,
    ) -> mlplatform.backends.gcp.adopted.GcpAdoptedIdentities: ...

class _GcpAdoptedKeys(Protocol):
    def __call__(
        self,
        *,
        default: mlplatform.backends.gcp.adopted._Key | None = ...,
        ids: dict[mlplatform.backends.gcp.adopted.KeyPurpose, mlplatform.backends.gcp.adopted._Key] = ...,
    ) -> mlplatform.backends.gcp.adopted.GcpAdoptedKeys: ...

class _GcpAdoptedRegistry(Protocol):
    def __call__(
        self,
        *,
        repositories: dict[mlplatform.backends.gcp.adopted.Name, mlplatform.backends.gcp.adopted._Repository] = ...,
    ) -> mlplatform.backends.gcp.adopted.GcpAdoptedRegistry: ...

class _GcpAdoptedStore(Protocol):
    def __call__(
        self,
        *,
        buckets: dict[mlplatform.backends.gcp.adopted.Place, mlplatform.backends.gcp.adopted._Bucket] = ...,
    ) -> mlplatform.backends.gcp.adopted.GcpAdoptedStore: ...

class _GcpTarget(Protocol):
    def __call__(
        self,
        *,
        cloud: mlplatform.backends.gcp.target.Literal['gcp'] = ...,
        name: mlplatform.spec.target.TargetName = ...,
        zones: tuple[str, ...] = ...,
        replica_region: str | None = ...,
        reservations: dict[mlplatform.spec.target.Name, mlplatform.spec.target.ReservationBinding] = ...,
        offered: tuple[str, ...] = ...,
        people: dict[mlplatform.spec.target.Role, tuple[str, ...]] = ...,
        members: dict[str, tuple[str, ...]] = ...,
        pools: dict[str, mlplatform.spec.target.PoolOverride] = ...,
        endpoints: dict[str, mlplatform.spec.target.EndpointOverride] = ...,
        project: str = ...,
        project_number: str = ...,
        region: str = ...,
        billing_account: str | None = ...,
        network: mlplatform.backends.gcp.target._AdoptedNetwork | None = ...,
        existing: mlplatform.backends.gcp.target._Adopted | None = ...,
        shared_file_system: mlplatform.backends.gcp.target._FileSystem | None = ...,
        hub: mlplatform.backends.gcp.target._Hub | None = ...,
        incarnation: str = ...,
        security_group: str | None = ...,
        admitted_images: tuple[str, ...] | None = ...,
        audit_logs: bool = ...,
    ) -> mlplatform.backends.gcp.target.GcpTarget: ...

class _CaptureRedactionSpec(Protocol):
    def __call__(
        self,
        *,
        fields: tuple[mlplatform.spec.capture_redaction.FieldName, ...] = ...,
        kinds: tuple[mlplatform.spec.capture_redaction.PersonalData, ...] = ...,
        patterns: tuple[str, ...] = ...,
        image: mlplatform.spec.capture_redaction.Image | None = ...,
    ) -> mlplatform.spec.capture_redaction.CaptureRedactionSpec: ...

class _ModelMonitorSpec(Protocol):
    def __call__(
        self,
        *,
        task: mlplatform.spec.monitor_questions.MonitorTask = ...,
        inputs: tuple[mlplatform.spec.monitor_questions.MonitorInput, ...] = ...,
        score: mlplatform.spec.monitor_questions.ColumnName | None = ...,
        predicted: mlplatform.spec.monitor_questions.ColumnName | None = ...,
        query: mlplatform.spec.monitor_questions.ColumnName = ...,
        row_id: mlplatform.spec.monitor_questions.ColumnName = ...,
        metrics: tuple[mlplatform.spec.monitor_questions.MonitorMetric, ...] = ...,
        slices: tuple[mlplatform.spec.monitor_questions.ColumnName, ...] = ...,
        false_alarms_per_year: float = ...,
        least_shift: float = ...,
        least_concept: float = ...,
        least_loss: float = ...,
        least_rows: int = ...,
        least_labels: int = ...,
        on: mlplatform.spec.model_monitor.Literal['managed', 'cluster'] = ...,
        pool: mlplatform.spec.model_monitor.PoolName | None = ...,
        workers: int = ...,
        variant: mlplatform.spec.model_monitor.ColumnName | None = ...,
        image: mlplatform.spec.model_monitor.Image | None = ...,
        reference: mlplatform.spec.model_monitor.StorePath = ...,
        labels: mlplatform.spec.model_monitor.MonitorLabelsSpec | None = ...,
        features: mlplatform.spec.model_monitor.ColumnName | None = ...,
        every_hours: mlplatform.spec.model_monitor.Literal[1, 2, 3, 4, 6, 8, 12, 24] = ...,
        first_hour: int = ...,
        window_hours: int | None = ...,
        severity: mlplatform.spec.model_monitor.Severity = ...,
        retrain: tuple[mlplatform.spec.model_monitor.PipelineName, ...] = ...,
    ) -> mlplatform.spec.model_monitor.ModelMonitorSpec: ...

class _MonitorSettings(Protocol):
    def __call__(
        self,
        *,
        task: mlplatform.spec.monitor_questions.MonitorTask = ...,
        inputs: tuple[mlplatform.spec.monitor_questions.MonitorInput, ...] = ...,
        score: mlplatform.spec.monitor_questions.ColumnName | None = ...,
        predicted: mlplatform.spec.monitor_questions.ColumnName | None = ...,
        query: mlplatform.spec.monitor_questions.ColumnName = ...,
        row_id: mlplatform.spec.monitor_questions.ColumnName = ...,
        metrics: tuple[mlplatform.spec.monitor_questions.MonitorMetric, ...] = ...,
        slices: tuple[mlplatform.spec.monitor_questions.ColumnName, ...] = ...,
        false_alarms_per_year: float = ...,
        least_shift: float = ...,
        least_concept: float = ...,
        least_loss: float = ...,
        least_rows: int = ...,
        least_labels: int = ...,
        endpoint: mlplatform.spec.monitor_job.ColumnName = ...,
        model: mlplatform.spec.monitor_job.ColumnName = ...,
        version: mlplatform.spec.monitor_job.ColumnName | None = ...,
        variant: mlplatform.spec.monitor_job.ColumnName | None = ...,
        label: mlplatform.spec.monitor_job.ColumnName = ...,
        label_days: float = ...,
        runs_per_year: int = ...,
        pipeline: mlplatform.spec.monitor_job.ColumnName | None = ...,
    ) -> mlplatform.spec.monitor_job.MonitorSettings: ...

class _EmailRoute(Protocol):
    def __call__(
        self,
        *,
        severities: tuple[mlplatform.spec.monitoring.Severity, ...] = ...,
        kind: mlplatform.spec.monitoring.Literal['email'] = ...,
        address: mlplatform.spec.monitoring.Email = ...,
    ) -> mlplatform.spec.monitoring.EmailRoute: ...

class _PagerDutyRoute(Protocol):
    def __call__(
        self,
        *,
        severities: tuple[mlplatform.spec.monitoring.Severity, ...] = ...,
        kind: mlplatform.spec.monitoring.Literal['pagerduty'] = ...,
        name: mlplatform.spec.monitoring.Name = ...,
        key_secret: mlplatform.spec.monitoring.Name = ...,
    ) -> mlplatform.spec.monitoring.PagerDutyRoute: ...

class _SlackRoute(Protocol):
    def __call__(
        self,
        *,
        severities: tuple[mlplatform.spec.monitoring.Severity, ...] = ...,
        kind: mlplatform.spec.monitoring.Literal['slack'] = ...,
        channel: str = ...,
        channel_id: str = ...,
        team_id: str = ...,
        token_secret: mlplatform.spec.monitoring.Name = ...,
    ) -> mlplatform.spec.monitoring.SlackRoute: ...

class _WebhookRoute(Protocol):
    def __call__(
        self,
        *,
        severities: tuple[mlplatform.spec.monitoring.Severity, ...] = ...,
        kind: mlplatform.spec.monitoring.Literal['webhook'] = ...,
        name: mlplatform.spec.monitoring.Name = ...,
        url_secret: mlplatform.spec.monitoring.Name = ...,
    ) -> mlplatform.spec.monitoring.WebhookRoute: ...

class _RedactionJob(Protocol):
    def __call__(
        self,
        *,
        fields: tuple[mlplatform.spec.capture_redaction.FieldName, ...] = ...,
        kinds: tuple[mlplatform.spec.capture_redaction.PersonalData, ...] = ...,
        patterns: tuple[str, ...] = ...,
        columns: tuple[mlplatform.spec.redaction_job.FieldName, ...] = ...,
    ) -> mlplatform.spec.redaction_job.RedactionJob: ...

class _AwaitingEndpoint(Protocol):
    def __call__(
        self,
        *,
        name: str = ...,
        on: mlplatform.spec.endpoints.Literal['managed', 'cluster'] = ...,
        pool: mlplatform.spec.endpoints.PoolName | None = ...,
        server: mlplatform.spec.endpoints.Server = ...,
        image: mlplatform.spec.endpoints.Image | None = ...,
        model: mlplatform.spec.endpoints.ModelPath | None = ...,
        variants: tuple[mlplatform.spec.endpoints.VariantSpec, ...] = ...,
        shadow: mlplatform.spec.endpoints.ShadowSpec | None = ...,
        accelerator: mlplatform.spec.endpoints.Accelerators | None = ...,
        nodes: int = ...,
        model_cache: mlplatform.spec.endpoints.Literal['none', 'node'] = ...,
        cpu: mlplatform.spec.endpoints.CpuSpec = ...,
        replicas: tuple[int, int] = ...,
        autoscaling: mlplatform.spec.endpoints.AutoscalingSpec = ...,
        max_concurrency: int = ...,
        timeout_seconds: int = ...,
        startup_seconds: int | None = ...,
        port: int = ...,
        health_path: str = ...,
        env: dict[mlplatform.spec.endpoints.EnvName, str] = ...,
        secrets: dict[mlplatform.spec.endpoints.EnvName, mlplatform.spec.endpoints.SecretName] = ...,
        rollout: mlplatform.spec.endpoints.Rollout = ...,
        capture_percent: int = ...,
        redact: mlplatform.spec.endpoints._Redaction | None = ...,
        monitor: mlplatform.spec.endpoints._Monitor | None = ...,
        exposure: mlplatform.spec.endpoints.Literal['private', 'public'] = ...,
        entry: mlplatform.spec.endpoints.PublicEntrySpec | None = ...,
        slo: mlplatform.spec.endpoints.SloSpec | None = ...,
    ) -> mlplatform.spec.releases.AwaitingEndpoint: ...

class _Release(Protocol):
    def __call__(
        self,
        *,
        model: mlplatform.spec.releases.ModelName | None = ...,
        version: mlplatform.spec.releases.Version | None = ...,
        artifact: mlplatform.spec.releases.Words | None = ...,
        digests: dict[mlplatform.spec.releases.Words, mlplatform.spec.releases.Digest] = ...,
        image: mlplatform.spec.releases.Words | None = ...,
        image_digest: mlplatform.spec.releases.Digest | None = ...,
        data_version: mlplatform.spec.releases.Words | None = ...,
        commit: mlplatform.spec.releases.Words | None = ...,
        run: mlplatform.spec.releases.Words | None = ...,
        registry: mlplatform.spec.releases.Words | None = ...,
        training: mlplatform.spec.releases.TrainingRun | None = ...,
        gates: tuple[mlplatform.spec.releases.GateResult, ...] = ...,
        approver: mlplatform.spec.releases.Words = ...,
        review: mlplatform.spec.releases.ModelReview | None = ...,
        previous: mlplatform.spec.releases.FormerRelease | None = ...,
    ) -> mlplatform.spec.releases.Release: ...

class _AwsAdoptedBucket(Protocol):
    def __call__(
        self,
        *,
        name: str = ...,
        key_arn: mlplatform.backends.aws.adopted._Key | None = ...,
    ) -> mlplatform.backends.aws.adopted.AwsAdoptedBucket: ...

class _AwsFileSystem(Protocol):
    def __call__(
        self,
        *,
        id: str = ...,
        mount_name: str = ...,
    ) -> mlplatform.backends.aws.adopted_file_system.AwsFileSystem: ...

class _AwsAdoptedNetwork(Protocol):
    def __call__(
        self,
        *,
        vpc_id: str = ...,
        subnets: dict[str, str] = ...,
        cidrs: tuple[str, ...] = ...,
    ) -> mlplatform.backends.aws.adopted_network.AwsAdoptedNetwork: ...

class _AwsHub(Protocol):
    def __call__(
        self,
        *,
        transit_gateway_id: str = ...,
        cidrs: tuple[mlplatform.backends.aws.adopted_network.IPv4Network, ...] = ...,
    ) -> mlplatform.backends.aws.adopted_network.AwsHub: ...

class _AzureAdoptedContainer(Protocol):
    def __call__(
        self,
        *,
        account_id: str = ...,
        name: str = ...,
    ) -> mlplatform.backends.azure.adopted.AzureAdoptedContainer: ...

class _AzureAdoptedIdentity(Protocol):
    def __call__(
        self,
        *,
        id: str = ...,
        principal_id: str = ...,
        client_id: str = ...,
    ) -> mlplatform.backends.azure.adopted.AzureAdoptedIdentity: ...

class _AzureFileSystem(Protocol):
    def __call__(
        self,
        *,
        address: mlplatform.backends.azure.adopted_file_system.PrivateAddress = ...,
    ) -> mlplatform.backends.azure.adopted_file_system.AzureFileSystem: ...

class _AzureAdoptedNetwork(Protocol):
    def __call__(
        self,
        *,
        vnet_id: str = ...,
        node_subnet_ids: tuple[mlplatform.backends.azure.adopted_network._Subnet, ...] = ...,
        endpoint_subnet_id: mlplatform.backends.azure.adopted_network._Subnet = ...,
        api_subnet_id: mlplatform.backends.azure.adopted_network._Subnet = ...,
        apps_subnet_id: mlplatform.backends.azure.adopted_network._Subnet | None = ...,
        dns_zone_ids: dict[str, mlplatform.backends.azure.adopted_network._Zone] = ...,
        egress: mlplatform.backends.azure.adopted_network.Literal['nat', 'firewall'] = ...,
    ) -> mlplatform.backends.azure.adopted_network.AzureAdoptedNetwork: ...

class _AzureHub(Protocol):
    def __call__(
        self,
        *,
        vnet_id: str = ...,
        gateway: bool = ...,
        link_dns: bool = ...,
    ) -> mlplatform.backends.azure.adopted_network.AzureHub: ...

class _GcpFabricNetwork(Protocol):
    def __call__(
        self,
        *,
        network: str = ...,
        subnet: str = ...,
    ) -> mlplatform.backends.gcp.adopted.GcpFabricNetwork: ...

class _GcpFileSystem(Protocol):
    def __call__(
        self,
        *,
        instance: str = ...,
        address: mlplatform.backends.gcp.adopted_file_system.PrivateAddress = ...,
        filesystem: str = ...,
    ) -> mlplatform.backends.gcp.adopted_file_system.GcpFileSystem: ...

class _GcpAdoptedNetwork(Protocol):
    def __call__(
        self,
        *,
        network: str = ...,
        subnet: str = ...,
        pods_range: str = ...,
        services_range: str = ...,
        apps_subnet: str | None = ...,
        project: str | None = ...,
    ) -> mlplatform.backends.gcp.adopted_network.GcpAdoptedNetwork: ...

class _GcpHub(Protocol):
    def __call__(
        self,
        *,
        network: str = ...,
    ) -> mlplatform.backends.gcp.adopted_network.GcpHub: ...

class _AccessSpec(Protocol):
    def __call__(
        self,
        *,
        ci: mlplatform.spec.access.CiSpec | None = ...,
        entry: mlplatform.spec.access.Entry | None = ...,
        training_namespace: str = ...,
    ) -> mlplatform.spec.access.AccessSpec: ...

class _CiSpec(Protocol):
    def __call__(
        self,
        *,
        system: mlplatform.spec.access.Literal['github', 'gitlab'] = ...,
        repository: str = ...,
        owner_id: mlplatform.spec.access.GitHubId | None = ...,
        repository_id: mlplatform.spec.access.GitHubId | None = ...,
        branch: str = ...,
        runner: mlplatform.spec.access.Literal['hosted', 'network'] = ...,
    ) -> mlplatform.spec.access.CiSpec: ...

class _Adopted(Protocol):
    def __call__(
        self,
    ) -> mlplatform.spec.adopted.Adopted: ...

class _AdoptedPart(Protocol):
    def __call__(
        self,
    ) -> mlplatform.spec.adopted.AdoptedPart: ...

class _AirflowLoginSpec(Protocol):
    def __call__(
        self,
        *,
        client_id: str = ...,
        issuer: mlplatform.spec.airflow.HttpsUrl = ...,
        name_claim: mlplatform.spec.airflow.Claim = ...,
        groups_claim: mlplatform.spec.airflow.Claim = ...,
        scopes: tuple[mlplatform.spec.airflow.Claim, ...] = ...,
        groups: tuple[mlplatform.spec.airflow.Member, ...] = ...,
        people: tuple[mlplatform.spec.airflow.Member, ...] = ...,
    ) -> mlplatform.spec.airflow.AirflowLoginSpec: ...

class _AirflowSpec(Protocol):
    def __call__(
        self,
        *,
        login: mlplatform.spec.airflow.AirflowLoginSpec = ...,
        address: mlplatform.spec.airflow.HubUrl = ...,
    ) -> mlplatform.spec.airflow.AirflowSpec: ...

class _ArtifactStoreSpec(Protocol):
    def __call__(
        self,
        *,
        retention: mlplatform.spec.artifact_store.RetentionClass = ...,
        versioned: bool = ...,
        access_logs: bool = ...,
        replicated: bool = ...,
        data: mlplatform.spec.artifact_store.PlaceSpec = ...,
        features: mlplatform.spec.artifact_store.PlaceSpec = ...,
        models: mlplatform.spec.artifact_store.PlaceSpec = ...,
        pipelines: mlplatform.spec.artifact_store.PlaceSpec = ...,
        monitoring: mlplatform.spec.artifact_store.PlaceSpec = ...,
    ) -> mlplatform.spec.artifact_store.ArtifactStoreSpec: ...

class _PlaceSpec(Protocol):
    def __call__(
        self,
        *,
        retention: mlplatform.spec.artifact_store.RetentionClass | None = ...,
        versioned: bool | None = ...,
        tier_after_days: int | None = ...,
        expire_after_days: int | None = ...,
        old_versions_days: int | None = ...,
        worm: mlplatform.spec.artifact_store.WormSpec | None = ...,
        legal_hold: bool = ...,
    ) -> mlplatform.spec.artifact_store.PlaceSpec: ...

class _ResolvedPlace(Protocol):
    def __call__(
        self,
        *,
        place: mlplatform.spec.artifact_store.Place = ...,
        retention: mlplatform.spec.artifact_store.RetentionClass = ...,
        versioned: bool = ...,
        tier_after_days: int | None = ...,
        expire_after_days: int | None = ...,
        old_versions_days: int = ...,
        worm: mlplatform.spec.artifact_store.WormSpec | None = ...,
        legal_hold: bool = ...,
    ) -> mlplatform.spec.artifact_store.ResolvedPlace: ...

class _WormSpec(Protocol):
    def __call__(
        self,
        *,
        days: int = ...,
        locked: bool = ...,
    ) -> mlplatform.spec.artifact_store.WormSpec: ...

class _BaseModelSpec(Protocol):
    def __call__(
        self,
        *,
        id: mlplatform.spec.base_models.HubId = ...,
        revision: mlplatform.spec.base_models.Revision = ...,
        licence: mlplatform.spec.base_models.Licence = ...,
        digest: str = ...,
    ) -> mlplatform.spec.base_models.BaseModelSpec: ...

class _BudgetSpec(Protocol):
    def __call__(
        self,
        *,
        monthly_usd: int = ...,
        alert_percent: tuple[int, ...] = ...,
        emails: tuple[mlplatform.spec.budget.Email, ...] = ...,
        starts: str = ...,
    ) -> mlplatform.spec.budget.BudgetSpec: ...

class _CandidateSpec(Protocol):
    def __call__(
        self,
        *,
        candidate_version: mlplatform.spec.candidates.Literal[1] = ...,
        model: mlplatform.spec.candidates.ModelName = ...,
        version: mlplatform.spec.candidates.Version = ...,
        pipeline: mlplatform.spec.candidates.Words = ...,
        run: mlplatform.spec.candidates.Words = ...,
        commit: mlplatform.spec.candidates.Words | None = ...,
        data_version: mlplatform.spec.candidates.Words | None = ...,
        image: mlplatform.spec.candidates.Words | None = ...,
        training: mlplatform.spec.candidates.TrainingRun | None = ...,
        digests: dict[mlplatform.spec.candidates.Words, mlplatform.spec.candidates.Digest] = ...,
        gates: tuple[mlplatform.spec.candidates.GateResult, ...] = ...,
        compared: bool = ...,
        released: mlplatform.spec.candidates.Version | None = ...,
        metrics: dict[mlplatform.spec.candidates.Words, float] = ...,
        sign_off: tuple[mlplatform.spec.candidates.SignOffRole, ...] = ...,
        registry: mlplatform.spec.candidates.Words | None = ...,
    ) -> mlplatform.spec.candidates.CandidateSpec: ...

class _CapacityBlock(Protocol):
    def __call__(
        self,
        *,
        kind: mlplatform.spec.capacity.Literal['capacity-block'] = ...,
        name: mlplatform.spec.capacity.Name = ...,
        count: int = ...,
        starts: mlplatform.spec.capacity.datetime = ...,
        ends: mlplatform.spec.capacity.datetime = ...,
    ) -> mlplatform.spec.capacity.CapacityBlock: ...

class _Reservation(Protocol):
    def __call__(
        self,
        *,
        kind: mlplatform.spec.capacity.Literal['reservation'] = ...,
        name: mlplatform.spec.capacity.Name = ...,
        count: int = ...,
    ) -> mlplatform.spec.capacity.Reservation: ...

class _RedactionRules(Protocol):
    def __call__(
        self,
        *,
        fields: tuple[mlplatform.spec.capture_redaction.FieldName, ...] = ...,
        kinds: tuple[mlplatform.spec.capture_redaction.PersonalData, ...] = ...,
        patterns: tuple[str, ...] = ...,
    ) -> mlplatform.spec.capture_redaction.RedactionRules: ...

class _ClusterSpec(Protocol):
    def __call__(
        self,
        *,
        engines: tuple[mlplatform.spec.cluster.Engine, ...] = ...,
        pods_ready_minutes: int = ...,
        addons: tuple[mlplatform.spec.cluster.AddOn, ...] = ...,
        notebooks: mlplatform.spec.cluster.NotebooksSpec | None = ...,
        teams: tuple[mlplatform.spec.cluster.TeamSpec, ...] = ...,
        images: mlplatform.spec.cluster.ImageSource | None = ...,
        mounts: tuple[mlplatform.spec.cluster.MountSpec, ...] = ...,
        shared_file_system: mlplatform.spec.cluster._SharedFileSystem | None = ...,
        airflow: mlplatform.spec.cluster._Airflow | None = ...,
        managed_airflow: mlplatform.spec.cluster._ManagedAirflow | None = ...,
        airflow_url: str | None = ...,
    ) -> mlplatform.spec.cluster.ClusterSpec: ...

class _CpuPoolSpec(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.cpu_pool.PoolName = ...,
        vcpus: int = ...,
        memory_gib: int = ...,
        min_nodes: int = ...,
        max_nodes: int = ...,
        capacity: mlplatform.spec.cpu_pool.Literal['on-demand', 'spot'] = ...,
        disk_gib: int = ...,
        labels: dict[mlplatform.spec.cpu_pool.LabelKey, mlplatform.spec.cpu_pool.Label] = ...,
        taints: tuple[mlplatform.spec.cpu_pool.TaintSpec, ...] = ...,
        zones: tuple[int, ...] = ...,
    ) -> mlplatform.spec.cpu_pool.CpuPoolSpec: ...

class _ColumnCheck(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.data_checks.DataColumn = ...,
        type: mlplatform.spec.data_checks.DataType = ...,
        most_null_share: float = ...,
        unique: bool = ...,
        at_least: float | None = ...,
        at_most: float | None = ...,
        one_of: tuple[str, ...] = ...,
    ) -> mlplatform.spec.data_checks.ColumnCheck: ...

class _DataChecks(Protocol):
    def __call__(
        self,
        *,
        input: str | None = ...,
        columns: tuple[mlplatform.spec.data_checks.ColumnCheck, ...] = ...,
        other_columns: bool = ...,
        unique_together: tuple[mlplatform.spec.data_checks.DataColumn, ...] = ...,
        least_rows: int = ...,
        most_rows: int | None = ...,
        change: mlplatform.spec.data_checks.VolumeChange | None = ...,
        fresh: mlplatform.spec.data_checks.FreshnessCheck | None = ...,
        ends_run: bool = ...,
    ) -> mlplatform.spec.data_checks.DataChecks: ...

class _FreshnessCheck(Protocol):
    def __call__(
        self,
        *,
        column: mlplatform.spec.data_checks.DataColumn = ...,
        most_hours: int = ...,
    ) -> mlplatform.spec.data_checks.FreshnessCheck: ...

class _VolumeChange(Protocol):
    def __call__(
        self,
        *,
        input: str = ...,
        most_share: float = ...,
    ) -> mlplatform.spec.data_checks.VolumeChange: ...

class _EndpointSpec(Protocol):
    def __call__(
        self,
        *,
        name: str = ...,
        on: mlplatform.spec.endpoints.Literal['managed', 'cluster'] = ...,
        pool: mlplatform.spec.endpoints.PoolName | None = ...,
        server: mlplatform.spec.endpoints.Server = ...,
        image: mlplatform.spec.endpoints.Image | None = ...,
        model: mlplatform.spec.endpoints.ModelPath | None = ...,
        variants: tuple[mlplatform.spec.endpoints.VariantSpec, ...] = ...,
        shadow: mlplatform.spec.endpoints.ShadowSpec | None = ...,
        accelerator: mlplatform.spec.endpoints.Accelerators | None = ...,
        nodes: int = ...,
        model_cache: mlplatform.spec.endpoints.Literal['none', 'node'] = ...,
        cpu: mlplatform.spec.endpoints.CpuSpec = ...,
        replicas: tuple[int, int] = ...,
        autoscaling: mlplatform.spec.endpoints.AutoscalingSpec = ...,
        max_concurrency: int = ...,
        timeout_seconds: int = ...,
        startup_seconds: int | None = ...,
        port: int = ...,
        health_path: str = ...,
        env: dict[mlplatform.spec.endpoints.EnvName, str] = ...,
        secrets: dict[mlplatform.spec.endpoints.EnvName, mlplatform.spec.endpoints.SecretName] = ...,
        rollout: mlplatform.spec.endpoints.Rollout = ...,
        capture_percent: int = ...,
        redact: mlplatform.spec.endpoints._Redaction | None = ...,
        monitor: mlplatform.spec.endpoints._Monitor | None = ...,
        exposure: mlplatform.spec.endpoints.Literal['private', 'public'] = ...,
        entry: mlplatform.spec.endpoints.PublicEntrySpec | None = ...,
        slo: mlplatform.spec.endpoints.SloSpec | None = ...,
    ) -> mlplatform.spec.endpoints.EndpointSpec: ...

class _PublicEntrySpec(Protocol):
    def __call__(
        self,
        *,
        host: str = ...,
        certificate: mlplatform.spec.endpoints.SecretName = ...,
        cidrs: tuple[mlplatform.spec.endpoints.IPv4Network, ...] = ...,
    ) -> mlplatform.spec.endpoints.PublicEntrySpec: ...

class _SloSpec(Protocol):
    def __call__(
        self,
        *,
        availability_percent: float = ...,
        latency_ms: int | None = ...,
        latency_percent: float = ...,
        window_days: int = ...,
    ) -> mlplatform.spec.endpoints.SloSpec: ...

class _EntitySpec(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.feature_store.FeatureName = ...,
        key: mlplatform.spec.feature_store.FeatureName = ...,
        type: mlplatform.spec.feature_store.KeyType = ...,
    ) -> mlplatform.spec.feature_store.EntitySpec: ...

class _FeatureField(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.feature_store.FeatureName = ...,
        type: mlplatform.spec.feature_store.FeatureType = ...,
    ) -> mlplatform.spec.feature_store.FeatureField: ...

class _FeatureFillSpec(Protocol):
    def __call__(
        self,
        *,
        image: str = ...,
        every_hours: mlplatform.spec.feature_store.Literal[1, 2, 3, 4, 6, 8, 12, 24] = ...,
        late_hours: int = ...,
        severity: mlplatform.spec.feature_store.Severity = ...,
    ) -> mlplatform.spec.feature_store.FeatureFillSpec: ...

class _FeatureGroupSpec(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.feature_store.FeatureName = ...,
        entities: tuple[mlplatform.spec.feature_store.FeatureName, ...] = ...,
        features: tuple[mlplatform.spec.feature_store.FeatureField, ...] = ...,
        timestamp: mlplatform.spec.feature_store.FeatureName = ...,
        created: mlplatform.spec.feature_store.FeatureName | None = ...,
        ttl_hours: int | None = ...,
        online: bool = ...,
    ) -> mlplatform.spec.feature_store.FeatureGroupSpec: ...

class _FeatureServiceSpec(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.feature_store.FeatureName = ...,
        features: tuple[mlplatform.spec.feature_store.ServedFeatures, ...] = ...,
        endpoints: tuple[str, ...] = ...,
        teams: tuple[str, ...] = ...,
    ) -> mlplatform.spec.feature_store.FeatureServiceSpec: ...

class _FeatureStoreSpec(Protocol):
    def __call__(
        self,
        *,
        engine: mlplatform.spec.feature_store.Literal['feast', 'managed'] = ...,
        entities: tuple[mlplatform.spec.feature_store.EntitySpec, ...] = ...,
        groups: tuple[mlplatform.spec.feature_store.FeatureGroupSpec, ...] = ...,
        services: tuple[mlplatform.spec.feature_store.FeatureServiceSpec, ...] = ...,
        fill: mlplatform.spec.feature_store.FeatureFillSpec | None = ...,
    ) -> mlplatform.spec.feature_store.FeatureStoreSpec: ...

class _SharedFileSystemSpec(Protocol):
    def __call__(
        self,
        *,
        capacity_gib: int = ...,
        throughput: mlplatform.spec.file_system.FileSystemThroughput = ...,
        zone: int | None = ...,
        cidr: mlplatform.spec.file_system.IPv4Network | None = ...,
    ) -> mlplatform.spec.file_system.SharedFileSystemSpec: ...

class _ChampionSpec(Protocol):
    def __call__(
        self,
        *,
        metric: mlplatform.spec.gates.MetricName = ...,
        test: mlplatform.spec.gates.PairedTest = ...,
        margin: float = ...,
        alpha: float = ...,
    ) -> mlplatform.spec.gates.ChampionSpec: ...

class _GateSpec(Protocol):
    def __call__(
        self,
        *,
        thresholds: tuple[mlplatform.spec.gates.ThresholdSpec, ...] = ...,
        champion: mlplatform.spec.gates.ChampionSpec | None = ...,
        slices: tuple[mlplatform.spec.gates.SliceSpec, ...] = ...,
        least_rows: int = ...,
        most_model_mib: float | None = ...,
        licences: tuple[mlplatform.spec.gates.Licence, ...] = ...,
        sign_off: tuple[mlplatform.spec.gates.SignOffRole, ...] = ...,
    ) -> mlplatform.spec.gates.GateSpec: ...

class _SliceSpec(Protocol):
    def __call__(
        self,
        *,
        column: mlplatform.spec.gates.ColumnName = ...,
        metric: mlplatform.spec.gates.MetricName = ...,
        at_least: float | None = ...,
        at_most: float | None = ...,
        most_difference: float | None = ...,
        least_rows: int = ...,
    ) -> mlplatform.spec.gates.SliceSpec: ...

class _ThresholdSpec(Protocol):
    def __call__(
        self,
        *,
        metric: mlplatform.spec.gates.MetricName = ...,
        at_least: float | None = ...,
        at_most: float | None = ...,
    ) -> mlplatform.spec.gates.ThresholdSpec: ...

class _Mig(Protocol):
    def __call__(
        self,
        *,
        kind: mlplatform.spec.gpu_sharing.Literal['mig'] = ...,
        profile: str = ...,
    ) -> mlplatform.spec.gpu_sharing.Mig: ...

class _TimeSlicing(Protocol):
    def __call__(
        self,
        *,
        kind: mlplatform.spec.gpu_sharing.Literal['time-slicing'] = ...,
        clients: int = ...,
    ) -> mlplatform.spec.gpu_sharing.TimeSlicing: ...

class _KeysSpec(Protocol):
    def __call__(
        self,
        *,
        rotation_days: int = ...,
        deletion_window_days: int | None = ...,
        protection: mlplatform.spec.keys.Literal['software', 'hsm'] = ...,
    ) -> mlplatform.spec.keys.KeysSpec: ...

class _ManagedAirflowSpec(Protocol):
    def __call__(
        self,
        *,
        size: mlplatform.spec.managed_airflow.AirflowSize = ...,
        max_workers: int = ...,
    ) -> mlplatform.spec.managed_airflow.ManagedAirflowSpec: ...

class _MonitorLabelsSpec(Protocol):
    def __call__(
        self,
        *,
        place: mlplatform.spec.model_monitor.Literal['data', 'features'] = ...,
        path: mlplatform.spec.model_monitor.StorePath = ...,
        column: mlplatform.spec.model_monitor.ColumnName = ...,
        days: float = ...,
    ) -> mlplatform.spec.model_monitor.MonitorLabelsSpec: ...

class _MonitorDoor(Protocol):
    def __call__(
        self,
        *,
        cloud: str = ...,
        inbox: mlplatform.spec.monitor_job.Address = ...,
        events: tuple[mlplatform.spec.monitor_job.TriggerEvent, ...] = ...,
    ) -> mlplatform.spec.monitor_job.MonitorDoor: ...

class _MonitorJob(Protocol):
    def __call__(
        self,
        *,
        version: mlplatform.spec.monitor_job.Literal[1] = ...,
        settings: mlplatform.spec.monitor_job.MonitorSettings = ...,
        model: mlplatform.spec.monitor_job.Address = ...,
        reference: mlplatform.spec.monitor_job.Address = ...,
        capture: tuple[mlplatform.spec.monitor_job.Address, ...] = ...,
        labels: mlplatform.spec.monitor_job.Address | None = ...,
        features: tuple[mlplatform.spec.monitor_job.ServedGroup, ...] = ...,
        reports: mlplatform.spec.monitor_job.Address = ...,
        hours: int = ...,
        workers: int = ...,
        wait_seconds: int = ...,
        door: mlplatform.spec.monitor_job.MonitorDoor | None = ...,
    ) -> mlplatform.spec.monitor_job.MonitorJob: ...

class _ServedGroup(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.monitor_job.ColumnName = ...,
        table: mlplatform.spec.monitor_job.Address = ...,
        keys: tuple[mlplatform.spec.monitor_job.ColumnName, ...] = ...,
        features: tuple[mlplatform.spec.monitor_job.ColumnName, ...] = ...,
        timestamp: mlplatform.spec.monitor_job.ColumnName = ...,
        created: mlplatform.spec.monitor_job.ColumnName | None = ...,
        ttl_hours: int | None = ...,
        late_hours: int = ...,
    ) -> mlplatform.spec.monitor_job.ServedGroup: ...

class _MonitorInput(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.monitor_questions.ColumnName = ...,
        kind: mlplatform.spec.monitor_questions.InputKind = ...,
    ) -> mlplatform.spec.monitor_questions.MonitorInput: ...

class _MonitorMetric(Protocol):
    def __call__(
        self,
        *,
        metric: mlplatform.spec.monitor_questions.MonitorMetricName = ...,
        at_least: float | None = ...,
        at_most: float | None = ...,
    ) -> mlplatform.spec.monitor_questions.MonitorMetric: ...

class _MonitorQuestions(Protocol):
    def __call__(
        self,
        *,
        task: mlplatform.spec.monitor_questions.MonitorTask = ...,
        inputs: tuple[mlplatform.spec.monitor_questions.MonitorInput, ...] = ...,
        score: mlplatform.spec.monitor_questions.ColumnName | None = ...,
        predicted: mlplatform.spec.monitor_questions.ColumnName | None = ...,
        query: mlplatform.spec.monitor_questions.ColumnName = ...,
        row_id: mlplatform.spec.monitor_questions.ColumnName = ...,
        metrics: tuple[mlplatform.spec.monitor_questions.MonitorMetric, ...] = ...,
        slices: tuple[mlplatform.spec.monitor_questions.ColumnName, ...] = ...,
        false_alarms_per_year: float = ...,
        least_shift: float = ...,
        least_concept: float = ...,
        least_loss: float = ...,
        least_rows: int = ...,
        least_labels: int = ...,
    ) -> mlplatform.spec.monitor_questions.MonitorQuestions: ...

class _AlertsSpec(Protocol):
    def __call__(
        self,
        *,
        error_rate_percent: float = ...,
        latency_p99_ms: int = ...,
        saturation_percent: int = ...,
        gpu_idle_percent: int = ...,
        gpu_idle_minutes: int = ...,
        queue_stalled_minutes: int = ...,
        quota_percent: int = ...,
    ) -> mlplatform.spec.monitoring.AlertsSpec: ...

class _MonitoringSpec(Protocol):
    def __call__(
        self,
        *,
        log_retention_days: int | None = ...,
        alerts: mlplatform.spec.monitoring.AlertsSpec = ...,
        routes: tuple[mlplatform.spec.monitoring.Route, ...] = ...,
        dashboards: bool = ...,
        prometheus: bool = ...,
        grafana: bool = ...,
    ) -> mlplatform.spec.monitoring.MonitoringSpec: ...

class _MountSpec(Protocol):
    def __call__(
        self,
        *,
        place: mlplatform.spec.mounts.MountPlace = ...,
        cache_gib: int = ...,
    ) -> mlplatform.spec.mounts.MountSpec: ...

class _NetworkSpec(Protocol):
    def __call__(
        self,
        *,
        cidr: mlplatform.spec.network.IPv4Network = ...,
        pod_cidr: mlplatform.spec.network.IPv4Network = ...,
        service_cidr: mlplatform.spec.network.IPv4Network = ...,
        zones: int | None = ...,
        nat: mlplatform.spec.network.Nat | None = ...,
        private_endpoints: bool = ...,
        flow_logs: bool = ...,
    ) -> mlplatform.spec.network.NetworkSpec: ...

class _TaintSpec(Protocol):
    def __call__(
        self,
        *,
        key: mlplatform.spec.nodes.LabelKey = ...,
        value: mlplatform.spec.nodes.Label = ...,
        effect: mlplatform.spec.nodes.Literal['NoSchedule', 'PreferNoSchedule', 'NoExecute'] = ...,
    ) -> mlplatform.spec.nodes.TaintSpec: ...

class _LoginSpec(Protocol):
    def __call__(
        self,
        *,
        client_id: str = ...,
        authorize_url: mlplatform.spec.notebooks.HttpsUrl = ...,
        token_url: mlplatform.spec.notebooks.HttpsUrl = ...,
        name_claim: mlplatform.spec.notebooks.Claim = ...,
        groups_claim: mlplatform.spec.notebooks.Claim = ...,
        scopes: tuple[mlplatform.spec.notebooks.Claim, ...] = ...,
        groups: tuple[mlplatform.spec.notebooks.Member, ...] = ...,
        people: tuple[mlplatform.spec.notebooks.Member, ...] = ...,
    ) -> mlplatform.spec.notebooks.LoginSpec: ...

class _NotebooksSpec(Protocol):
    def __call__(
        self,
        *,
        login: mlplatform.spec.notebooks.LoginSpec = ...,
        pools: tuple[mlplatform.spec.notebooks.PoolName, ...] = ...,
        team: mlplatform.spec.notebooks.TeamName | None = ...,
        image: mlplatform.spec.notebooks.TaggedImage | None = ...,
        address: mlplatform.spec.notebooks.HubUrl = ...,
        vcpus: float = ...,
        memory_gib: int = ...,
        home_gib: int = ...,
        idle_minutes: int = ...,
        max_hours: int = ...,
    ) -> mlplatform.spec.notebooks.NotebooksSpec: ...

class _PinnedImages(Protocol):
    def __call__(
        self,
        *,
        images_version: mlplatform.spec.pinned_images.Literal[1] = ...,
        platform: str = ...,
        environment: str = ...,
        as_of: mlplatform.spec.pinned_images.date = ...,
        digests: dict[mlplatform.spec.pinned_images.TaggedImage, mlplatform.spec.pinned_images.Digest] = ...,
    ) -> mlplatform.spec.pinned_images.PinnedImages: ...

class _ParameterSpec(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.pipeline_parameters.ParameterName = ...,
        type: mlplatform.spec.pipeline_parameters.ParameterType = ...,
        default: bool | int | float | str = ...,
    ) -> mlplatform.spec.pipeline_parameters.ParameterSpec: ...

class _StepCondition(Protocol):
    def __call__(
        self,
        *,
        step: mlplatform.spec.pipeline_steps.StepName = ...,
        output: mlplatform.spec.pipeline_steps.PortName = ...,
        metric: mlplatform.spec.pipeline_steps.MetricName = ...,
        at_least: float | None = ...,
        at_most: float | None = ...,
    ) -> mlplatform.spec.pipeline_steps.StepCondition: ...

class _StepResources(Protocol):
    def __call__(
        self,
        *,
        vcpus: int = ...,
        memory_gib: int = ...,
        disk_gib: int = ...,
        accelerator: mlplatform.spec.pipeline_steps.Accelerators | None = ...,
        nodes: int = ...,
        capacity: mlplatform.spec.pipeline_steps.Literal['on-demand', 'spot'] = ...,
        pool: mlplatform.spec.pipeline_steps.PoolName | None = ...,
    ) -> mlplatform.spec.pipeline_steps.StepResources: ...

class _StepSpec(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.pipeline_steps.StepName = ...,
        kind: mlplatform.spec.pipeline_steps.StepKind = ...,
        image: mlplatform.spec.pipeline_steps.Image | None = ...,
        command: tuple[str, ...] = ...,
        inputs: dict[mlplatform.spec.pipeline_steps.PortName, mlplatform.spec.pipeline_steps.InputSpec] = ...,
        outputs: dict[mlplatform.spec.pipeline_steps.PortName, mlplatform.spec.pipeline_steps.OutputSpec] = ...,
        env: dict[mlplatform.spec.pipeline_steps.EnvName, str] = ...,
        resources: mlplatform.spec.pipeline_steps.StepResources = ...,
        distribution: mlplatform.spec.pipeline_steps.Distribution | None = ...,
        after: tuple[mlplatform.spec.pipeline_steps.StepName, ...] = ...,
        when: mlplatform.spec.pipeline_steps.StepCondition | None = ...,
        slices: tuple[mlplatform.spec.pipeline_steps.SliceName, ...] = ...,
        gate: mlplatform.spec.pipeline_steps.GateSpec | None = ...,
        data_checks: mlplatform.spec.pipeline_steps._DataChecks | None = ...,
        tune: mlplatform.spec.pipeline_steps._Tune | None = ...,
        retries: int = ...,
        timeout_minutes: int = ...,
        cache_days: int = ...,
        checkpoint: bool = ...,
    ) -> mlplatform.spec.pipeline_steps.StepSpec: ...

class _PipelineSpec(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.pipelines.PipelineName = ...,
        model: mlplatform.spec.pipelines.ModelName = ...,
        on: str | None = ...,
        engine: mlplatform.spec.pipelines.Engine = ...,
        endpoint: str | None = ...,
        image: mlplatform.spec.pipelines.Image | None = ...,
        programs_image: mlplatform.spec.pipelines.Image | None = ...,
        parameters: tuple[mlplatform.spec.pipelines.ParameterSpec, ...] = ...,
        steps: tuple[mlplatform.spec.pipelines.StepSpec, ...] = ...,
        timeout_hours: int = ...,
        max_usd_per_run: float | None = ...,
        triggers: mlplatform.spec.pipelines._Triggers | None = ...,
    ) -> mlplatform.spec.pipelines.PipelineSpec: ...

class _PlatformSpec(Protocol):
    def __call__(
        self,
        *,
        spec_version: mlplatform.spec.platform.Literal[2] = ...,
        name: str = ...,
        environment: str = ...,
        profile: mlplatform.spec.platform.Profile | None = ...,
        deletion_protection: bool | None = ...,
        owner: mlplatform.spec.platform.NamedTagValue = ...,
        cost_center: mlplatform.spec.platform.NamedTagValue = ...,
        data_class: mlplatform.spec.platform.DataClass = ...,
        tags: dict[mlplatform.spec.platform.TagKey, mlplatform.spec.platform.TagValue] = ...,
        targets: mlplatform.spec.platform._Targets = ...,
        network: mlplatform.spec.platform.NetworkSpec = ...,
        keys: mlplatform.spec.platform.KeysSpec = ...,
        access: mlplatform.spec.platform.AccessSpec = ...,
        artifact_store: mlplatform.spec.platform.ArtifactStoreSpec = ...,
        training: mlplatform.spec.platform.TrainingSpec | None = ...,
        cluster: mlplatform.spec.platform.ClusterSpec | None = ...,
        registry: mlplatform.spec.platform.RegistrySpec = ...,
        endpoints: tuple[mlplatform.spec.platform.EndpointSpec, ...] = ...,
        pipelines: tuple[mlplatform.spec.platform.PipelineSpec, ...] = ...,
        tracking: mlplatform.spec.platform._Tracking | None = ...,
        feature_store: mlplatform.spec.platform._Features | None = ...,
        extensions: mlplatform.spec.platform._Extensions = ...,
        monitoring: mlplatform.spec.platform.MonitoringSpec = ...,
        budget: mlplatform.spec.platform.BudgetSpec | None = ...,
    ) -> mlplatform.spec.platform.PlatformSpec: ...

class _RegistrySpec(Protocol):
    def __call__(
        self,
        *,
        repositories: tuple[mlplatform.spec.registry.Name, ...] = ...,
        keep_images: int = ...,
        untagged_days: int = ...,
        immutable_tags: bool | None = ...,
        scan_on_push: bool | None = ...,
        pull_through: tuple[mlplatform.spec.registry.Upstream, ...] = ...,
        logins: tuple[mlplatform.spec.registry.Upstream, ...] = ...,
        models: tuple[mlplatform.spec.registry.Name, ...] = ...,
    ) -> mlplatform.spec.registry.RegistrySpec: ...

class _FormerRelease(Protocol):
    def __call__(
        self,
        *,
        model: mlplatform.spec.releases.ModelName | None = ...,
        version: mlplatform.spec.releases.Version | None = ...,
        artifact: mlplatform.spec.releases.Words | None = ...,
        digests: dict[mlplatform.spec.releases.Words, mlplatform.spec.releases.Digest] = ...,
        image: mlplatform.spec.releases.Words | None = ...,
        image_digest: mlplatform.spec.releases.Digest | None = ...,
        data_version: mlplatform.spec.releases.Words | None = ...,
        commit: mlplatform.spec.releases.Words | None = ...,
        run: mlplatform.spec.releases.Words | None = ...,
        registry: mlplatform.spec.releases.Words | None = ...,
        training: mlplatform.spec.releases.TrainingRun | None = ...,
        gates: tuple[mlplatform.spec.releases.GateResult, ...] = ...,
        approver: mlplatform.spec.releases.Words = ...,
    ) -> mlplatform.spec.releases.FormerRelease: ...

class _GateResult(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.releases.Words = ...,
        passed: bool = ...,
        value: float | None = ...,
        threshold: float | None = ...,
        released: float | None = ...,
        test: mlplatform.spec.releases.Words | None = ...,
        p_value: float | None = ...,
        rows: int | None = ...,
        by: mlplatform.spec.releases.Words | None = ...,
        reason: mlplatform.spec.releases.Words | None = ...,
    ) -> mlplatform.spec.releases.GateResult: ...

class _ModelReview(Protocol):
    def __call__(
        self,
        *,
        day: mlplatform.spec.releases.date = ...,
        by: mlplatform.spec.releases.Words = ...,
        note: mlplatform.spec.releases.Words | None = ...,
    ) -> mlplatform.spec.releases.ModelReview: ...

class _ReleaseRecord(Protocol):
    def __call__(
        self,
        *,
        record_version: mlplatform.spec.releases.Literal[1] = ...,
        platform: str = ...,
        environment: str = ...,
        targets: dict[str, dict[str, dict[str, mlplatform.spec.releases.Release]]] = ...,
    ) -> mlplatform.spec.releases.ReleaseRecord: ...

class _AutoscalingSpec(Protocol):
    def __call__(
        self,
        *,
        metric: mlplatform.spec.replicas.Literal['requests', 'concurrency', 'cpu', 'gpu'] = ...,
        target: int = ...,
        cooldown_seconds: int = ...,
    ) -> mlplatform.spec.replicas.AutoscalingSpec: ...

class _CpuSpec(Protocol):
    def __call__(
        self,
        *,
        vcpus: int = ...,
        memory_gib: int = ...,
    ) -> mlplatform.spec.replicas.CpuSpec: ...

class _AllAtOnce(Protocol):
    def __call__(
        self,
        *,
        kind: mlplatform.spec.rollouts.Literal['all-at-once'] = ...,
    ) -> mlplatform.spec.rollouts.AllAtOnce: ...

class _BlueGreenRollout(Protocol):
    def __call__(
        self,
        *,
        kind: mlplatform.spec.rollouts.Literal['blue-green'] = ...,
        bake_minutes: int = ...,
    ) -> mlplatform.spec.rollouts.BlueGreenRollout: ...

class _CanaryRollout(Protocol):
    def __call__(
        self,
        *,
        kind: mlplatform.spec.rollouts.Literal['canary'] = ...,
        steps: tuple[int, ...] = ...,
        bake_minutes: int = ...,
        least_requests: int = ...,
    ) -> mlplatform.spec.rollouts.CanaryRollout: ...

class _InputSpec(Protocol):
    def __call__(
        self,
        *,
        step: mlplatform.spec.step_folders.StepName | None = ...,
        output: mlplatform.spec.step_folders.PortName | None = ...,
        place: mlplatform.spec.step_folders.Place | None = ...,
        path: mlplatform.spec.step_folders.StorePath | None = ...,
        released: bool = ...,
        base_model: mlplatform.spec.step_folders._BaseModel | None = ...,
    ) -> mlplatform.spec.step_folders.InputSpec: ...

class _OutputSpec(Protocol):
    def __call__(
        self,
        *,
        kind: mlplatform.spec.step_folders.OutputKind = ...,
        metrics: tuple[mlplatform.spec.step_folders.MetricName, ...] = ...,
    ) -> mlplatform.spec.step_folders.OutputSpec: ...

class _EndpointOverride(Protocol):
    def __call__(
        self,
        *,
        enabled: bool = ...,
        on: mlplatform.spec.target.Literal['managed', 'cluster'] | None = ...,
        pool: mlplatform.spec.target.PoolName | mlplatform.spec.target.Literal['none'] | None = ...,
        accelerator: mlplatform.spec.target.Accelerators | mlplatform.spec.target.Literal['none'] | None = ...,
        cpu: mlplatform.spec.target.CpuSpec | None = ...,
        replicas: tuple[int, int] | None = ...,
        autoscaling: mlplatform.spec.target.AutoscalingSpec | None = ...,
        timeout_seconds: int | None = ...,
        rollout: mlplatform.spec.target.Rollout | None = ...,
        shadow: mlplatform.spec.target.ShadowSpec | mlplatform.spec.target.Literal['none'] | None = ...,
        capture_percent: int | None = ...,
        monitor: mlplatform.spec.target.Literal['none'] | None = ...,
        exposure: mlplatform.spec.target.Literal['private', 'public'] | None = ...,
    ) -> mlplatform.spec.target.EndpointOverride: ...

class _PoolOverride(Protocol):
    def __call__(
        self,
        *,
        enabled: bool = ...,
        accelerator: mlplatform.spec.target.Accelerators | None = ...,
        vcpus: int | None = ...,
        memory_gib: int | None = ...,
        min_nodes: int | None = ...,
        max_nodes: int | None = ...,
        capacity: mlplatform.spec.target.Capacity | None = ...,
        max_run_hours: int | None = ...,
        zones: tuple[int, ...] | None = ...,
        fabric: bool | None = ...,
        local_nvme: bool | None = ...,
        sharing: mlplatform.spec.target.Sharing | mlplatform.spec.target.Literal['none'] | None = ...,
    ) -> mlplatform.spec.target.PoolOverride: ...

class _ReservationBinding(Protocol):
    def __call__(
        self,
        *,
        id: str = ...,
        zone: str = ...,
    ) -> mlplatform.spec.target.ReservationBinding: ...

class _TeamSpec(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.teams.TeamName = ...,
        quota: dict[str, mlplatform.spec.teams.Devices] = ...,
        borrow: dict[str, mlplatform.spec.teams.Devices] = ...,
        lend: dict[str, mlplatform.spec.teams.Devices] = ...,
        weight: int = ...,
        max_jobs: int = ...,
    ) -> mlplatform.spec.teams.TeamSpec: ...

class _TrackingDatabaseSpec(Protocol):
    def __call__(
        self,
        *,
        size: mlplatform.spec.tracking.DatabaseSize | None = ...,
        standby: bool | None = ...,
        backup_days: int | None = ...,
    ) -> mlplatform.spec.tracking.TrackingDatabaseSpec: ...

class _TrackingSpec(Protocol):
    def __call__(
        self,
        *,
        on: str | None = ...,
        server: mlplatform.spec.tracking.TrackingServer = ...,
        image: mlplatform.spec.tracking.ServerImage | None = ...,
        replicas: int | None = ...,
        database: mlplatform.spec.tracking.TrackingDatabaseSpec = ...,
    ) -> mlplatform.spec.tracking.TrackingSpec: ...

class _GpuPoolSpec(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.training.PoolName = ...,
        accelerator: mlplatform.spec.training.Accelerators = ...,
        min_nodes: int = ...,
        max_nodes: int = ...,
        capacity: mlplatform.spec.training.Capacity = ...,
        max_run_hours: int | None = ...,
        disk_gib: int = ...,
        disk_type: mlplatform.spec.training.Literal['balanced', 'fast'] = ...,
        local_nvme: bool = ...,
        labels: dict[mlplatform.spec.training.LabelKey, mlplatform.spec.training.Label] = ...,
        taints: tuple[mlplatform.spec.training.TaintSpec, ...] = ...,
        zones: tuple[int, ...] = ...,
        fabric: bool = ...,
        sharing: mlplatform.spec.training.Sharing | None = ...,
    ) -> mlplatform.spec.training.GpuPoolSpec: ...

class _SystemPoolSpec(Protocol):
    def __call__(
        self,
        *,
        min_nodes: int | None = ...,
        max_nodes: int = ...,
        vcpus: int = ...,
        memory_gib: int = ...,
        disk_gib: int = ...,
    ) -> mlplatform.spec.training.SystemPoolSpec: ...

class _TrainingSpec(Protocol):
    def __call__(
        self,
        *,
        kubernetes_version: str = ...,
        support: mlplatform.spec.training.Literal['standard', 'extended'] = ...,
        holds: tuple[mlplatform.spec.training.UpgradeHold, ...] = ...,
        api_cidrs: tuple[mlplatform.spec.training.IPv4Network, ...] = ...,
        system_pool: mlplatform.spec.training.SystemPoolSpec = ...,
        pools: tuple[mlplatform.spec.training.GpuPoolSpec, ...] = ...,
        cpu_pools: tuple[mlplatform.spec.training.CpuPoolSpec, ...] = ...,
    ) -> mlplatform.spec.training.TrainingSpec: ...

class _UpgradeHold(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.training.Name = ...,
        starts: mlplatform.spec.training.date = ...,
        ends: mlplatform.spec.training.date = ...,
    ) -> mlplatform.spec.training.UpgradeHold: ...

class _TrainingRun(Protocol):
    def __call__(
        self,
        *,
        repository: str | None = ...,
        pipeline: str | None = ...,
        image: str | None = ...,
        command: tuple[mlplatform.spec.training_run.Word, ...] = ...,
        parameters: dict[mlplatform.spec.training_run.ParameterName, bool | int | float | str] = ...,
        metrics: dict[mlplatform.spec.training_run.ParameterName, float] = ...,
        definition: str | None = ...,
        base_models: tuple[mlplatform.spec.training_run._BaseModel, ...] = ...,
        spec: str | None = ...,
    ) -> mlplatform.spec.training_run.TrainingRun: ...

class _DataTrigger(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.triggers.TriggerName = ...,
        place: mlplatform.spec.triggers.Literal['data', 'features'] = ...,
        path: mlplatform.spec.triggers.StorePath = ...,
        marker: str | None = ...,
        parameters: dict[mlplatform.spec.triggers.ParameterName, mlplatform.spec.triggers.ParameterValue] = ...,
    ) -> mlplatform.spec.triggers.DataTrigger: ...

class _ScheduleTrigger(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.triggers.TriggerName = ...,
        cron: str = ...,
        time_zone: str = ...,
        parameters: dict[mlplatform.spec.triggers.ParameterName, mlplatform.spec.triggers.ParameterValue] = ...,
    ) -> mlplatform.spec.triggers.ScheduleTrigger: ...

class _TeamCeilings(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.triggers.TriggerName = ...,
        max_runs_at_once: int | None = ...,
        max_usd_per_month: float | None = ...,
    ) -> mlplatform.spec.triggers.TeamCeilings: ...

class _TriggersSpec(Protocol):
    def __call__(
        self,
        *,
        enabled: bool = ...,
        schedules: tuple[mlplatform.spec.triggers.ScheduleTrigger, ...] = ...,
        data: tuple[mlplatform.spec.triggers.DataTrigger, ...] = ...,
        events: tuple[mlplatform.spec.triggers.TriggerEvent, ...] = ...,
        new_labels: int | None = ...,
        branch: mlplatform.spec.triggers.BranchName | None = ...,
        quiet_minutes: int = ...,
        cooldown_hours: int | None = ...,
        max_runs_per_month: int = ...,
        max_usd_per_month: float | None = ...,
        team: mlplatform.spec.triggers.TeamCeilings | None = ...,
    ) -> mlplatform.spec.triggers.TriggersSpec: ...

class _TuneSpec(Protocol):
    def __call__(
        self,
        *,
        parameters: tuple[mlplatform.spec.tune.TunedParameter, ...] = ...,
        metric: mlplatform.spec.tune.MetricName = ...,
        goal: mlplatform.spec.tune.Literal['maximize', 'minimize'] = ...,
        trials: int = ...,
        trial_minutes: int = ...,
        parallel: int = ...,
        machines: int = ...,
        without_gain: int | None = ...,
        stop_trials: bool = ...,
        seed: int = ...,
    ) -> mlplatform.spec.tune.TuneSpec: ...

class _TunedParameter(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.tune.ParameterName = ...,
        type: mlplatform.spec.tune.Literal['float', 'integer', 'choice'] = ...,
        at_least: float | None = ...,
        at_most: float | None = ...,
        log: bool = ...,
        choices: tuple[mlplatform.spec.tune.ChoiceValue, ...] = ...,
    ) -> mlplatform.spec.tune.TunedParameter: ...

class _ShadowSpec(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.variants.VariantName = ...,
        model: mlplatform.spec.variants.ModelPath = ...,
        image: mlplatform.spec.variants.Image | None = ...,
        sample_percent: int = ...,
    ) -> mlplatform.spec.variants.ShadowSpec: ...

class _VariantSpec(Protocol):
    def __call__(
        self,
        *,
        name: mlplatform.spec.variants.VariantName = ...,
        model: mlplatform.spec.variants.ModelPath | None = ...,
        image: mlplatform.spec.variants.Image | None = ...,
        traffic_percent: int = ...,
    ) -> mlplatform.spec.variants.VariantSpec: ...

class Overlay:
    @overload
    def __get__(self, instance: mlplatform.backends.aws.adopted.AwsAdopted, owner: object) -> _AwsAdopted: ...
    @overload
    def __get__(self, instance: mlplatform.backends.aws.adopted.AwsAdoptedCluster, owner: object) -> _AwsAdoptedCluster: ...
    @overload
    def __get__(self, instance: mlplatform.backends.aws.adopted.AwsAdoptedIdentities, owner: object) -> _AwsAdoptedIdentities: ...
    @overload
    def __get__(self, instance: mlplatform.backends.aws.adopted.AwsAdoptedKeys, owner: object) -> _AwsAdoptedKeys: ...
    @overload
    def __get__(self, instance: mlplatform.backends.aws.adopted.AwsAdoptedRegistry, owner: object) -> _AwsAdoptedRegistry: ...
    @overload
    def __get__(self, instance: mlplatform.backends.aws.adopted.AwsAdoptedStore, owner: object) -> _AwsAdoptedStore: ...
    @overload
    def __get__(self, instance: mlplatform.backends.aws.target.AwsTarget, owner: object) -> _AwsTarget: ...
    @overload
    def __get__(self, instance: mlplatform.backends.azure.adopted.AzureAdopted, owner: object) -> _AzureAdopted: ...
    @overload
    def __get__(self, instance: mlplatform.backends.azure.adopted.AzureAdoptedCluster, owner: object) -> _AzureAdoptedCluster: ...
    @overload
    def __get__(self, instance: mlplatform.backends.azure.adopted.AzureAdoptedIdentities, owner: object) -> _AzureAdoptedIdentities: ...
    @overload
    def __get__(self, instance: mlplatform.backends.azure.adopted.AzureAdoptedKeys, owner: object) -> _AzureAdoptedKeys: ...
    @overload
    def __get__(self, instance: mlplatform.backends.azure.adopted.AzureAdoptedRegistry, owner: object) -> _AzureAdoptedRegistry: ...
    @overload
    def __get__(self, instance: mlplatform.backends.azure.adopted.AzureAdoptedStore, owner: object) -> _AzureAdoptedStore: ...
    @overload
    def __get__(self, instance: mlplatform.backends.azure.target.AzureTarget, owner: object) -> _AzureTarget: ...
    @overload
    def __get__(self, instance: mlplatform.backends.gcp.adopted.GcpAdopted, owner: object) -> _GcpAdopted: ...
    @overload
    def __get__(self, instance: mlplatform.backends.gcp.adopted.GcpAdoptedCluster, owner: object) -> _GcpAdoptedCluster: ...
    @overload
    def __get__(self, instance: mlplatform.backends.gcp.adopted.GcpAdoptedIdentities, owner: object) -> _GcpAdoptedIdentities: ...
    @overload
    def __get__(self, instance: mlplatform.backends.gcp.adopted.GcpAdoptedKeys, owner: object) -> _GcpAdoptedKeys: ...
    @overload
    def __get__(self, instance: mlplatform.backends.gcp.adopted.GcpAdoptedRegistry, owner: object) -> _GcpAdoptedRegistry: ...
    @overload
    def __get__(self, instance: mlplatform.backends.gcp.adopted.GcpAdoptedStore, owner: object) -> _GcpAdoptedStore: ...
    @overload
    def __get__(self, instance: mlplatform.backends.gcp.target.GcpTarget, owner: object) -> _GcpTarget: ...
    @overload
    def __get__(self, instance: mlplatform.spec.capture_redaction.CaptureRedactionSpec, owner: object) -> _CaptureRedactionSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.model_monitor.ModelMonitorSpec, owner: object) -> _ModelMonitorSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitor_job.MonitorSettings, owner: object) -> _MonitorSettings: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitoring.EmailRoute, owner: object) -> _EmailRoute: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitoring.PagerDutyRoute, owner: object) -> _PagerDutyRoute: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitoring.SlackRoute, owner: object) -> _SlackRoute: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitoring.WebhookRoute, owner: object) -> _WebhookRoute: ...
    @overload
    def __get__(self, instance: mlplatform.spec.redaction_job.RedactionJob, owner: object) -> _RedactionJob: ...
    @overload
    def __get__(self, instance: mlplatform.spec.releases.AwaitingEndpoint, owner: object) -> _AwaitingEndpoint: ...
    @overload
    def __get__(self, instance: mlplatform.spec.releases.Release, owner: object) -> _Release: ...
    @overload
    def __get__(self, instance: mlplatform.backends.aws.adopted.AwsAdoptedBucket, owner: object) -> _AwsAdoptedBucket: ...
    @overload
    def __get__(self, instance: mlplatform.backends.aws.adopted_file_system.AwsFileSystem, owner: object) -> _AwsFileSystem: ...
    @overload
    def __get__(self, instance: mlplatform.backends.aws.adopted_network.AwsAdoptedNetwork, owner: object) -> _AwsAdoptedNetwork: ...
    @overload
    def __get__(self, instance: mlplatform.backends.aws.adopted_network.AwsHub, owner: object) -> _AwsHub: ...
    @overload
    def __get__(self, instance: mlplatform.backends.azure.adopted.AzureAdoptedContainer, owner: object) -> _AzureAdoptedContainer: ...
    @overload
    def __get__(self, instance: mlplatform.backends.azure.adopted.AzureAdoptedIdentity, owner: object) -> _AzureAdoptedIdentity: ...
    @overload
    def __get__(self, instance: mlplatform.backends.azure.adopted_file_system.AzureFileSystem, owner: object) -> _AzureFileSystem: ...
    @overload
    def __get__(self, instance: mlplatform.backends.azure.adopted_network.AzureAdoptedNetwork, owner: object) -> _AzureAdoptedNetwork: ...
    @overload
    def __get__(self, instance: mlplatform.backends.azure.adopted_network.AzureHub, owner: object) -> _AzureHub: ...
    @overload
    def __get__(self, instance: mlplatform.backends.gcp.adopted.GcpFabricNetwork, owner: object) -> _GcpFabricNetwork: ...
    @overload
    def __get__(self, instance: mlplatform.backends.gcp.adopted_file_system.GcpFileSystem, owner: object) -> _GcpFileSystem: ...
    @overload
    def __get__(self, instance: mlplatform.backends.gcp.adopted_network.GcpAdoptedNetwork, owner: object) -> _GcpAdoptedNetwork: ...
    @overload
    def __get__(self, instance: mlplatform.backends.gcp.adopted_network.GcpHub, owner: object) -> _GcpHub: ...
    @overload
    def __get__(self, instance: mlplatform.spec.access.AccessSpec, owner: object) -> _AccessSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.access.CiSpec, owner: object) -> _CiSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.adopted.Adopted, owner: object) -> _Adopted: ...
    @overload
    def __get__(self, instance: mlplatform.spec.adopted.AdoptedPart, owner: object) -> _AdoptedPart: ...
    @overload
    def __get__(self, instance: mlplatform.spec.airflow.AirflowLoginSpec, owner: object) -> _AirflowLoginSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.airflow.AirflowSpec, owner: object) -> _AirflowSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.artifact_store.ArtifactStoreSpec, owner: object) -> _ArtifactStoreSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.artifact_store.PlaceSpec, owner: object) -> _PlaceSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.artifact_store.ResolvedPlace, owner: object) -> _ResolvedPlace: ...
    @overload
    def __get__(self, instance: mlplatform.spec.artifact_store.WormSpec, owner: object) -> _WormSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.base_models.BaseModelSpec, owner: object) -> _BaseModelSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.budget.BudgetSpec, owner: object) -> _BudgetSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.candidates.CandidateSpec, owner: object) -> _CandidateSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.capacity.CapacityBlock, owner: object) -> _CapacityBlock: ...
    @overload
    def __get__(self, instance: mlplatform.spec.capacity.Reservation, owner: object) -> _Reservation: ...
    @overload
    def __get__(self, instance: mlplatform.spec.capture_redaction.RedactionRules, owner: object) -> _RedactionRules: ...
    @overload
    def __get__(self, instance: mlplatform.spec.cluster.ClusterSpec, owner: object) -> _ClusterSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.cpu_pool.CpuPoolSpec, owner: object) -> _CpuPoolSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.data_checks.ColumnCheck, owner: object) -> _ColumnCheck: ...
    @overload
    def __get__(self, instance: mlplatform.spec.data_checks.DataChecks, owner: object) -> _DataChecks: ...
    @overload
    def __get__(self, instance: mlplatform.spec.data_checks.FreshnessCheck, owner: object) -> _FreshnessCheck: ...
    @overload
    def __get__(self, instance: mlplatform.spec.data_checks.VolumeChange, owner: object) -> _VolumeChange: ...
    @overload
    def __get__(self, instance: mlplatform.spec.endpoints.EndpointSpec, owner: object) -> _EndpointSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.endpoints.PublicEntrySpec, owner: object) -> _PublicEntrySpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.endpoints.SloSpec, owner: object) -> _SloSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.feature_store.EntitySpec, owner: object) -> _EntitySpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.feature_store.FeatureField, owner: object) -> _FeatureField: ...
    @overload
    def __get__(self, instance: mlplatform.spec.feature_store.FeatureFillSpec, owner: object) -> _FeatureFillSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.feature_store.FeatureGroupSpec, owner: object) -> _FeatureGroupSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.feature_store.FeatureServiceSpec, owner: object) -> _FeatureServiceSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.feature_store.FeatureStoreSpec, owner: object) -> _FeatureStoreSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.file_system.SharedFileSystemSpec, owner: object) -> _SharedFileSystemSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.gates.ChampionSpec, owner: object) -> _ChampionSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.gates.GateSpec, owner: object) -> _GateSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.gates.SliceSpec, owner: object) -> _SliceSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.gates.ThresholdSpec, owner: object) -> _ThresholdSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.gpu_sharing.Mig, owner: object) -> _Mig: ...
    @overload
    def __get__(self, instance: mlplatform.spec.gpu_sharing.TimeSlicing, owner: object) -> _TimeSlicing: ...
    @overload
    def __get__(self, instance: mlplatform.spec.keys.KeysSpec, owner: object) -> _KeysSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.managed_airflow.ManagedAirflowSpec, owner: object) -> _ManagedAirflowSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.model_monitor.MonitorLabelsSpec, owner: object) -> _MonitorLabelsSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitor_job.MonitorDoor, owner: object) -> _MonitorDoor: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitor_job.MonitorJob, owner: object) -> _MonitorJob: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitor_job.ServedGroup, owner: object) -> _ServedGroup: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitor_questions.MonitorInput, owner: object) -> _MonitorInput: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitor_questions.MonitorMetric, owner: object) -> _MonitorMetric: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitor_questions.MonitorQuestions, owner: object) -> _MonitorQuestions: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitoring.AlertsSpec, owner: object) -> _AlertsSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.monitoring.MonitoringSpec, owner: object) -> _MonitoringSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.mounts.MountSpec, owner: object) -> _MountSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.network.NetworkSpec, owner: object) -> _NetworkSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.nodes.TaintSpec, owner: object) -> _TaintSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.notebooks.LoginSpec, owner: object) -> _LoginSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.notebooks.NotebooksSpec, owner: object) -> _NotebooksSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.pinned_images.PinnedImages, owner: object) -> _PinnedImages: ...
    @overload
    def __get__(self, instance: mlplatform.spec.pipeline_parameters.ParameterSpec, owner: object) -> _ParameterSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.pipeline_steps.StepCondition, owner: object) -> _StepCondition: ...
    @overload
    def __get__(self, instance: mlplatform.spec.pipeline_steps.StepResources, owner: object) -> _StepResources: ...
    @overload
    def __get__(self, instance: mlplatform.spec.pipeline_steps.StepSpec, owner: object) -> _StepSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.pipelines.PipelineSpec, owner: object) -> _PipelineSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.platform.PlatformSpec, owner: object) -> _PlatformSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.registry.RegistrySpec, owner: object) -> _RegistrySpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.releases.FormerRelease, owner: object) -> _FormerRelease: ...
    @overload
    def __get__(self, instance: mlplatform.spec.releases.GateResult, owner: object) -> _GateResult: ...
    @overload
    def __get__(self, instance: mlplatform.spec.releases.ModelReview, owner: object) -> _ModelReview: ...
    @overload
    def __get__(self, instance: mlplatform.spec.releases.ReleaseRecord, owner: object) -> _ReleaseRecord: ...
    @overload
    def __get__(self, instance: mlplatform.spec.replicas.AutoscalingSpec, owner: object) -> _AutoscalingSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.replicas.CpuSpec, owner: object) -> _CpuSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.rollouts.AllAtOnce, owner: object) -> _AllAtOnce: ...
    @overload
    def __get__(self, instance: mlplatform.spec.rollouts.BlueGreenRollout, owner: object) -> _BlueGreenRollout: ...
    @overload
    def __get__(self, instance: mlplatform.spec.rollouts.CanaryRollout, owner: object) -> _CanaryRollout: ...
    @overload
    def __get__(self, instance: mlplatform.spec.step_folders.InputSpec, owner: object) -> _InputSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.step_folders.OutputSpec, owner: object) -> _OutputSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.target.EndpointOverride, owner: object) -> _EndpointOverride: ...
    @overload
    def __get__(self, instance: mlplatform.spec.target.PoolOverride, owner: object) -> _PoolOverride: ...
    @overload
    def __get__(self, instance: mlplatform.spec.target.ReservationBinding, owner: object) -> _ReservationBinding: ...
    @overload
    def __get__(self, instance: mlplatform.spec.teams.TeamSpec, owner: object) -> _TeamSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.tracking.TrackingDatabaseSpec, owner: object) -> _TrackingDatabaseSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.tracking.TrackingSpec, owner: object) -> _TrackingSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.training.GpuPoolSpec, owner: object) -> _GpuPoolSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.training.SystemPoolSpec, owner: object) -> _SystemPoolSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.training.TrainingSpec, owner: object) -> _TrainingSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.training.UpgradeHold, owner: object) -> _UpgradeHold: ...
    @overload
    def __get__(self, instance: mlplatform.spec.training_run.TrainingRun, owner: object) -> _TrainingRun: ...
    @overload
    def __get__(self, instance: mlplatform.spec.triggers.DataTrigger, owner: object) -> _DataTrigger: ...
    @overload
    def __get__(self, instance: mlplatform.spec.triggers.ScheduleTrigger, owner: object) -> _ScheduleTrigger: ...
    @overload
    def __get__(self, instance: mlplatform.spec.triggers.TeamCeilings, owner: object) -> _TeamCeilings: ...
    @overload
    def __get__(self, instance: mlplatform.spec.triggers.TriggersSpec, owner: object) -> _TriggersSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.tune.TuneSpec, owner: object) -> _TuneSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.tune.TunedParameter, owner: object) -> _TunedParameter: ...
    @overload
    def __get__(self, instance: mlplatform.spec.variants.ShadowSpec, owner: object) -> _ShadowSpec: ...
    @overload
    def __get__(self, instance: mlplatform.spec.variants.VariantSpec, owner: object) -> _VariantSpec: ...
    # models of other packages, and code that is the same for every model
    @overload
    def __get__(self, instance: M, owner: object) -> Callable[..., M]: ...
