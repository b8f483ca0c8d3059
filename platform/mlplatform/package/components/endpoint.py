"""An endpoint alone, with the store and the registries that it needs."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired

import pulumi

from mlplatform.components.artifact_store import ArtifactStore as LibraryStore
from mlplatform.components.endpoint import Endpoint as LibraryEndpoint
from mlplatform.components.model_monitor import ModelMonitor as LibraryMonitor
from mlplatform.components.registry import ModelRegistry as LibraryModels
from mlplatform.package.args.artifact_store import ArtifactStoreSpec
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.endpoints import EndpointSpec
from mlplatform.package.args.registry import RegistrySpec
from mlplatform.package.components.base import open_context, spec_fields
from mlplatform.package.grants import GranteeArgs, check_grants, grant_all
from mlplatform.package.reading import Part, refusal

_NONE: Mapping[str, Any] = {"repositories": []}


class ServingArgs(EndpointSpec):
    """An endpoint of its own."""

    context: ContextArgs
    """The platform that it belongs to. `existing` names the store of the models, `monitoring` the routes of alerts."""

    artifact_store: NotRequired[ArtifactStoreSpec]
    """The store that is created where the context's `existing` names none. Omitted: all defaults."""

    registry: NotRequired[RegistrySpec]
    """Registries that are created with it. Omitted: no image repository and no model group."""

    releases: NotRequired[Mapping[str, Any]]
    """What is released, by variant or shadow, with the fields of a record of releases (`mlplatform schema --record`).
    Omitted: nothing, and the endpoint waits for its first release."""

    callers: NotRequired[Sequence[GranteeArgs]]
    """Identities that may send requests. Omitted: none."""


def _record(args: ServingArgs) -> Mapping[str, Any] | None:
    """The endpoint's releases as those of its only target."""
    releases = args.get("releases")
    if not releases:
        return None
    target = args["context"]["target"]
    return {str(target.get("name") or target.get("cloud")): {str(args["name"]): releases}}


class Endpoint(pulumi.ComponentResource):
    """An online prediction service with its identity, alarms, SLO, rollout, and the monitor of its model."""

    endpoint_name: pulumi.Output[str]
    """Physical name."""

    url: pulumi.Output[str]
    """Address that takes requests."""

    phase: pulumi.Output[str]
    """`serving`, or `awaiting-model` while no variant has one."""

    principal: pulumi.Output[str]
    """The cloud's name of the identity of its replicas."""

    principals: pulumi.Output[dict[str, str]]
    """The cloud's name of each identity in `callers`."""

    store_uris: pulumi.Output[dict[str, str]]
    """Address of each place of the store."""

    def __init__(self, name: str, args: ServingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Endpoint", name, {}, opts)
        callers = args.get("callers", ())
        check_grants(callers, "callers")
        context = open_context(
            self,
            args["context"],
            opts,
            Part("endpoints[0]", spec_fields(args, "artifact_store", "registry", "callers", "releases")),
            Part("registry", args.get("registry", _NONE), "registry"),
            Part("artifact_store", args.get("artifact_store", {}), "artifact_store"),
            record=_record(args),
        )
        if not context.wanted.endpoints:
            raise refusal("an endpoint left out", ("context.target.endpoints", "leaves this one out on this cloud"))
        spec, prefix = context.wanted.endpoints[0], context.prefix
        store = LibraryStore(f"{prefix}-store", context.spec.artifact_store, context)
        models = LibraryModels(f"{prefix}-models", context.spec.registry, context, store=store, images=context.images)
        endpoint = LibraryEndpoint(
            f"{prefix}-endpoint-{spec.name}", spec, context, store=store, images=context.images, models=models
        )
        if spec.monitor:
            LibraryMonitor(f"{prefix}-monitor-{spec.name}", endpoint, context, store=store, models=models)
        self.endpoint_name = endpoint.endpoint_name
        self.url = endpoint.url
        self.phase = pulumi.Output.from_input(str(endpoint.phase))
        self.principal = endpoint.identity.principal
        self.principals = grant_all(context, callers, lambda _, identity: endpoint.grant_invoke(identity))
        self.store_uris = pulumi.Output.all(**store.uris)
        self.register_outputs({})
