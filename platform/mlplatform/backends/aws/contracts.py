"""Every builder of AWS, for the type checker to compare with its contract. Does nothing at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplatform.backends.aws import adoption, as_existing, ci_login, named_existing
    from mlplatform.backends.aws.artifact_store import artifact_store
    from mlplatform.backends.aws.budget import budget
    from mlplatform.backends.aws.dashboards import grafana, panels
    from mlplatform.backends.aws.feature_store import fill, online_store
    from mlplatform.backends.aws.foundation import foundation
    from mlplatform.backends.aws.identity import existing_identity, identity, team
    from mlplatform.backends.aws.keys import existing_keys, keys
    from mlplatform.backends.aws.model_monitor import captures, model_monitor
    from mlplatform.backends.aws.model_monitor import on_cluster as monitor_on_cluster
    from mlplatform.backends.aws.monitoring import monitoring, routes
    from mlplatform.backends.aws.network import existing_network, network
    from mlplatform.backends.aws.pipelines import door, pipeline
    from mlplatform.backends.aws.registry import image_registry, model_registry
    from mlplatform.backends.aws.serving import endpoint
    from mlplatform.backends.aws.telemetry import telemetry
    from mlplatform.backends.aws.tracking import client as managed_client
    from mlplatform.backends.aws.tracking import database as tracking_database
    from mlplatform.backends.aws.tracking import managed as managed_tracking
    from mlplatform.backends.aws.training import cluster, cpu_pool, existing_cluster, file_system, node_pool
    from mlplatform.components.adoption import PicksAdopted
    from mlplatform.components.artifact_store import BuildsStore
    from mlplatform.components.budget import BuildsBudget
    from mlplatform.components.ci_login import BuildsCiLogin
    from mlplatform.components.cluster import BuildsCluster, UsesExistingCluster
    from mlplatform.components.endpoint import BuildsEndpoint
    from mlplatform.components.existing import ReadsExisting, ShowsAsExisting
    from mlplatform.components.feature_fill import BuildsFeatureFill
    from mlplatform.components.feature_store import BuildsOnlineStore
    from mlplatform.components.file_system import BuildsFileSystem
    from mlplatform.components.foundation import BuildsFoundation
    from mlplatform.components.grafana import OpensGrafana
    from mlplatform.components.identity import BuildsIdentity, UsesExistingIdentity
    from mlplatform.components.keys import BuildsKeys, UsesExistingKeys
    from mlplatform.components.model_monitor import BuildsModelMonitor, NamesCaptureFolders, WatchesModelMonitor
    from mlplatform.components.monitoring import BuildsMonitoring
    from mlplatform.components.network import BuildsNetwork, UsesExistingNetwork
    from mlplatform.components.node_pool import BuildsCpuPool, BuildsNodePool
    from mlplatform.components.panels import DescribesPanels
    from mlplatform.components.pipeline import BuildsDoor, BuildsPipeline
    from mlplatform.components.registry import BuildsImageRegistry, BuildsModelRegistry
    from mlplatform.components.routes import BuildsRoutes
    from mlplatform.components.team import BuildsTeamIdentity
    from mlplatform.components.telemetry import BuildsTelemetry
    from mlplatform.components.tracking import BuildsManagedTracking, BuildsTrackingDatabase, DescribesManagedClient

    _adoption: PicksAdopted = adoption.build
    _artifact_store: BuildsStore = artifact_store.build
    _as_existing: ShowsAsExisting = as_existing.build
    _budget: BuildsBudget = budget.build
    _ci_login: BuildsCiLogin = ci_login.build
    _grafana: OpensGrafana = grafana.build
    _panels: DescribesPanels = panels.build
    _foundation: BuildsFoundation = foundation.build
    _fill: BuildsFeatureFill = fill.build
    _online_store: BuildsOnlineStore = online_store.build
    _existing_identity: UsesExistingIdentity = existing_identity.build
    _identity: BuildsIdentity = identity.build
    _team: BuildsTeamIdentity = team.build
    _existing_keys: UsesExistingKeys = existing_keys.build
    _keys: BuildsKeys = keys.build
    _monitoring: BuildsMonitoring = monitoring.build
    _model_monitor: BuildsModelMonitor = model_monitor.build
    _monitor_on_cluster: WatchesModelMonitor = monitor_on_cluster.build
    _captures: NamesCaptureFolders = captures.build
    _routes: BuildsRoutes = routes.build
    _existing_network: UsesExistingNetwork = existing_network.build
    _named_existing: ReadsExisting = named_existing.build
    _network: BuildsNetwork = network.build
    _image_registry: BuildsImageRegistry = image_registry.build
    _pipeline: BuildsPipeline = pipeline.build
    _door: BuildsDoor = door.build
    _model_registry: BuildsModelRegistry = model_registry.build
    _endpoint: BuildsEndpoint = endpoint.build
    _telemetry: BuildsTelemetry = telemetry.build
    _cluster: BuildsCluster = cluster.build
    _existing_cluster: UsesExistingCluster = existing_cluster.build
    _node_pool: BuildsNodePool = node_pool.build
    _cpu_pool: BuildsCpuPool = cpu_pool.build
    _file_system: BuildsFileSystem = file_system.build
    _tracking_database: BuildsTrackingDatabase = tracking_database.build
    _managed_tracking: BuildsManagedTracking = managed_tracking.build
    _managed_client: DescribesManagedClient = managed_client.build
