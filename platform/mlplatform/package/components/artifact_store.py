"""The artifact store alone."""

from collections.abc import Sequence
from typing import NotRequired

import pulumi

from mlplatform.components.artifact_store import ArtifactStore as LibraryStore
from mlplatform.components.identity import Identity as LibraryIdentity
from mlplatform.package.args.artifact_store import ArtifactStoreSpec
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.existing import Made
from mlplatform.package.components.base import open_context, spec_fields
from mlplatform.package.existing import show_existing
from mlplatform.package.grants import GranteeArgs, check_grants, grant_all, ordered_places
from mlplatform.package.reading import Part


class StoreGrantArgs(GranteeArgs):
    """An identity's access to the store."""

    read: NotRequired[Sequence[str]]
    """Places that it may list and read."""

    write: NotRequired[Sequence[str]]
    """Places that it may also write to and delete from."""


class StoreArgs(ArtifactStoreSpec):
    """An artifact store of its own."""

    context: ContextArgs
    """The platform that it belongs to."""

    grants: NotRequired[Sequence[StoreGrantArgs]]
    """Identities with access. Omitted: none."""


class ArtifactStore(pulumi.ComponentResource):
    """Versioned, encrypted, private places for data, features, models, pipelines and monitoring."""

    uris: pulumi.Output[dict[str, str]]
    """Address of each place for clients (`s3://…`, `gs://…`, `wasbs://…`)."""

    principals: pulumi.Output[dict[str, str]]
    """The cloud's name of each identity in `grants`."""

    existing: pulumi.Output[Made]
    """The store's places, in the form that other components take."""

    def __init__(self, name: str, args: StoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:ArtifactStore", name, {}, opts)
        grants = args.get("grants", ())
        check_grants(grants, "grants")
        context = open_context(self, args["context"], opts, Part("artifact_store", spec_fields(args, "grants")))
        store = LibraryStore(f"{context.prefix}-store", context.spec.artifact_store, context)

        def give(grant: StoreGrantArgs, identity: LibraryIdentity) -> None:
            if reads := ordered_places(grant.get("read", ())):
                store.grant_read(identity, *reads)
            if writes := ordered_places(grant.get("write", ())):
                store.grant_write(identity, *writes)

        self.uris = pulumi.Output.all(**store.uris)
        self.principals = grant_all(context, grants, give)
        self.existing = show_existing(context.target.cloud, store=store)
        self.register_outputs({})
