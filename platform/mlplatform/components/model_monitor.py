"""A monitor of an endpoint's model: the job that looks, its identity, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster
from mlplatform.components.cluster_endpoint import PodIdentity
from mlplatform.components.cluster_names import monitor_account
from mlplatform.components.contract import contract
from mlplatform.components.envoy_capture import capture_folder
from mlplatform.components.hourly_program import HourlyProgram, longest_seconds
from mlplatform.components.identity import Identity
from mlplatform.components.pipeline import PipelineDoor
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.feature_store import chosen
from mlplatform.spec.model_monitor import (
    LOOK_GIB,
    MONITORS_NAMESPACE,
    ModelMonitorSpec,
    asked_pipeline,
    monitor_image,
    shares_captures,
    watched_variant,
)
from mlplatform.spec.monitor_job import MonitorDoor, MonitorJob, MonitorSettings, ServedGroup
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import split_model

if TYPE_CHECKING:
    from mlplatform.components.cluster_endpoint import ClusterEndpoint
    from mlplatform.components.context import Context
    from mlplatform.components.endpoint import Endpoint

PROGRAM = ("mlplatform-monitor",)
"""Command of the job: all else is in the document that `JOB_VARIABLE` has, or names."""

JOB_VARIABLE = "MLPLATFORM_MONITOR_JOB"
"""Variable with the document, or with its address in the store."""

VCPUS, MEMORY_GIB = 1, LOOK_GIB
"""Size of the job."""

_LABEL = "label"
"""Column of the truth in the reference, where there are no labels."""


@record(kw_only=True)
class ModelMonitorNeeds:
    """What a monitor's job uses."""

    identity: Identity
    """Its own identity. The component grants it the folders of the store and the door."""

    endpoint: EndpointSpec
    """The endpoint with what is released."""

    store: ArtifactStore
    """Where captures, references, labels and reports are."""

    models: ModelRegistry
    """The model registry, with what its cloud's jobs share."""

    image: str
    """Image with `mlplatform-monitor`."""

    job: pulumi.Output[str]
    """The document that the program is told, JSON: the same for the same spec and record. It names every input of the
    model, so it can be longer than a variable may be."""


@record(kw_only=True)
class ModelMonitorParts:
    """One monitor."""


def monitor_program(monitor: ModelMonitorSpec, needs: ModelMonitorNeeds) -> HourlyProgram:
    """The monitor's job, alike on every cloud.

    Args:
        monitor: its spec.
        needs: what it uses.
    """
    endpoint = needs.endpoint.name
    return HourlyProgram(
        name=f"monitor-{endpoint}",
        container="monitor",
        image=needs.image,
        command=PROGRAM,
        environment={JOB_VARIABLE: needs.job},
        vcpus=VCPUS,
        memory_gib=MEMORY_GIB,
        hours_of_day=monitor.hours_of_day,
        every_hours=monitor.every_hours,
        about=f"the monitor of {endpoint}",
        purpose=f"Looks why the model of {endpoint} got worse",
        field=f"endpoints[{endpoint}].monitor",
    )


@contract("model_monitor.model_monitor")
class BuildsModelMonitor(Protocol):
    """Makes the job, its clock, and its alerts: a change, broken data, no judgement or failure, and silence."""

    def __call__(self, scope: Scope, spec: ModelMonitorSpec, needs: ModelMonitorNeeds, /) -> ModelMonitorParts: ...


@contract("model_monitor.on_cluster")
class WatchesModelMonitor(Protocol):
    """Makes the alerts on a monitor that the cluster runs, over the logs of its pods: a change, broken data, no
    judgement or failure, and silence. The layer inside the cluster has the job."""

    def __call__(self, scope: Scope, spec: ModelMonitorSpec, endpoint: EndpointSpec, cluster: Cluster, /) -> None: ...


@contract("model_monitor.captures")
class NamesCaptureFolders(Protocol):
    """Names the folders of the store's `monitoring` place that a managed endpoint captures to, without slashes at both
    ends. Imports no SDK."""

    def __call__(self, spec: PlatformSpec, endpoint: EndpointSpec, /) -> Sequence[str]: ...


def report_folder(endpoint: EndpointSpec) -> str:
    """Folder of an endpoint's reports in the store's `monitoring` place; a folder for each look follows."""
    return f"reports/{endpoint.name}"


def note_unwatched(scope: Scope, endpoint: EndpointSpec) -> None:
    """Tell the plan's reader of an endpoint of a protected environment whose captures nobody looks at."""
    if scope.defaults.protected and endpoint.capture_percent and endpoint.monitor is None:
        scope.note(
            f"endpoints[{endpoint.name}].monitor",
            f"nobody looks at what it captures: a model of {scope.spec.environment} that gets worse is not noticed",
        )


