"""A pipeline as its cloud's own service runs it, and the door through which its runs start."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster
from mlplatform.components.cluster_endpoint import PodIdentity
from mlplatform.components.contract import contract
from mlplatform.components.door_rules import ENGINE, STARTER_ACCOUNT, door_rules
from mlplatform.components.identity import Identity
from mlplatform.components.job_rights import PIPELINE_RIGHTS, places_with
from mlplatform.components.registry import ImageRegistry, ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.spec.pipelines import STARTER_NAMESPACE, PipelineSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context
    from mlplatform.components.door_rules import Start


@dataclass(frozen=True, kw_only=True)
class PipelineNeeds:
    """The components that a pipeline uses."""

    identity: Identity
    """The identity of its steps."""

    store: ArtifactStore
    """Its inputs and outputs."""

    images: ImageRegistry
    """The registry of its images."""

    models: ModelRegistry
    """Where its candidates are registered (the machine learning workspace, on Azure)."""


def pipelines_identity(context: Context, *, store: ArtifactStore, models: ModelRegistry) -> Identity:
    """The identity of the steps of a context's pipelines, with its rights: the existing one, or a new one.

    Args:
        context: the platform.
        store: whose places steps read and write.
        models: where candidates are registered.
    """
    made = Identity(
        f"{context.prefix}-pipelines", "pipelines", context, principal=context.existing.identity("pipelines")
    )
    store.grant_write(made, *places_with(PIPELINE_RIGHTS, "write"))
    store.grant_read(made, *places_with(PIPELINE_RIGHTS, "read"))
    context.images.grant_pull(made)
    models.grant_register(made)
    models.grant_jobs(made, runs_as=made)
    return made


@dataclass(frozen=True, kw_only=True)
class PipelineParts:
    """One pipeline."""

    start: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    """What the door is told to start a run, by names that the cloud's part of the program knows: `{"arn": …}`."""

    ready: tuple[pulumi.Resource, ...] = ()
    """What must be there before a run starts."""


@contract("pipelines.pipeline")
class BuildsPipeline(Protocol):
    """Makes what a run of one pipeline starts from."""

    def __call__(self, scope: Scope, spec: PipelineSpec, needs: PipelineNeeds, /) -> PipelineParts: ...


class Pipeline(Component):
    """Steps from data to a gated candidate, as the cloud's own service runs them."""

    capability = "pipelines"

    def __init__(
        self,
        name: str,
        spec: PipelineSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        identity: Identity,
        store: ArtifactStore,
        images: ImageRegistry,
        models: ModelRegistry,
    ) -> None:
        """Make what its runs start from.

        Args:
            name: logical name.
            spec: the pipeline.
            context: the platform that it belongs to.
            opts: the usual options.
            identity: the identity of its steps, of the purpose `pipelines`; its rights are granted elsewhere.
            store: its inputs and outputs.
            images: the registry of its images.
            models: where its candidates are registered.

        Raises:
            ValueError: it runs on the cluster or in an Airflow.
        """
        if spec.engine != "managed":
            raise ValueError(f"pipelines[{spec.name}].engine: {spec.engine} runs it, not the cloud's own service")
        super().__init__(name, context, opts)
        self.spec = spec
        self.needs = PipelineNeeds(identity=identity, store=store, images=images, models=models)
        self.parts = context.backend.load(BuildsPipeline)(self.scope, spec, self.needs)
        self.register_outputs({})


@dataclass(frozen=True, kw_only=True)
class DoorNeeds:
    """What the door uses."""

    identity: Identity
    """Its own identity: it may start and read the runs of these pipelines, and nothing else."""

    runs_as: Identity
    """The identity of the runs."""

    store: ArtifactStore
    """The store whose folders its data triggers watch; its ledgers are beside it, where no step writes."""

    images: ImageRegistry
    """The registry of its image."""

    models: ModelRegistry
    """The registry of their models (the machine learning workspace, on Azure)."""

    triggered: Sequence[PipelineSpec]
    """Every pipeline with triggers, by name."""

    pipelines: Sequence[Pipeline]
    """Those of them that the cloud's own service runs."""

    starter: Identity | None
    """The identity of the pods that start the others in the cluster: it reads what the door orders, and reports. None:
    there are no others."""

    image: str
    """The image with `mlplatform-step`."""

    rules: pulumi.Output[str]
    """What it is told: one JSON document, the same for the same spec."""


@dataclass(frozen=True, kw_only=True)
class ExchangePlaces:
    """Folders of the store, each written by one side."""

    orders: pulumi.Output[str]
    """Address of what the door orders."""

    reports: pulumi.Output[str]
    """Address of what the starter reports."""

    @property
    def variables(self) -> dict[str, pulumi.Input[str]]:
        """How the door and the starter are told of them."""
        return {"MLPLATFORM_DOOR_ORDERS": self.orders, "MLPLATFORM_DOOR_REPORTS": self.reports}


