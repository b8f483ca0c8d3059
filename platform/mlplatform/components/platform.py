"""The whole platform as one component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.budget import Budget
from mlplatform.components.cluster import Cluster
from mlplatform.components.cluster_endpoint import ClusterEndpoint
from mlplatform.components.context import Context
from mlplatform.components.endpoint import Endpoint, grant_invoke_all
from mlplatform.components.existing import Existing
from mlplatform.components.feature_store import FeatureStore
from mlplatform.components.file_system import SharedFileSystem
from mlplatform.components.file_system_sizes import created_file_system
from mlplatform.components.identity import Identity
from mlplatform.components.job_rights import JOB_RIGHTS, places_with
from mlplatform.components.monitoring import Monitoring, Watched
from mlplatform.components.node_pool import CpuNodePool, GpuNodePool
from mlplatform.components.people import grant_people
from mlplatform.components.pipeline import (
    OrderedPipelines,
    Pipeline,
    PipelineDoor,
    PipelineNeeds,
    pipelines_identity,
)
from mlplatform.components.platform_outputs import platform_layer, platform_outputs
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.remarks import spec_remarks
from mlplatform.components.secret_reader import read_secrets
from mlplatform.components.team import ACCOUNT, TeamIdentity, admit_team, grant_team
from mlplatform.components.tracking import Tracking
from mlplatform.deprecation import former_argument
from mlplatform.spec.access import CLUSTER_ROLES, ROLES, Role
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import ReleaseRecord

if TYPE_CHECKING:
    from mlplatform.components.airflow import Airflow
    from mlplatform.components.extension import Extension
    from mlplatform.components.feature_fill import FeatureFill
    from mlplatform.components.managed_airflow import ManagedAirflow
    from mlplatform.components.model_monitor import ModelMonitor


class Platform(Component):
    """One ML platform on one target."""

    capability = "platform"

    def __init__(
        self,
        spec: PlatformSpec,
        target: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
        *,
        existing: Existing | None = None,
        record: ReleaseRecord | None = None,
        cloud: str | None = None,
    ) -> None:
        """Make every capability the spec asks for.

        Args:
            spec: the platform, with any number of targets.
            target: the target's name, or its cloud where it is the only one there. Omitted: the only target.
            opts: the usual options; a provider given here is used instead of the spec's own.
            existing: existing resources that the platform uses. Omitted: everything is made.
            record: what is released of the endpoints. Omitted: the record that was read with the spec; with none,
                every endpoint waits for its first release.
            cloud: the former name of `target`.

        Raises:
            LookupError: the spec has no such target.
            ValueError: the spec has several targets and none is named, an existing part belongs to another cloud, or
                the record of releases contradicts the spec.
        """
        context = Context(spec, former_argument("target", target, "cloud", cloud), existing=existing, record=record)
        spec = context.spec
        if opts is None or not (opts.provider or opts.providers):
            opts = pulumi.ResourceOptions.merge(
                opts, pulumi.ResourceOptions(providers=[context.backend.provider(context)])
            )
        super().__init__(context.prefix, context, opts)
        context.opts = pulumi.ResourceOptions(parent=self)
        for offer in context.target.offered:
            self.scope.note(
                f"targets[{context.target.name}].offered",
                context.backend.catalog.insisted_note(offer, context.target.location),
            )
        for path, text in spec_remarks(context.wanted):
            self.scope.note(path, text)
        name = context.prefix
        self.network = context.network
        self.store = ArtifactStore(f"{name}-store", spec.artifact_store, context)
        self.images = context.images
        self.models = ModelRegistry(f"{name}-models", spec.registry, context, store=self.store, images=self.images)
        self.pipelines = pipelines_identity(context, store=self.store, models=self.models)
        if spec.access.ci:
            self.ci = Identity(f"{name}-ci", "ci", context, principal=context.existing.identity("ci"))
            self.images.grant_push(self.ci)
        self.features = (
            FeatureStore(f"{name}-features", spec.feature_store, context)
            if spec.feature_store and spec.feature_store.online_groups
            else None
        )
        self.training: Identity | None = None
        self.cluster = self._cluster()
        self._fill_features()
        self.teams = self._teams(self.cluster) if self.cluster else {}
        self.secret_readers = read_secrets(context, self.cluster) if self.cluster else {}
        self.pools = tuple(
            GpuNodePool(f"{name}-pool-{pool.name}", pool, context, cluster=self.cluster)
            for pool in (spec.training.pools if spec.training else ())
            if self.cluster
        )
        self.cpu_pools = tuple(
            CpuNodePool(f"{name}-pool-{pool.name}", pool, context, cluster=self.cluster)
            for pool in (spec.training.cpu_pools if spec.training else ())
            if self.cluster
        )
        self.tracking = (
            Tracking(
                f"{name}-tracking", spec.tracking, context, store=self.store, cluster=self.cluster, models=self.models
            )
            if spec.tracking
            else None
        )
        self.airflow: Airflow | None = None
        if spec.cluster and spec.cluster.airflow and self.cluster and self.tracking:
            from mlplatform.components.airflow import Airflow

            self.airflow = Airflow(
                f"{name}-airflow", context, store=self.store, cluster=self.cluster, tracking=self.tracking
            )
        self.managed_airflow: ManagedAirflow | None = None
        if spec.cluster and spec.cluster.managed_airflow and self.cluster:
            from mlplatform.components.managed_airflow import ManagedAirflow

            self.managed_airflow = ManagedAirflow(
                f"{name}-airflow", spec.cluster.managed_airflow, context, store=self.store, cluster=self.cluster
            )
        shared = created_file_system(spec)
        self.file_system = (
            SharedFileSystem(f"{name}-file-system", shared, context, cluster=self.cluster)
            if shared and self.cluster
            else None
        )
        self.endpoints = tuple(
            Endpoint(
                f"{name}-endpoint-{endpoint.name}",
                endpoint,
                context,
                store=self.store,
                images=self.images,
                models=self.models,
                features=self.features,
            )
            for endpoint in context.wanted.managed_endpoints
        )
        self.cluster_endpoints = tuple(
            ClusterEndpoint(
                f"{name}-endpoint-{endpoint.name}",
                endpoint,
                context,
                store=self.store,
                cluster=self.cluster,
                features=self.features,
            )
            for endpoint in context.wanted.cluster_endpoints
            if self.cluster
        )
        grant_invoke_all(self.scope, self.endpoints, self.pipelines)
        self.people: dict[Role, Identity] = {
            role: Identity(f"{name}-{role}", role, context) for role in ROLES if context.target.people.get(role)
        }
        grant_people(self.people, self.store, self.images, self.models, self.pipelines)
        callers: tuple[Role, ...] = ("data-scientist", "ml-engineer")
        for role in callers:
            if caller := self.people.get(role):
                grant_invoke_all(self.scope, self.endpoints, caller)
        if self.tracking:
            for logger in filter(None, (self.pipelines, self.training, *map(self.people.get, callers))):
                self.tracking.grant(logger)
            for team in self.teams.values():
                self.tracking.grant(team, self.store)
        for role, identity in self.people.items():
            if self.cluster and role in CLUSTER_ROLES:
                self.cluster.admit(identity)
        self.runs, self.door = self._runs()
        if self.managed_airflow:
            for role in callers:
                if opener := self.people.get(role):
                    self.managed_airflow.grant_open(opener)
            if self.door and self.door.starter:
                self.managed_airflow.grant_start(self.door.starter)
        self.fill: FeatureFill | None = None
        if self.features and self.features.spec.fill:
            from mlplatform.components.feature_fill import FeatureFill

            self.fill = FeatureFill(f"{name}-fill", self.features, context, store=self.store, models=self.models)
        self.extensions = self._extensions()
        self._monitor_models()
        watched = self._watched()
        self.monitoring = Monitoring(f"{name}-monitoring", spec.monitoring, context, watched=watched)
        if spec.budget:
            Budget(f"{name}-budget", spec.budget, context)
        self.register_outputs(self.outputs)

    def _runs(self) -> tuple[tuple[Pipeline, ...], PipelineDoor | None]:
        """The pipelines that the cloud's own service runs, and what starts them."""
        runs = tuple(
            Pipeline(
                f"{self.context.prefix}-pipeline-{pipeline.name}",
                pipeline,
                self.context,
                identity=self.pipelines,
                store=self.store,
                images=self.images,
                models=self.models,
            )
            for pipeline in self.context.spec.pipelines
            if pipeline.engine == "managed"
        )
        spec = self.context.spec
        if not spec.door_pipelines:
            return runs, None
        needs = PipelineNeeds(identity=self.pipelines, store=self.store, images=self.images, models=self.models)
        ordered = (
            OrderedPipelines(pipelines=spec.ordered_pipelines, cluster=self.cluster, needs=needs)
            if spec.ordered_pipelines and self.cluster
            else None
        )
        triggered = [run for run in runs if run.spec.triggers]
        door = PipelineDoor(f"{self.context.prefix}-door", self.context, pipelines=triggered, ordered=ordered)
        roles: tuple[Role, ...] = ("data-scientist", "ml-engineer")
        for sender in (self.people[role] for role in roles if role in self.people):
            door.grant_send(sender)
        if spec.access.ci and any(each.triggers and each.triggers.branch for each in spec.door_pipelines):
            door.grant_send(self.ci)
        return runs, door

    def _extensions(self) -> dict[str, Extension]:
        """What capabilities of other packages make, by the name of their entry."""
        if not self.context.spec.extensions:
            return {}
        from mlplatform.components.extension import Extension, ExtensionNeeds

        needs = ExtensionNeeds(
            store=self.store,
            images=self.images,
            models=self.models,
            pipelines=self.pipelines,
            training=self.training,
            cluster=self.cluster,
        )
        return {
            entry.name: Extension(f"{self.context.prefix}-extension-{entry.name}", entry, self.context, needs=needs)
            for entry in self.context.spec.extensions
        }

    def _monitor_models(self) -> None:
        self.model_monitors: tuple[ModelMonitor, ...] = ()
        every = (*self.endpoints, *self.cluster_endpoints)
        if not any(each.spec.monitor or each.spec.capture_percent for each in every):
            return
        from mlplatform.components.model_monitor import ModelMonitor, note_unwatched

        for endpoint in every:
            note_unwatched(self.scope, endpoint.spec)
        self.model_monitors = tuple(
            ModelMonitor(
                f"{self.context.prefix}-monitor-{endpoint.spec.name}",
                endpoint,
                self.context,
                store=self.store,
                models=self.models,
                door=self.door,
                cluster=self.cluster,
            )
            for endpoint in every
            if endpoint.spec.monitor
        )

    def _watched(self) -> Watched:
        if self.cluster is None or self.context.existing.cluster is None:
            return Watched(store=self.store, cluster=self.cluster, pools=self.pools, cpu_pools=self.cpu_pools)
        self.scope.note("monitoring", "the owner of the existing cluster monitors it and its pools")
        return Watched(store=self.store, cluster=None, pools=())

    def _cluster(self) -> Cluster | None:
        spec = self.context.spec
        if spec.training is None:
            return None
        cluster = self.context.cluster
        existing = self.context.existing.identity("training")
        self.training = training = Identity(
            f"{self.context.prefix}-training", "training", self.context, principal=existing
        )
        self.store.grant_write(training, *places_with(JOB_RIGHTS, "write"))
        self.store.grant_read(training, *places_with(JOB_RIGHTS, "read"))
        self.images.grant_pull(training)
        self.models.grant_register(training)
        # who may act as an existing identity is its owner's decision: the identity's notes say what is needed
        if existing is None:
            cluster.bind(training, spec.access.training_namespace, ACCOUNT)
        if spec.cluster_pipelines and self.pipelines.made:
            cluster.bind(self.pipelines, PIPELINES_NAMESPACE, PIPELINES_NAMESPACE)
        return cluster

    def _fill_features(self) -> None:
        """Let those fill the online store who write the tables from the platform's own network: its jobs, and pipelines
        whose steps are pods. Steps of the cloud's own service do not reach the store on every cloud."""
        if self.features and self.training:
            self.features.grant_write(self.training)
        if self.features and self.context.spec.cluster_pipelines and self.pipelines.made:
            self.features.grant_write(self.pipelines)

    def _teams(self, cluster: Cluster) -> dict[str, Identity]:
        """The identity of each team's jobs by the team's namespace, and the members' way to the cluster."""
        teams: dict[str, Identity] = {}
        for team in self.context.spec.cluster.teams if self.context.spec.cluster else ():
            name = f"{self.context.prefix}-{team.namespace}"
            teams[team.namespace] = identity = TeamIdentity(name, team, "jobs", self.context)
            grant_team(identity, team, self.store, self.images, self.models)
            if self.features:
                self.features.grant_team(identity, team.name)
            admit_team(cluster, team, identity)
        return teams

    @property
    def layer(self) -> dict[str, pulumi.Input[object]] | None:
        """What the stack of the layer inside the cluster is told; None where there is no layer."""
        return platform_layer(self)

    @property
    def outputs(self) -> dict[str, pulumi.Input[object]]:
        """The stack's outputs."""
        return platform_outputs(self)