class ModelMonitor(Component):
    """Looks at what an endpoint captured, tells why its model got worse, and may ask for another training.

    With nothing released there is no reference yet: the job starts with the endpoint's first model.
    """

    capability = "monitoring"

    def __init__(
        self,
        name: str,
        endpoint: Endpoint | ClusterEndpoint,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        store: ArtifactStore,
        models: ModelRegistry,
        door: PipelineDoor | None = None,
        cluster: Cluster | None = None,
    ) -> None:
        """Make the monitor that the endpoint's spec describes.

        Args:
            name: logical name.
            endpoint: the endpoint, with `monitor` in its spec.
            context: the platform that it belongs to.
            opts: the usual options.
            store: the store of captures, references, labels and reports.
            models: the model registry.
            door: the door of the pipeline that it asks. Omitted: it asks nobody.
            cluster: the cluster that runs it. Omitted: a job of the cloud does.

        Raises:
            ValueError: the endpoint has no monitor, it asks a pipeline and there is no door, or it runs on a cluster
                and there is none.
        """
        spec = endpoint.spec.monitor
        if spec is None:
            raise ValueError(f"endpoints[{endpoint.spec.name}].monitor: none")
        super().__init__(name, context, opts)
        self.spec, self.endpoint = spec, endpoint.spec
        self.identity: Identity | None = None
        self.parts: ModelMonitorParts | None = None
        self.job: pulumi.Output[str] | None = None
        if spec.on == "cluster" and cluster is None:
            raise ValueError(f"endpoints[{endpoint.spec.name}].monitor.on: there is no cluster")
        if endpoint.phase == "serving":
            self._build(name, store, models, door, cluster)
        else:
            self.scope.note(
                f"endpoints[{endpoint.spec.name}].monitor", "it starts with the endpoint's first model, its reference"
            )
        self.register_outputs({})

    def _build(
        self,
        name: str,
        store: ArtifactStore,
        models: ModelRegistry,
        door: PipelineDoor | None,
        cluster: Cluster | None,
    ) -> None:
        context, spec = self.context, self.spec
        asked = asked_pipeline(spec, context.spec)
        if asked and door is None:
            raise ValueError(f"endpoints[{self.endpoint.name}].monitor.retrain: there is no door to {asked.name}")
        inside = cluster if spec.on == "cluster" else None
        self.identity = identity = self._identity(name, inside)
        captures = self._captures()
        model = _served_model(self.endpoint)
        store.grant_folder(identity, "models", model, "read")
        # below one folder: a role holds for one, and captures of an endpoint are nobody else's
        store.grant_folder(identity, "monitoring", _common(captures), "read")
        store.grant_folder(identity, "monitoring", report_folder(self.endpoint))
        for group in served_groups(spec, context.spec):
            store.grant_folder(identity, "features", group.name, "read")
        if spec.labels:
            store.grant_folder(identity, spec.labels.place, spec.labels.path, "read")
        if asked and door:
            door.grant_send(identity)
        self.job = self._document(captures, store, door if asked else None)
        if inside:
            context.backend.load(WatchesModelMonitor)(self.scope, spec, self.endpoint, inside)
            return
        self.parts = context.backend.load(BuildsModelMonitor)(
            self.scope,
            spec,
            ModelMonitorNeeds(
                identity=identity,
                endpoint=self.endpoint,
                store=store,
                models=models,
                image=monitor_image(spec, context.spec),
                job=self.job,
            ),
        )

    def _identity(self, name: str, cluster: Cluster | None) -> Identity:
        """Of the cloud's job, or of pods."""
        parent = pulumi.ResourceOptions(parent=self)
        if cluster is None:
            return Identity(f"{name}-identity", "monitor", self.context, parent)
        account = monitor_account(self.endpoint)
        made = PodIdentity(f"{name}-pods", MONITORS_NAMESPACE, account, self.context, parent)
        cluster.bind(made, MONITORS_NAMESPACE, account)
        return made

    def _captures(self) -> Sequence[str]:
        if self.endpoint.on == "cluster":
            return (capture_folder(self.endpoint),)
        return self.context.backend.load(NamesCaptureFolders)(self.context.spec, self.endpoint)

    def _document(self, captures: Sequence[str], store: ArtifactStore, door: PipelineDoor | None) -> pulumi.Output[str]:
        context, spec, endpoint = self.context, self.spec, self.endpoint
        asked = asked_pipeline(spec, context.spec)
        places: tuple[Place, ...] = ("models", "monitoring", "data", "features")

        def written(known: Sequence[str]) -> str:
            inbox = known[len(places)]
            events = asked.triggers.events if asked and asked.triggers else ()
            asks = MonitorDoor(cloud=context.cloud, inbox=inbox, events=tuple(sorted(events))) if inbox else None
            job = monitor_job(
                spec,
                endpoint,
                captures,
                # on Azure, addresses of places end with a slash
                {place: uri.rstrip("/") for place, uri in zip(places, known, strict=False)},
                pipeline=asked.name if asked else None,
                door=asks,
                features=served_groups(spec, context.spec),
            )
            return job.model_dump_json(exclude_defaults=True)

        return pulumi.Output.all(*(store.uris[place] for place in places), door.inbox if door else "").apply(written)


