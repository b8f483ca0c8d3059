"""A tracking server without a cluster alone."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from mlplatform.components.artifact_store import ArtifactStore as LibraryStore
from mlplatform.components.registry import ModelRegistry as LibraryModels
from mlplatform.components.tracking import Tracking as LibraryTracking
from mlplatform.package.args.artifact_store import ArtifactStoreSpec
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.registry import RegistrySpec
from mlplatform.package.components.base import open_context
from mlplatform.package.grants import GranteeArgs, check_grants, grant_all
from mlplatform.package.reading import Part, refusal

_NO_REGISTRY: Mapping[str, Any] = {"repositories": []}


class ServerArgs(TypedDict):
    """A tracking server without a cluster: an MLflow app of SageMaker, the workspace of Azure ML, or MLflow on Cloud
    Run."""

    context: ContextArgs
    """The platform that it belongs to. `existing` names the store of artefacts, and the keys."""

    server: str
    """What runs it: `managed`, the cloud's service, which GCP does not have, or `service`, on Cloud Run, on GCP alone.
    A server on a cluster, on each cloud, is a part of `Platform`."""

    artifact_store: NotRequired[ArtifactStoreSpec]
    """The store that is created where the context's `existing` names none. Omitted: all defaults."""

    registry: NotRequired[RegistrySpec]
    """Registries that are created with it. Omitted: no image repository and no model group."""

    clients: NotRequired[Sequence[GranteeArgs]]
    """Identities that may log runs and register models. Omitted: none."""


class Tracking(pulumi.ComponentResource):
    """The server that keeps runs and the registry of models. Replacing it loses them."""

    uri: pulumi.Output[str]
    """What MLflow's client calls it; the cloud's plug-in finds the host and logs in."""

    principals: pulumi.Output[dict[str, str]]
    """The cloud's name of each identity in `clients`."""

    store_uris: pulumi.Output[dict[str, str]]
    """Address of each place of the store."""

    notes: pulumi.Output[list[str]]
    """What people must know of it."""

    def __init__(self, name: str, args: ServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Tracking", name, {}, opts)
        clients = args.get("clients", ())
        check_grants(clients, "clients")
        if args["server"] not in ("managed", "service"):
            expected = "managed or service; for a server on a cluster use the component Platform"
            words = f"got: {args['server']}; expected: {expected}"
            raise refusal("a tracking server on a cluster", ("server", words))
        context = open_context(
            self,
            args["context"],
            opts,
            Part("tracking", {"server": args["server"]}),
            Part("registry", args.get("registry", _NO_REGISTRY), "registry"),
            Part("artifact_store", args.get("artifact_store", {}), "artifact_store"),
        )
        spec, prefix = context.spec.tracking, context.prefix
        if spec is None:
            raise refusal("no tracking server", ("server", "required"))
        store = LibraryStore(f"{prefix}-store", context.spec.artifact_store, context)
        models = LibraryModels(f"{prefix}-models", context.spec.registry, context, store=store, images=context.images)
        tracking = LibraryTracking(f"{prefix}-tracking", spec, context, store=store, models=models)
        self.uri = tracking.uri
        self.principals = grant_all(context, clients, lambda _, identity: tracking.grant(identity, store))
        self.store_uris = pulumi.Output.all(**store.uris)
        self.notes = pulumi.Output.from_input([f"{note.path}: {note.text}" for note in context.notes])
        self.register_outputs({})
