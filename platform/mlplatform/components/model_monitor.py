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
from mlplatform.components.hourly_program import HourlyProgram
from mlplatform.components.identity import Identity
from mlplatform.components.monitor_document import monitor_job, report_folder, served_groups, served_model
from mlplatform.components.monitor_program import JOB_VARIABLE, MEMORY_GIB, PROGRAM, VCPUS
from mlplatform.components.pipeline import PipelineDoor
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import MONITORS_NAMESPACE, ModelMonitorSpec
from mlplatform.spec.monitor_job import MonitorDoor
from mlplatform.spec.monitored import asked_pipeline, monitor_image
from mlplatform.spec.platform import PlatformSpec

if TYPE_CHECKING:
    from mlplatform.components.cluster_endpoint import ClusterEndpoint
    from mlplatform.components.context import Context
    from mlplatform.components.endpoint import Endpoint


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
        workers=monitor.workers,
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


MOST_FOLDERS = 20
"""Most folders of a place that a monitor's rights name. With more, it may read the place: every cloud limits a right's
length, an AWS role to 10,240 characters, a condition of Azure to 8,192, one of Google Cloud to 12 operators."""


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
        model = served_model(self.endpoint)
        store.grant_folder(identity, "models", model, "read")
        # below one folder: a role holds for one, and captures of an endpoint are nobody else's
        store.grant_folder(identity, "monitoring", _common(captures), "read")
        store.grant_folder(identity, "monitoring", report_folder(self.endpoint))
        for place, folders in self._read_folders().items():
            if len(folders) > MOST_FOLDERS:
                store.grant_read(identity, place)
            else:
                store.grant_folders(identity, place, folders, "read")
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

    def _read_folders(self) -> Mapping[Place, Sequence[str]]:
        """Of features and labels, by place: an identity has one grant to a place."""
        folders: dict[Place, list[str]] = {}
        groups = [group.name for group in served_groups(self.spec, self.context.spec)]
        if groups:
            folders["features"] = groups
        if labels := self.spec.labels:
            held = folders.setdefault(labels.place, [])
            if labels.path not in held:
                held.append(labels.path)
        return folders

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


def _common(folders: Sequence[str]) -> str:
    """The folder that several are below of."""
    parts = [folder.split("/") for folder in folders]
    shared: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return "/".join(shared)