def monitor_job(
    spec: ModelMonitorSpec,
    endpoint: EndpointSpec,
    captures: Sequence[str],
    places: Mapping[Place, str],
    *,
    pipeline: str | None,
    door: MonitorDoor | None,
    features: Sequence[ServedGroup] = (),
) -> MonitorJob:
    """All that the program is told.

    Args:
        spec: the monitor.
        endpoint: its endpoint, with what is released.
        captures: folders of the place `monitoring` with its captures.
        places: addresses of the places of the store.
        pipeline: the pipeline that it asks, if any.
        door: the queue of that pipeline's door, if any.
        features: groups that captured rows are compared with; their tables are names in the place of features. Omitted:
            none.
    """
    model, monitoring = f"{places['models']}/{_served_model(endpoint)}", places["monitoring"]
    return MonitorJob(
        settings=monitor_settings(spec, endpoint, pipeline),
        model=model,
        reference=f"{model}/{spec.reference}",
        capture=tuple(f"{monitoring}/{folder}" for folder in captures),
        labels=f"{places[spec.labels.place]}/{spec.labels.path}" if spec.labels else None,
        reports=f"{monitoring}/{report_folder(endpoint)}",
        hours=spec.window,
        door=door,
        features=tuple(each.overlay(table=f"{places['features']}/{each.table}") for each in features),
        workers=spec.workers,
        # the first worker says that others did not come before its job is ended
        wait_seconds=longest_seconds(spec.every_hours) - 600
        if spec.workers > 1
        else MonitorJob.model_fields["wait_seconds"].default,
    )


def served_groups(spec: ModelMonitorSpec, platform: PlatformSpec) -> tuple[ServedGroup, ...]:
    """The groups of the service that a monitor names, with the features that are compared.

    Args:
        spec: the monitor.
        platform: the platform, with its feature store.
    """
    store = platform.feature_store
    service = next((each for each in store.services if each.name == spec.features), None) if store else None
    if store is None or service is None:
        return ()
    keys = {each.name: each.key for each in store.entities}
    named = {each.name: each for each in store.groups}
    wanted: dict[str, list[str]] = {}
    for _, group, feature in chosen(service, {name: [f.name for f in each.features] for name, each in named.items()}):
        wanted.setdefault(group, []).append(feature)
    return tuple(
        ServedGroup(
            name=name,
            table=name,
            keys=tuple(sorted(keys[entity] for entity in named[name].entities)),
            features=tuple(sorted(features)),
            timestamp=named[name].timestamp,
            created=named[name].created,
            ttl_hours=named[name].ttl_hours,
            # until the next run, while it runs, and once more if one fails
            late_hours=3 * store.fill.every_hours if store.fill else 24,
        )
        for name, features in sorted(wanted.items())
    )


def monitor_settings(spec: ModelMonitorSpec, endpoint: EndpointSpec, pipeline: str | None) -> MonitorSettings:
    """What is judged.

    Args:
        spec: the monitor.
        endpoint: its endpoint, with what is released.
        pipeline: the pipeline that it asks, if any.
    """
    name, version = split_model(_served_model(endpoint))
    labels = spec.labels
    return MonitorSettings(
        endpoint=endpoint.name,
        model=name,
        version=version,
        variant=spec.variant if shares_captures(endpoint) else None,
        task=spec.task,
        inputs=spec.inputs,
        score=spec.score,
        predicted=spec.predicted,
        row_id=spec.row_id,
        label=labels.column if labels else _LABEL,
        label_days=labels.days if labels else 0,
        metrics=spec.metrics,
        slices=spec.slices,
        false_alarms_per_year=spec.false_alarms_per_year,
        runs_per_year=spec.looks_per_year,
        least_shift=spec.least_shift,
        least_concept=spec.least_concept,
        least_loss=spec.least_loss,
        least_rows=spec.least_rows,
        least_labels=spec.least_labels,
        pipeline=pipeline,
    )


def _served_model(endpoint: EndpointSpec) -> str:
    """Path of the model that the endpoint's answers come from: `fraud/7`.

    Raises:
        ValueError: it serves none of the store; validation refuses that first.
    """
    watched = watched_variant(endpoint)
    if watched is not None and watched.model:
        return watched.model
    raise ValueError(f"endpoints[{endpoint.name}].monitor: it serves no model of the store")


def _common(folders: Sequence[str]) -> str:
    """The folder that several are below of."""
    parts = [folder.split("/") for folder in folders]
    shared: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return "/".join(shared)
