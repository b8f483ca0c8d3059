"""A feature store alone: its online store, and the job that fills it."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired

import pulumi

from mlplatform.components.artifact_store import ArtifactStore as LibraryStore
from mlplatform.components.feature_fill import FeatureFill
from mlplatform.components.feature_store import FeatureStore as LibraryFeatures
from mlplatform.components.identity import Identity as LibraryIdentity
from mlplatform.components.registry import ModelRegistry as LibraryModels
from mlplatform.package.args.artifact_store import ArtifactStoreSpec
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.feature_store import FeatureStoreSpec
from mlplatform.package.args.registry import RegistrySpec
from mlplatform.package.components.base import open_context, spec_fields
from mlplatform.package.grants import GranteeArgs, check_grants, grant_all
from mlplatform.package.reading import Part, refusal

_NO_REGISTRY: Mapping[str, Any] = {"repositories": []}


class FeatureGrantArgs(GranteeArgs):
    """An identity's access to the online store."""

    access: str
    """`read` to look up the features of all groups, or `write`, which includes it, to fill them."""


class FeaturesArgs(FeatureStoreSpec):
    """Features and their groups, some of them online. Services name no endpoints and no teams: `grants` say who looks
    up."""

    context: ContextArgs
    """The platform that it belongs to. `existing` names the store of the tables, and the keys."""

    artifact_store: NotRequired[ArtifactStoreSpec]
    """The store that is created where the context's `existing` names none. Omitted: all defaults."""

    registry: NotRequired[RegistrySpec]
    """Registries that are created with it, one for the image of `fill`. Omitted: no image repository."""

    grants: NotRequired[Sequence[FeatureGrantArgs]]
    """Identities with access, besides the job that fills. Omitted: none."""


class FeatureStore(pulumi.ComponentResource):
    """The online store of features, with the job that fills it where the spec has one."""

    online: pulumi.Output[str]
    """What the online store is called: the beginning of the tables' names, the database, or the host."""

    principals: pulumi.Output[dict[str, str]]
    """The cloud's name of each identity in `grants`."""

    store_uris: pulumi.Output[dict[str, str]]
    """Address of each place of the store; tables are in `features`."""

    notes: pulumi.Output[list[str]]
    """What people must know of it."""

    def __init__(self, name: str, args: FeaturesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:FeatureStore", name, {}, opts)
        grants = args.get("grants", ())
        check_grants(grants, "grants", ("read", "write"))
        context = open_context(
            self,
            args["context"],
            opts,
            Part("feature_store", spec_fields(args, "artifact_store", "registry", "grants")),
            Part("registry", args.get("registry", _NO_REGISTRY), "registry"),
            Part("artifact_store", args.get("artifact_store", {}), "artifact_store"),
        )
        spec, prefix = context.spec.feature_store, context.prefix
        if spec is None or not spec.online_groups:
            raise refusal("no group is online", ("groups", "set online of one of them to true"))
        store = LibraryStore(f"{prefix}-store", context.spec.artifact_store, context)
        features = LibraryFeatures(f"{prefix}-features", spec, context)
        if spec.fill:
            registry = context.spec.registry
            models = LibraryModels(f"{prefix}-models", registry, context, store=store, images=context.images)
            FeatureFill(f"{prefix}-fill", features, context, store=store, models=models)

        def give(grant: FeatureGrantArgs, identity: LibraryIdentity) -> None:
            (features.grant_write if grant["access"] == "write" else features.grant_read)(identity)

        self.online = features.online.address if features.online else pulumi.Output.from_input("")
        self.principals = grant_all(context, grants, give)
        self.store_uris = pulumi.Output.all(**store.uris)
        self.notes = pulumi.Output.from_input([f"{note.path}: {note.text}" for note in context.notes])
        self.register_outputs({})