@dataclass(frozen=True, kw_only=True)
class DoorParts(ABC):
    """The door of one target."""

    inbox: pulumi.Output[str]
    """Address of the queue that takes messages, as `mlplatform retrain` and CI send to it."""

    exchange: ExchangePlaces | None = None
    """Where it orders runs that others start. None: it starts all of them itself."""

    @abstractmethod
    def grant_send(self, identity: Identity) -> None:
        """Let an identity put messages into the queue, and nothing else: monitors, CI, people who may retrain."""


@contract("pipelines.door")
class BuildsDoor(Protocol):
    """Makes the queue, its dead letters, the program that decides, what wakes it, and the alarms."""

    def __call__(self, scope: Scope, needs: DoorNeeds, /) -> DoorParts: ...


@dataclass(frozen=True, kw_only=True)
class OrderedPipelines:
    """Pipelines with triggers that a cluster runs: the door reaches no cluster, and a starter in it follows orders."""

    pipelines: Sequence[PipelineSpec]
    """The pipelines, at least one."""

    cluster: Cluster
    """The cluster."""

    needs: PipelineNeeds
    """What they use."""


class PipelineDoor(Component):
    """The one way in which runs start without a person at the cloud's console: a queue and a program that decides."""

    capability = "pipelines"

    def __init__(
        self,
        name: str,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        pipelines: Sequence[Pipeline] = (),
        ordered: OrderedPipelines | None = None,
    ) -> None:
        """Make the door.

        Args:
            name: logical name.
            context: the platform that it belongs to.
            opts: the usual options.
            pipelines: the pipelines of the target that have triggers and that the cloud's own service runs; they use
                the same components. Omitted: none.
            ordered: those that a cluster runs. Omitted: none.

        Raises:
            ValueError: there is no pipeline, one has no triggers, or they have no image of the platform's programs, or
                several.
        """
        specs = [*(each.spec for each in pipelines), *(ordered.pipelines if ordered else ())]
        if missing := [each.name for each in specs if each.triggers is None]:
            raise ValueError(f"pipelines[{missing[0]}].triggers: none, so that it has no door")
        if not specs:
            raise ValueError("pipelines: none, so that there is nothing to start")
        super().__init__(name, context, opts)
        pipelines = sorted(pipelines, key=lambda pipeline: pipeline.spec.name)
        needs = ordered.needs if ordered else pipelines[0].needs
        images = {spec.programs_image for spec in specs}
        image = next(iter(images), None)
        if image is None or len(images) > 1:
            raise ValueError(
                "pipelines: one programs_image for all that have triggers, because one program starts them"
            )
        self.identity = Identity(f"{name}-identity", "door", context, pulumi.ResourceOptions(parent=self))
        self.starter = self._starter(name, context, ordered.cluster) if ordered else None
        starts: dict[str, Start] = {each.spec.name: each.parts.start for each in pipelines}
        known = {each.name: (each, starts.get(each.name, {ENGINE: each.engine})) for each in specs}
        self.parts = context.backend.load(BuildsDoor)(
            self.scope,
            DoorNeeds(
                identity=self.identity,
                runs_as=needs.identity,
                store=needs.store,
                images=needs.images,
                models=needs.models,
                triggered=[spec for _, (spec, _) in sorted(known.items())],
                pipelines=pipelines,
                starter=self.starter,
                image=image,
                rules=door_rules(context, known, needs.store),
            ),
        )
        for each in pipelines:
            self.identity.note_grant("start", "jobs", each.spec.name)
        if ordered and self.starter:
            for spec in ordered.pipelines:
                self.starter.note_grant("start", "jobs", spec.name)
        self.register_outputs({"inbox": self.inbox})

    def _starter(self, name: str, context: Context, cluster: Cluster) -> PodIdentity:
        made = PodIdentity(
            f"{name}-starter", STARTER_NAMESPACE, STARTER_ACCOUNT, context, pulumi.ResourceOptions(parent=self)
        )
        cluster.bind(made, STARTER_NAMESPACE, STARTER_ACCOUNT)
        return made

    @property
    def layer(self) -> dict[str, pulumi.Input[object]] | None:
        """What the stack of the layer is told; nothing where the door starts all runs itself."""
        places = self.parts.exchange
        return {"orders": places.orders, "reports": places.reports} if places else None

    @property
    def inbox(self) -> pulumi.Output[str]:
        """Address of the queue."""
        return self.parts.inbox

    def grant_send(self, identity: Identity) -> None:
        """Let an identity ask for runs."""
        self.parts.grant_send(identity)
        identity.note_grant("ask", "door")
