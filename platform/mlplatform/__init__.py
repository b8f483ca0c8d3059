"""mlplatform: one typed spec becomes a complete, secure ML platform on AWS, GCP or Azure, through Pulumi.

Everything a spec file needs is here; names load on first use, so importing the package is cheap and needs no
cloud SDK.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplatform.backends.aws.adopted import AwsAdopted as AwsAdopted
    from mlplatform.backends.aws.adopted import AwsAdoptedBucket as AwsAdoptedBucket
    from mlplatform.backends.aws.adopted import AwsAdoptedCluster as AwsAdoptedCluster
    from mlplatform.backends.aws.adopted import AwsAdoptedIdentities as AwsAdoptedIdentities
    from mlplatform.backends.aws.adopted import AwsAdoptedKeys as AwsAdoptedKeys
    from mlplatform.backends.aws.adopted import AwsAdoptedRegistry as AwsAdoptedRegistry
    from mlplatform.backends.aws.adopted import AwsAdoptedStore as AwsAdoptedStore
    from mlplatform.backends.aws.adopted_file_system import AwsFileSystem as AwsFileSystem
    from mlplatform.backends.aws.adopted_network import AwsAdoptedNetwork as AwsAdoptedNetwork
    from mlplatform.backends.aws.adopted_network import AwsHub as AwsHub
    from mlplatform.backends.aws.existing import AwsExistingBucket as AwsExistingBucket
    from mlplatform.backends.aws.existing import AwsExistingCluster as AwsExistingCluster
    from mlplatform.backends.aws.existing import AwsExistingIdentities as AwsExistingIdentities
    from mlplatform.backends.aws.existing import AwsExistingKeys as AwsExistingKeys
    from mlplatform.backends.aws.existing import AwsExistingNetwork as AwsExistingNetwork
    from mlplatform.backends.aws.existing import AwsExistingRegistry as AwsExistingRegistry
    from mlplatform.backends.aws.existing import AwsExistingStore as AwsExistingStore
    from mlplatform.backends.aws.target import AwsTarget as AwsTarget
    from mlplatform.backends.azure.adopted import AzureAdopted as AzureAdopted
    from mlplatform.backends.azure.adopted import AzureAdoptedCluster as AzureAdoptedCluster
    from mlplatform.backends.azure.adopted import AzureAdoptedContainer as AzureAdoptedContainer
    from mlplatform.backends.azure.adopted import AzureAdoptedIdentities as AzureAdoptedIdentities
    from mlplatform.backends.azure.adopted import AzureAdoptedIdentity as AzureAdoptedIdentity
    from mlplatform.backends.azure.adopted import AzureAdoptedKeys as AzureAdoptedKeys
    from mlplatform.backends.azure.adopted import AzureAdoptedRegistry as AzureAdoptedRegistry
    from mlplatform.backends.azure.adopted import AzureAdoptedStore as AzureAdoptedStore
    from mlplatform.backends.azure.adopted_file_system import AzureFileSystem as AzureFileSystem
    from mlplatform.backends.azure.adopted_network import AzureAdoptedNetwork as AzureAdoptedNetwork
    from mlplatform.backends.azure.adopted_network import AzureHub as AzureHub
    from mlplatform.backends.azure.existing import AzureExistingCluster as AzureExistingCluster
    from mlplatform.backends.azure.existing import AzureExistingContainer as AzureExistingContainer
    from mlplatform.backends.azure.existing import AzureExistingIdentities as AzureExistingIdentities
    from mlplatform.backends.azure.existing import AzureExistingIdentity as AzureExistingIdentity
    from mlplatform.backends.azure.existing import AzureExistingKeys as AzureExistingKeys
    from mlplatform.backends.azure.existing import AzureExistingNetwork as AzureExistingNetwork
    from mlplatform.backends.azure.existing import AzureExistingRegistry as AzureExistingRegistry
    from mlplatform.backends.azure.existing import AzureExistingStore as AzureExistingStore
    from mlplatform.backends.azure.target import AzureTarget as AzureTarget
    from mlplatform.backends.gcp.adopted import GcpAdopted as GcpAdopted
    from mlplatform.backends.gcp.adopted import GcpAdoptedCluster as GcpAdoptedCluster
    from mlplatform.backends.gcp.adopted import GcpAdoptedIdentities as GcpAdoptedIdentities
    from mlplatform.backends.gcp.adopted import GcpAdoptedKeys as GcpAdoptedKeys
    from mlplatform.backends.gcp.adopted import GcpAdoptedRegistry as GcpAdoptedRegistry
    from mlplatform.backends.gcp.adopted import GcpAdoptedStore as GcpAdoptedStore
    from mlplatform.backends.gcp.adopted import GcpFabricNetwork as GcpFabricNetwork
    from mlplatform.backends.gcp.adopted_file_system import GcpFileSystem as GcpFileSystem
    from mlplatform.backends.gcp.adopted_network import GcpAdoptedNetwork as GcpAdoptedNetwork
    from mlplatform.backends.gcp.adopted_network import GcpHub as GcpHub
    from mlplatform.backends.gcp.existing import GcpExistingCluster as GcpExistingCluster
    from mlplatform.backends.gcp.existing import GcpExistingIdentities as GcpExistingIdentities
    from mlplatform.backends.gcp.existing import GcpExistingKeys as GcpExistingKeys
    from mlplatform.backends.gcp.existing import GcpExistingNetwork as GcpExistingNetwork
    from mlplatform.backends.gcp.existing import GcpExistingRegistry as GcpExistingRegistry
    from mlplatform.backends.gcp.existing import GcpExistingStore as GcpExistingStore
    from mlplatform.backends.gcp.target import GcpTarget as GcpTarget
    from mlplatform.cluster.layer import ClusterLayer as ClusterLayer
    from mlplatform.cluster.layer import Teams as Teams
    from mlplatform.components.artifact_store import ArtifactStore as ArtifactStore
    from mlplatform.components.budget import Budget as Budget
    from mlplatform.components.cluster import Cluster as Cluster
    from mlplatform.components.cluster_endpoint import ClusterEndpoint as ClusterEndpoint
    from mlplatform.components.context import Context as Context
    from mlplatform.components.endpoint import Endpoint as Endpoint
    from mlplatform.components.existing import Existing as Existing
    from mlplatform.components.feature_fill import FeatureFill as FeatureFill
    from mlplatform.components.feature_store import FeatureStore as FeatureStore
    from mlplatform.components.identity import Identity as Identity
    from mlplatform.components.keys import Keys as Keys
    from mlplatform.components.model_monitor import ModelMonitor as ModelMonitor
    from mlplatform.components.monitoring import Monitoring as Monitoring
    from mlplatform.components.network import Network as Network
    from mlplatform.components.node_pool import CpuNodePool as CpuNodePool
    from mlplatform.components.node_pool import GpuNodePool as GpuNodePool
    from mlplatform.components.pipeline import Pipeline as Pipeline
    from mlplatform.components.pipeline import PipelineDoor as PipelineDoor
    from mlplatform.components.platform import Platform as Platform
    from mlplatform.components.registry import ImageRegistry as ImageRegistry
    from mlplatform.components.registry import ModelRegistry as ModelRegistry
    from mlplatform.components.tracking import Tracking as Tracking
    from mlplatform.spec.access import AccessSpec as AccessSpec
    from mlplatform.spec.access import CiSpec as CiSpec
    from mlplatform.spec.airflow import AirflowLoginSpec as AirflowLoginSpec
    from mlplatform.spec.airflow import AirflowSpec as AirflowSpec
    from mlplatform.spec.artifact_store import ArtifactStoreSpec as ArtifactStoreSpec
    from mlplatform.spec.artifact_store import PlaceSpec as PlaceSpec
    from mlplatform.spec.artifact_store import WormSpec as WormSpec
    from mlplatform.spec.base_models import BaseModelSpec as BaseModelSpec
    from mlplatform.spec.budget import BudgetSpec as BudgetSpec
    from mlplatform.spec.candidates import CandidateSpec as CandidateSpec
    from mlplatform.spec.capacity import CapacityBlock as CapacityBlock
    from mlplatform.spec.capacity import Reservation as Reservation
    from mlplatform.spec.capture_redaction import CaptureRedactionSpec as CaptureRedactionSpec
    from mlplatform.spec.cluster import ClusterSpec as ClusterSpec
    from mlplatform.spec.cpu_pool import CpuPoolSpec as CpuPoolSpec
    from mlplatform.spec.data_checks import ColumnCheck as ColumnCheck
    from mlplatform.spec.data_checks import DataChecks as DataChecks
    from mlplatform.spec.data_checks import FreshnessCheck as FreshnessCheck
    from mlplatform.spec.data_checks import VolumeChange as VolumeChange
    from mlplatform.spec.endpoints import EndpointSpec as EndpointSpec
    from mlplatform.spec.endpoints import PublicEntrySpec as PublicEntrySpec
    from mlplatform.spec.endpoints import SloSpec as SloSpec
    from mlplatform.spec.extension import ExtensionSpec as ExtensionSpec
    from mlplatform.spec.feature_store import EntitySpec as EntitySpec
    from mlplatform.spec.feature_store import FeatureField as FeatureField
    from mlplatform.spec.feature_store import FeatureFillSpec as FeatureFillSpec
    from mlplatform.spec.feature_store import FeatureGroupSpec as FeatureGroupSpec
    from mlplatform.spec.feature_store import FeatureServiceSpec as FeatureServiceSpec
    from mlplatform.spec.feature_store import FeatureStoreSpec as FeatureStoreSpec
    from mlplatform.spec.file_system import SharedFileSystemSpec as SharedFileSystemSpec
    from mlplatform.spec.gates import ChampionSpec as ChampionSpec
    from mlplatform.spec.gates import GateSpec as GateSpec
    from mlplatform.spec.gates import SliceSpec as SliceSpec
    from mlplatform.spec.gates import ThresholdSpec as ThresholdSpec
    from mlplatform.spec.gpu_sharing import Mig as Mig
    from mlplatform.spec.gpu_sharing import TimeSlicing as TimeSlicing
    from mlplatform.spec.keys import KeysSpec as KeysSpec
    from mlplatform.spec.managed_airflow import ManagedAirflowSpec as ManagedAirflowSpec
    from mlplatform.spec.model_monitor import ModelMonitorSpec as ModelMonitorSpec
    from mlplatform.spec.model_monitor import MonitorLabelsSpec as MonitorLabelsSpec
    from mlplatform.spec.monitor_questions import MonitorInput as MonitorInput
    from mlplatform.spec.monitor_questions import MonitorMetric as MonitorMetric
    from mlplatform.spec.monitoring import AlertsSpec as AlertsSpec
    from mlplatform.spec.monitoring import EmailRoute as EmailRoute
    from mlplatform.spec.monitoring import MonitoringSpec as MonitoringSpec
    from mlplatform.spec.monitoring import PagerDutyRoute as PagerDutyRoute
    from mlplatform.spec.monitoring import SlackRoute as SlackRoute
    from mlplatform.spec.monitoring import WebhookRoute as WebhookRoute
    from mlplatform.spec.mounts import MountSpec as MountSpec
    from mlplatform.spec.network import NetworkSpec as NetworkSpec
    from mlplatform.spec.nodes import TaintSpec as TaintSpec
    from mlplatform.spec.notebooks import LoginSpec as LoginSpec
    from mlplatform.spec.notebooks import NotebooksSpec as NotebooksSpec
    from mlplatform.spec.pipeline_parameters import ParameterSpec as ParameterSpec
    from mlplatform.spec.pipeline_steps import StepCondition as StepCondition
    from mlplatform.spec.pipeline_steps import StepResources as StepResources
    from mlplatform.spec.pipeline_steps import StepSpec as StepSpec
    from mlplatform.spec.pipelines import PipelineSpec as PipelineSpec
    from mlplatform.spec.platform import PlatformSpec as PlatformSpec
    from mlplatform.spec.registry import RegistrySpec as RegistrySpec
    from mlplatform.spec.replicas import AutoscalingSpec as AutoscalingSpec
    from mlplatform.spec.replicas import CpuSpec as CpuSpec
    from mlplatform.spec.rollouts import AllAtOnce as AllAtOnce
    from mlplatform.spec.rollouts import BlueGreenRollout as BlueGreenRollout
    from mlplatform.spec.rollouts import CanaryRollout as CanaryRollout
    from mlplatform.spec.step_folders import InputSpec as InputSpec
    from mlplatform.spec.step_folders import OutputSpec as OutputSpec
    from mlplatform.spec.target import EndpointOverride as EndpointOverride
    from mlplatform.spec.target import PoolOverride as PoolOverride
    from mlplatform.spec.target import ReservationBinding as ReservationBinding
    from mlplatform.spec.teams import TeamSpec as TeamSpec
    from mlplatform.spec.tracking import TrackingDatabaseSpec as TrackingDatabaseSpec
    from mlplatform.spec.tracking import TrackingSpec as TrackingSpec
    from mlplatform.spec.training import GpuPoolSpec as GpuPoolSpec
    from mlplatform.spec.training import SystemPoolSpec as SystemPoolSpec
    from mlplatform.spec.training import TrainingSpec as TrainingSpec
    from mlplatform.spec.training import UpgradeHold as UpgradeHold
    from mlplatform.spec.triggers import DataTrigger as DataTrigger
    from mlplatform.spec.triggers import ScheduleTrigger as ScheduleTrigger
    from mlplatform.spec.triggers import TeamCeilings as TeamCeilings
    from mlplatform.spec.triggers import TriggersSpec as TriggersSpec
    from mlplatform.spec.tune import TunedParameter as TunedParameter
    from mlplatform.spec.tune import TuneSpec as TuneSpec
    from mlplatform.spec.variants import ShadowSpec as ShadowSpec
    from mlplatform.spec.variants import VariantSpec as VariantSpec

_HOME = {
    "backends.aws.adopted_network": ("AwsAdoptedNetwork", "AwsHub"),
    "backends.aws.adopted": (
        "AwsAdopted",
        "AwsAdoptedBucket",
        "AwsAdoptedCluster",
        "AwsAdoptedIdentities",
        "AwsAdoptedKeys",
        "AwsAdoptedRegistry",
        "AwsAdoptedStore",
    ),
    "backends.aws.existing": (
        "AwsExistingBucket",
        "AwsExistingCluster",
        "AwsExistingIdentities",
        "AwsExistingKeys",
        "AwsExistingNetwork",
        "AwsExistingRegistry",
        "AwsExistingStore",
    ),
    "backends.aws.adopted_file_system": ("AwsFileSystem",),
    "backends.aws.target": ("AwsTarget",),
    "backends.azure.adopted_network": ("AzureAdoptedNetwork", "AzureHub"),
    "backends.azure.adopted": (
        "AzureAdopted",
        "AzureAdoptedCluster",
        "AzureAdoptedIdentities",
        "AzureAdoptedIdentity",
        "AzureAdoptedContainer",
        "AzureAdoptedKeys",
        "AzureAdoptedRegistry",
        "AzureAdoptedStore",
    ),
    "backends.azure.existing": (
        "AzureExistingCluster",
        "AzureExistingIdentities",
        "AzureExistingIdentity",
        "AzureExistingContainer",
        "AzureExistingKeys",
        "AzureExistingNetwork",
        "AzureExistingRegistry",
        "AzureExistingStore",
    ),
    "backends.azure.adopted_file_system": ("AzureFileSystem",),
    "backends.azure.target": ("AzureTarget",),
    "backends.gcp.adopted_network": ("GcpAdoptedNetwork", "GcpHub"),
    "backends.gcp.adopted": (
        "GcpAdopted",
        "GcpAdoptedCluster",
        "GcpAdoptedIdentities",
        "GcpAdoptedKeys",
        "GcpAdoptedRegistry",
        "GcpAdoptedStore",
        "GcpFabricNetwork",
    ),
    "backends.gcp.existing": (
        "GcpExistingCluster",
        "GcpExistingIdentities",
        "GcpExistingKeys",
        "GcpExistingNetwork",
        "GcpExistingRegistry",
        "GcpExistingStore",
    ),
    "backends.gcp.adopted_file_system": ("GcpFileSystem",),
    "backends.gcp.target": ("GcpTarget",),
    "cluster.layer": ("ClusterLayer", "Teams"),
    "components.artifact_store": ("ArtifactStore",),
    "components.budget": ("Budget",),
    "components.cluster": ("Cluster",),
    "components.context": ("Context",),
    "components.cluster_endpoint": ("ClusterEndpoint",),
    "components.endpoint": ("Endpoint",),
    "components.existing": ("Existing",),
    "components.identity": ("Identity",),
    "components.keys": ("Keys",),
    "components.monitoring": ("Monitoring",),
    "components.network": ("Network",),
    "components.node_pool": ("CpuNodePool", "GpuNodePool"),
    "components.feature_fill": ("FeatureFill",),
    "components.feature_store": ("FeatureStore",),
    "components.model_monitor": ("ModelMonitor",),
    "components.pipeline": ("Pipeline", "PipelineDoor"),
    "components.platform": ("Platform",),
    "components.registry": ("ImageRegistry", "ModelRegistry"),
    "components.tracking": ("Tracking",),
    "spec.access": ("AccessSpec", "CiSpec"),
    "spec.artifact_store": ("ArtifactStoreSpec", "PlaceSpec", "WormSpec"),
    "spec.base_models": ("BaseModelSpec",),
    "spec.budget": ("BudgetSpec",),
    "spec.candidates": ("CandidateSpec",),
    "spec.cluster": ("ClusterSpec",),
    "spec.data_checks": ("ColumnCheck", "DataChecks", "FreshnessCheck", "VolumeChange"),
    "spec.endpoints": ("EndpointSpec", "PublicEntrySpec", "SloSpec"),
    "spec.replicas": ("AutoscalingSpec", "CpuSpec"),
    "spec.rollouts": ("AllAtOnce", "BlueGreenRollout", "CanaryRollout"),
    "spec.variants": ("ShadowSpec", "VariantSpec"),
    "spec.extension": ("ExtensionSpec",),
    "spec.feature_store": (
        "EntitySpec",
        "FeatureField",
        "FeatureFillSpec",
        "FeatureGroupSpec",
        "FeatureServiceSpec",
        "FeatureStoreSpec",
    ),
    "spec.file_system": ("SharedFileSystemSpec",),
    "spec.keys": ("KeysSpec",),
    "spec.capture_redaction": ("CaptureRedactionSpec",),
    "spec.model_monitor": ("ModelMonitorSpec", "MonitorLabelsSpec"),
    "spec.monitor_questions": ("MonitorInput", "MonitorMetric"),
    "spec.monitoring": ("AlertsSpec", "EmailRoute", "MonitoringSpec", "PagerDutyRoute", "SlackRoute", "WebhookRoute"),
    "spec.network": ("NetworkSpec",),
    "spec.airflow": ("AirflowLoginSpec", "AirflowSpec"),
    "spec.managed_airflow": ("ManagedAirflowSpec",),
    "spec.notebooks": ("LoginSpec", "NotebooksSpec"),
    "spec.gates": ("ChampionSpec", "GateSpec", "SliceSpec", "ThresholdSpec"),
    "spec.pipeline_parameters": ("ParameterSpec",),
    "spec.pipeline_steps": ("StepCondition", "StepResources", "StepSpec"),
    "spec.step_folders": ("InputSpec", "OutputSpec"),
    "spec.pipelines": ("PipelineSpec",),
    "spec.triggers": ("DataTrigger", "ScheduleTrigger", "TeamCeilings", "TriggersSpec"),
    "spec.platform": ("PlatformSpec",),
    "spec.registry": ("RegistrySpec",),
    "spec.target": ("EndpointOverride", "PoolOverride", "ReservationBinding"),
    "spec.cpu_pool": ("CpuPoolSpec",),
    "spec.nodes": ("TaintSpec",),
    "spec.mounts": ("MountSpec",),
    "spec.teams": ("TeamSpec",),
    "spec.tracking": ("TrackingDatabaseSpec", "TrackingSpec"),
    "spec.capacity": ("CapacityBlock", "Reservation"),
    "spec.gpu_sharing": ("Mig", "TimeSlicing"),
    "spec.training": ("GpuPoolSpec", "SystemPoolSpec", "TrainingSpec", "UpgradeHold"),
    "spec.tune": ("TuneSpec", "TunedParameter"),
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}

# what a spec file needs; a star import brings no component, and so no Pulumi
__all__ = [name for name, home in _MODULE.items() if not home.startswith("components") and "existing" not in home]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    module = _MODULE.get(name)
    if module is None:
        raise AttributeError(f"module 'mlplatform' has no attribute '{name}'")
    value = getattr(import_module(f"mlplatform.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_MODULE)
