"""Registries alone: images, or images and models."""

from collections.abc import Sequence
from typing import NotRequired

import pulumi

from mlplatform.components.artifact_store import ArtifactStore as LibraryStore
from mlplatform.components.identity import Identity as LibraryIdentity
from mlplatform.components.registry import ImageRegistry as LibraryImages
from mlplatform.components.registry import ModelRegistry as LibraryModels
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.existing import Made
from mlplatform.package.args.registry import RegistrySpec
from mlplatform.package.components.base import open_context, spec_fields
from mlplatform.package.existing import show_existing
from mlplatform.package.grants import GranteeArgs, check_grants, grant_all
from mlplatform.package.reading import Part, refusal


class ImageGrantArgs(GranteeArgs):
    """An identity's access to images."""

    access: str
    """`pull`, or `push`, which includes it."""


class ModelGrantArgs(GranteeArgs):
    """An identity's access to models."""

    access: str
    """`read`, or `register`, which includes it."""


class ImagesArgs(RegistrySpec):
    """Image repositories of their own, without model groups."""

    context: ContextArgs
    """The platform that they belong to."""

    grants: NotRequired[Sequence[ImageGrantArgs]]
    """Identities with access. Omitted: none."""


class ModelsArgs(RegistrySpec):
    """Model groups with the image repositories beside them."""

    context: ContextArgs
    """The platform that they belong to. `existing` names the store of the models; without it one is created."""

    grants: NotRequired[Sequence[ModelGrantArgs]]
    """Identities with access to models. Omitted: none."""


class ImageRegistry(pulumi.ComponentResource):
    """Private, encrypted, scanned image repositories with retention."""

    addresses: pulumi.Output[dict[str, str]]
    """Address for `docker push`, by repository."""

    principals: pulumi.Output[dict[str, str]]
    """The cloud's name of each identity in `grants`."""

    existing: pulumi.Output[Made]
    """Its repositories, in the form that other components take."""

    def __init__(self, name: str, args: ImagesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:ImageRegistry", name, {}, opts)
        grants = args.get("grants", ())
        check_grants(grants, "grants", ("pull", "push"))
        context = open_context(self, args["context"], opts, Part("registry", spec_fields(args, "grants")))
        if context.spec.registry.models:
            raise refusal("models in an image registry", ("models", "only ModelRegistry has model groups"))
        images = LibraryImages(f"{context.prefix}-images", context.spec.registry, context)

        def give(grant: ImageGrantArgs, identity: LibraryIdentity) -> None:
            (images.grant_push if grant["access"] == "push" else images.grant_pull)(identity)

        self.addresses = pulumi.Output.all(**images.addresses)
        self.principals = grant_all(context, grants, give)
        self.existing = show_existing(context.target.cloud, registry=images)
        self.register_outputs({})


class ModelRegistry(pulumi.ComponentResource):
    """Model groups with versions and approval, and image repositories; on Azure the machine learning workspace."""

    groups: pulumi.Output[dict[str, str]]
    """The cloud's id of each model group."""

    addresses: pulumi.Output[dict[str, str]]
    """Address for `docker push`, by repository."""

    principals: pulumi.Output[dict[str, str]]
    """The cloud's name of each identity in `grants`."""

    def __init__(self, name: str, args: ModelsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:ModelRegistry", name, {}, opts)
        grants = args.get("grants", ())
        check_grants(grants, "grants", ("read", "register"))
        context = open_context(self, args["context"], opts, Part("registry", spec_fields(args, "grants")))
        store = LibraryStore(f"{context.prefix}-store", context.spec.artifact_store, context)
        models = LibraryModels(
            f"{context.prefix}-models", context.spec.registry, context, store=store, images=context.images
        )

        def give(grant: ModelGrantArgs, identity: LibraryIdentity) -> None:
            (models.grant_register if grant["access"] == "register" else models.grant_read)(identity)

        self.groups = pulumi.Output.all(**models.groups)
        self.addresses = pulumi.Output.all(**context.images.addresses)
        self.principals = grant_all(context, grants, give)
        self.register_outputs({})
