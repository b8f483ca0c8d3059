"""Pipelines alone, with the store and the registries that they need, and the door that starts their runs."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from mlplatform.components.artifact_store import ArtifactStore as LibraryStore
from mlplatform.components.context import Context
from mlplatform.components.pipeline import Pipeline as LibraryPipeline
from mlplatform.components.pipeline import PipelineDoor as LibraryDoor
from mlplatform.components.pipeline import pipelines_identity
from mlplatform.components.registry import ModelRegistry as LibraryModels
from mlplatform.package.args.artifact_store import ArtifactStoreSpec
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.pipelines import PipelineSpec
from mlplatform.package.args.registry import RegistrySpec
from mlplatform.package.components.base import open_context, spec_fields
from mlplatform.package.grants import GranteeArgs, check_grants, grant_all
from mlplatform.package.reading import Part, refusal


class RunsArgs(PipelineSpec):
    """A pipeline of its own, which the cloud's own service runs. One on a cluster is a part of `Platform`."""

    context: ContextArgs
    """The platform that it belongs to. `existing` names the store, the keys, and the identity of its steps."""

    artifact_store: NotRequired[ArtifactStoreSpec]
    """The store that is created where the context's `existing` names none. Omitted: all defaults."""

    registry: NotRequired[RegistrySpec]
    """Registries that are created with it: the images of its steps, the group of its model. Omitted: none."""


class DoorArgs(TypedDict):
    """Pipelines with triggers, and their door."""

    context: ContextArgs
    """The platform that they belong to. `existing` names the store, the keys, and the identity of their steps."""

    pipelines: Sequence[PipelineSpec]
    """The pipelines, each with `triggers`. They are made too, so that no `Pipeline` has them."""

    senders: NotRequired[Sequence[GranteeArgs]]
    """Identities that may ask for runs: monitors, labelling tools, CI. Omitted: none."""

    artifact_store: NotRequired[ArtifactStoreSpec]
    """The store that is created where the context's `existing` names none. Omitted: all defaults."""

    registry: NotRequired[RegistrySpec]
    """Registries that are created with it: the images of steps, the groups of models. Omitted: none."""


class Pipeline(pulumi.ComponentResource):
    """Steps from data to a gated candidate, as the cloud's own service runs them. People start its runs there."""

    principal: pulumi.Output[str]
    """The cloud's name of the identity of its steps."""

    store_uris: pulumi.Output[dict[str, str]]
    """Address of each place of the store."""

    def __init__(self, name: str, args: RunsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Pipeline", name, {}, opts)
        given = spec_fields(args, "artifact_store", "registry")
        if "triggers" in given:
            raise refusal("triggers without a door", ("triggers", "leave it out, or use the component PipelineDoor"))
        _require_managed(given)
        context = open_context(self, args["context"], opts, Part("pipelines[0]", given), *_stores(args))
        used = _Used(context)
        used.pipelines()
        self.principal = used.identity.principal
        self.store_uris = pulumi.Output.all(**used.store.uris)
        self.register_outputs({})


class PipelineDoor(pulumi.ComponentResource):
    """Pipelines, and the one way in which their runs start without a person: a queue and a program that decides."""

    inbox: pulumi.Output[str]
    """Address of the queue that takes messages, as `mlplatform retrain` sends them."""

    principal: pulumi.Output[str]
    """The cloud's name of the identity of the steps."""

    principals: pulumi.Output[dict[str, str]]
    """The cloud's name of each identity in `senders`."""

    store_uris: pulumi.Output[dict[str, str]]
    """Address of each place of the store."""

    def __init__(self, name: str, args: DoorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:PipelineDoor", name, {}, opts)
        senders, pipelines = args.get("senders", ()), args["pipelines"]
        check_grants(senders, "senders")
        if not pipelines:
            raise refusal("a door without pipelines", ("pipelines", "required: the pipelines whose runs it starts"))
        if missing := [at for at, pipeline in enumerate(pipelines) if "triggers" not in pipeline]:
            words = "required; with {}, people alone ask for runs; without a door, use the component Pipeline"
            raise refusal("no triggers", *((f"pipelines[{at}].triggers", words) for at in missing))
        for at, pipeline in enumerate(pipelines):
            _require_managed(pipeline, f"pipelines[{at}].")
        parts = [Part(f"pipelines[{at}]", each, f"pipelines[{at}]") for at, each in enumerate(pipelines)]
        context = open_context(self, args["context"], opts, *parts, *_stores(args))
        used = _Used(context)
        door = LibraryDoor(f"{context.prefix}-door", context, pipelines=used.pipelines())
        self.inbox = door.inbox
        self.principal = used.identity.principal
        self.principals = grant_all(context, senders, lambda _, identity: door.grant_send(identity))
        self.store_uris = pulumi.Output.all(**used.store.uris)
        self.register_outputs({})


_NO_REGISTRY: Mapping[str, Any] = {"repositories": []}


def _stores(args: RunsArgs | DoorArgs) -> tuple[Part, ...]:
    """The store and the registries, as parts of the spec."""
    return (
        Part("registry", args.get("registry", _NO_REGISTRY), "registry"),
        Part("artifact_store", args.get("artifact_store", {}), "artifact_store"),
    )


def _require_managed(given: Mapping[str, Any], at: str = "") -> None:
    """Refuse a pipeline that the training cluster runs: its layer is another stack's.

    Raises:
        pulumi.InputPropertiesError: it is one.
    """
    engine = given.get("engine", "managed")
    if engine in ("cluster", "airflow"):
        words = f"got: {engine}; expected: managed; for a pipeline on a cluster use the component Platform"
        raise refusal("a pipeline on a cluster", (f"{at}engine", words))


class _Used:
    """What pipelines of one context use."""

    def __init__(self, context: Context) -> None:
        self._context = context
        prefix = context.prefix
        self.store = LibraryStore(f"{prefix}-store", context.spec.artifact_store, context)
        self._models = LibraryModels(
            f"{prefix}-models", context.spec.registry, context, store=self.store, images=context.images
        )
        self.identity = pipelines_identity(context, store=self.store, models=self._models)

    def pipelines(self) -> list[LibraryPipeline]:
        """Make the pipelines."""
        return [
            LibraryPipeline(
                f"{self._context.prefix}-pipeline-{spec.name}",
                spec,
                self._context,
                identity=self.identity,
                store=self.store,
                images=self._context.images,
                models=self._models,
            )
            for spec in self._context.spec.pipelines
        ]
