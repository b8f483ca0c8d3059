"""Registries alone: images, or images and models."""

from collections.abc import Sequence
from typing import NotRequired

import pulumi

from mlplatform.components.artifact_store import ArtifactStore as LibraryStore
from mlplatform.components.identity import Identity as LibraryIdentity
from mlplatform.components.registry import ImageRegistry as LibraryImages
from mlplatform.components.registry import ModelRegistry as LibraryModels
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.registry import RegistrySpec
from mlplatform.package.components.base import opened, without
from mlplatform.package.grants import GranteeArgs, check, granted
from mlplatform.package.reading import Part, refused


class ImageGrantArgs(GranteeArgs):
    """What an identity may do with images."""

    access: str
    """`pull`, or `push`, which includes it."""


class ModelGrantArgs(GranteeArgs):
    """What an identity may do with models."""

    access: str
    """`read`, or `register`, which includes it."""


class ImagesArgs(RegistrySpec):
    """Image repositories of their own, without model groups."""

    context: ContextArgs
    """What they belong to."""

    grants: NotRequired[Sequence[ImageGrantArgs]]
    """Identities with access. Omitted: none."""


class ModelsArgs(RegistrySpec):
    """Model groups with the image repositories beside them."""

    context: ContextArgs
    """What they belong to; its `existing` names the store that models lie in. Omitted there: one is made."""

    grants: NotRequired[Sequence[ModelGrantArgs]]
    """Identities with access to models. Omitted: none."""


class ImageRegistry(pulumi.ComponentResource):
    """Private, encrypted, scanned image repositories with retention."""

    addresses: pulumi.Output[dict[str, str]]
    """What `docker push` takes, by repository."""

    principals: pulumi.Output[dict[str, str]]
    """How the cloud names each identity of `grants`."""

    def __init__(self, name: str, args: ImagesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:ImageRegistry", name, {}, opts)
        grants = args.get("grants", ())
        check(grants, "grants", ("pull", "push"))
        context = opened(self, args["context"], opts, Part("registry", without(args, "grants")))
        if context.spec.registry.models:
            raise refused("models in an image registry", ("models", "model groups are ModelRegistry's"))
        made = LibraryImages(f"{context.prefix}-images", context.spec.registry, context)

        def give(grant: ImageGrantArgs, identity: LibraryIdentity) -> None:
            (made.grant_push if grant["access"] == "push" else made.grant_pull)(identity)

        self.addresses = pulumi.Output.all(**made.addresses)
        self.principals = granted(context, grants, give)
        self.register_outputs({})


class ModelRegistry(pulumi.ComponentResource):
    """Model groups with versions and approval, and image repositories; on Azure the machine learning workspace."""

    groups: pulumi.Output[dict[str, str]]
    """The cloud's id of each model group."""

    addresses: pulumi.Output[dict[str, str]]
    """What `docker push` takes, by repository."""

    principals: pulumi.Output[dict[str, str]]
    """How the cloud names each identity of `grants`."""

    def __init__(self, name: str, args: ModelsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:ModelRegistry", name, {}, opts)
        grants = args.get("grants", ())
        check(grants, "grants", ("read", "register"))
        context = opened(self, args["context"], opts, Part("registry", without(args, "grants")))
        store = LibraryStore(f"{context.prefix}-store", context.spec.artifact_store, context)
        made = LibraryModels(f"{context.prefix}-models", context.spec.registry, store, context.images, context)

        def give(grant: ModelGrantArgs, identity: LibraryIdentity) -> None:
            (made.grant_register if grant["access"] == "register" else made.grant_read)(identity)

        self.groups = pulumi.Output.all(**made.groups)
        self.addresses = pulumi.Output.all(**context.images.addresses)
        self.principals = granted(context, grants, give)
        self.register_outputs({})
