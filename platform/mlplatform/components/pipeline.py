"""A pipeline as its cloud's own service runs it, and the door through which its runs start."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.door_rules import door_rules
from mlplatform.components.identity import Identity
from mlplatform.components.job_rights import PIPELINE_RIGHTS, places_with
from mlplatform.components.registry import ImageRegistry, ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.spec.pipelines import PipelineSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context


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

    pipelines: Sequence[Pipeline]
    """The pipelines with triggers, by name."""

    image: str
    """The image with `mlplatform-step`."""

    rules: pulumi.Output[str]
    """What it is told: one JSON document, the same for the same spec."""


@dataclass(frozen=True, kw_only=True)
class DoorParts(ABC):
    """The door of one target."""

    inbox: pulumi.Output[str]
    """Address of the queue that takes messages, as `mlplatform retrain` and CI send to it."""

    @abstractmethod
    def grant_send(self, identity: Identity) -> None:
        """Let an identity put messages into the queue, and nothing else: monitors, CI, people who may retrain."""


@contract("pipelines.door")
class BuildsDoor(Protocol):
    """Makes the queue, its dead letters, the program that decides, what wakes it, and the alarms."""

    def __call__(self, scope: Scope, needs: DoorNeeds, /) -> DoorParts: ...


class PipelineDoor(Component):
    """The one way in which runs start without a person at the cloud's console: a queue and a program that decides."""

    capability = "pipelines"

    def __init__(
        self,
        name: str,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        pipelines: Sequence[Pipeline],
    ) -> None:
        """Make the door.

        Args:
            name: logical name.
            context: the platform that it belongs to.
            opts: the usual options.
            pipelines: the pipelines of the target that have triggers, at least one; they use the same components.

        Raises:
            ValueError: there is no pipeline, one has no triggers, or they have no image of the platform's programs, or
                several.
        """
        if missing := [each.spec.name for each in pipelines if each.spec.triggers is None]:
            raise ValueError(f"pipelines[{missing[0]}].triggers: none, so that it has no door")
        if not pipelines:
            raise ValueError("pipelines: none, so that there is nothing to start")
        super().__init__(name, context, opts)
        pipelines = sorted(pipelines, key=lambda pipeline: pipeline.spec.name)
        needs = pipelines[0].needs
        images = {pipeline.spec.programs_image for pipeline in pipelines}
        image = next(iter(images), None)
        if image is None or len(images) > 1:
            raise ValueError(
                "pipelines: one programs_image for all that have triggers, because one program starts them"
            )
        self.identity = Identity(f"{name}-identity", "door", context, pulumi.ResourceOptions(parent=self))
        rules = door_rules(context, {each.spec.name: (each.spec, each.parts.start) for each in pipelines}, needs.store)
        self.parts = context.backend.load(BuildsDoor)(
            self.scope,
            DoorNeeds(
                identity=self.identity,
                runs_as=needs.identity,
                store=needs.store,
                images=needs.images,
                pipelines=pipelines,
                image=image,
                rules=rules,
            ),
        )
        self.register_outputs({"inbox": self.inbox})

    @property
    def inbox(self) -> pulumi.Output[str]:
        """Address of the queue."""
        return self.parts.inbox

    def grant_send(self, identity: Identity) -> None:
        """Let an identity ask for runs."""
        self.parts.grant_send(identity)
        identity.note_grant("ask", "door")
