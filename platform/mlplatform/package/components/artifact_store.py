"""The artifact store alone."""

from collections.abc import Sequence
from typing import NotRequired

import pulumi

from mlplatform.components.artifact_store import ArtifactStore as LibraryStore
from mlplatform.components.identity import Identity as LibraryIdentity
from mlplatform.package.args.artifact_store import ArtifactStoreSpec
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.existing import Made
from mlplatform.package.components.base import opened, without
from mlplatform.package.existing import made_of
from mlplatform.package.grants import GranteeArgs, check, granted, places
from mlplatform.package.reading import Part


class StoreGrantArgs(GranteeArgs):
    """What an identity may do in the store."""

    read: NotRequired[Sequence[str]]
    """Places it may list and read."""

    write: NotRequired[Sequence[str]]
    """Places it may also write to and delete from."""


class StoreArgs(ArtifactStoreSpec):
    """An artifact store of its own."""

    context: ContextArgs
    """What it belongs to."""

    grants: NotRequired[Sequence[StoreGrantArgs]]
    """Identities with access. Omitted: none."""


class ArtifactStore(pulumi.ComponentResource):
    """Versioned, encrypted, private places for data, features, models, pipelines and monitoring."""

    uris: pulumi.Output[dict[str, str]]
    """Where clients find each place (`s3://…`, `gs://…`, `wasbs://…`)."""

    principals: pulumi.Output[dict[str, str]]
    """How the cloud names each identity of `grants`."""

    existing: pulumi.Output[Made]
    """The store's places, as other components take them."""

    def __init__(self, name: str, args: StoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:ArtifactStore", name, {}, opts)
        grants = args.get("grants", ())
        check(grants, "grants")
        context = opened(self, args["context"], opts, Part("artifact_store", without(args, "grants")))
        made = LibraryStore(f"{context.prefix}-store", context.spec.artifact_store, context)

        def give(grant: StoreGrantArgs, identity: LibraryIdentity) -> None:
            if reads := places(grant.get("read", ())):
                made.grant_read(identity, *reads)
            if writes := places(grant.get("write", ())):
                made.grant_write(identity, *writes)

        self.uris = pulumi.Output.all(**made.uris)
        self.principals = granted(context, grants, give)
        self.existing = made_of(context.target.cloud, store=made)
        self.register_outputs({})
