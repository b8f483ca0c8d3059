"""The package's components. Pulumi's host reads their arguments and outputs from these annotations.

Each wraps the library's component of the same name as its only child, so what the library declares about itself (its
context, its parts) is none of the package's interface.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from mlplatform.components.artifact_store import ArtifactStore as LibraryStore
from mlplatform.components.cluster import GpuNodePool as LibraryPool
from mlplatform.components.context import Context
from mlplatform.components.identity import Identity
from mlplatform.components.network import Network as LibraryNetwork
from mlplatform.components.platform import Platform as LibraryPlatform
from mlplatform.components.registry import ImageRegistry as LibraryImages
from mlplatform.package.args import (
    ArtifactStoreArgs,
    ContextArgs,
    ExistingArgs,
    GpuPoolArgs,
    NetworkArgs,
    RegistryArgs,
)
from mlplatform.package.reading import context_of, existing_of, load_fast, places_of, platform_spec, spec_of
from mlplatform.spec.artifact_store import ArtifactStoreSpec
from mlplatform.spec.network import NetworkSpec
from mlplatform.spec.registry import RegistrySpec
from mlplatform.spec.training import GpuPoolSpec


class PlatformArgs(TypedDict):
    """One platform on one of its spec's clouds. Give `spec` or `specFile`."""

    spec: NotRequired[Mapping[str, Any]]
    """The spec in its own names, as in a YAML file. `mlplatform schema` prints its JSON Schema."""

    spec_file: NotRequired[str]
    """Path of the spec's file (Python, YAML, JSON), from the project's folder."""

    cloud: NotRequired[str]
    """Which of the spec's targets. Omitted: the only one."""

    existing: NotRequired[ExistingArgs]
    """What somebody else made. Omitted: all is made."""


class GrantArgs(TypedDict):
    """What an identity may do in the store."""

    identity: str
    """Name of the identity that is made for it, unique in the store."""

    read: NotRequired[Sequence[str]]
    """Places it may list and read."""

    write: NotRequired[Sequence[str]]
    """Places it may also write to and delete from."""


class StoreArgs(ArtifactStoreArgs):
    """An artifact store of its own."""

    context: ContextArgs
    """What it belongs to."""

    grants: NotRequired[Sequence[GrantArgs]]
    """Identities with access. Omitted: none."""


class PoolArgs(GpuPoolArgs):
    """A GPU pool on an existing cluster."""

    context: ContextArgs
    """What it belongs to; its `existing` names the cluster."""


class OwnNetworkArgs(NetworkArgs):
    """A network of its own."""

    context: ContextArgs
    """What it belongs to."""


class ImagesArgs(RegistryArgs):
    """Image repositories of their own."""

    context: ContextArgs
    """What they belong to."""


class Platform(pulumi.ComponentResource):
    """A complete ML platform: network, keys, store, cluster, registries, endpoints, monitoring, budget."""

    network_id: pulumi.Output[str]
    """The cloud's id of the network."""

    store_uris: pulumi.Output[dict[str, str]]
    """Where clients find each place of the store."""

    image_repositories: pulumi.Output[dict[str, str]]
    """What `docker push` takes, by repository."""

    model_groups: pulumi.Output[dict[str, str]]
    """The cloud's id of each model group."""

    endpoint_urls: pulumi.Output[dict[str, str]]
    """Where requests go, by endpoint."""

    cluster_name: pulumi.Output[str] | None
    """Physical name of the training cluster, where there is one."""

    cluster_credentials: pulumi.Output[str] | None
    """Shell command that gives a person a kubeconfig, where there is a cluster."""

    notes: pulumi.Output[list[str]]
    """Choices made, and what is left to a person."""

    def __init__(self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Platform", name, {}, opts)
        spec = platform_spec(args.get("spec"), args.get("spec_file"))
        cloud = Context(spec, args.get("cloud")).target.cloud
        load_fast(cloud)
        made = LibraryPlatform(spec, cloud, _inner(self, opts), existing=existing_of(args.get("existing"), cloud))
        self.network_id = made.network.network_id
        self.store_uris = pulumi.Output.all(**made.store.uris)
        self.image_repositories = pulumi.Output.all(**made.images.addresses)
        self.model_groups = pulumi.Output.all(**made.models.groups)
        self.endpoint_urls = pulumi.Output.all(**{endpoint.spec.name: endpoint.url for endpoint in made.endpoints})
        self.cluster_name = made.cluster.cluster_name if made.cluster else None
        self.cluster_credentials = made.cluster.credentials_command if made.cluster else None
        self.notes = pulumi.Output.from_input([f"{note.path}: {note.text}" for note in made.context.notes])
        self.register_outputs({})


class ArtifactStore(pulumi.ComponentResource):
    """Versioned, encrypted, private places for data, features, models, pipelines and monitoring."""

    uris: pulumi.Output[dict[str, str]]
    """Where clients find each place (`s3://…`, `gs://…`, `wasbs://…`)."""

    principals: pulumi.Output[dict[str, str]]
    """How the cloud names each identity of `grants`."""

    def __init__(self, name: str, args: StoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:ArtifactStore", name, {}, opts)
        context = _context(self, args["context"], opts)
        spec = spec_of(ArtifactStoreSpec, args, ("context", "grants"))
        made = LibraryStore(f"{context.prefix}-store", spec, context)
        principals: dict[str, pulumi.Output[str]] = {}
        for grant in args.get("grants", ()):
            identity = Identity(f"{context.prefix}-{grant['identity']}", "pipelines", context)
            principals[grant["identity"]] = identity.principal
            if reads := places_of(grant.get("read", ()), "grants.read"):
                made.grant_read(identity, *reads)
            if writes := places_of(grant.get("write", ()), "grants.write"):
                made.grant_write(identity, *writes)
        self.uris = pulumi.Output.all(**made.uris)
        self.principals = pulumi.Output.all(**principals)
        self.register_outputs({})


class GpuNodePool(pulumi.ComponentResource):
    """A pool of GPU nodes that scales from zero, on an existing cluster."""

    pool_name: pulumi.Output[str]
    """Physical name."""

    machine_type: pulumi.Output[str]
    """The cloud's name of the machine that the accelerator decided."""

    def __init__(self, name: str, args: PoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:GpuNodePool", name, {}, opts)
        context = _context(self, args["context"], opts)
        spec = spec_of(GpuPoolSpec, args, ("context",))
        made = LibraryPool(f"{context.prefix}-pool-{spec.name}", spec, context.cluster, context)
        self.pool_name = made.pool_name
        self.machine_type = pulumi.Output.from_input(made.choice.machine.machine_type)
        self.register_outputs({})


class Network(pulumi.ComponentResource):
    """A private network with egress, private access to the cloud's services, and flow logs."""

    network_id: pulumi.Output[str]
    """The cloud's id of the network."""

    node_subnet_ids: pulumi.Output[list[str]]
    """Subnets for cluster nodes and endpoints: one per zone, or one for all."""

    def __init__(self, name: str, args: OwnNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Network", name, {}, opts)
        context = _context(self, args["context"], opts)
        made = LibraryNetwork(f"{context.prefix}-network", spec_of(NetworkSpec, args, ("context",)), context)
        self.network_id = made.network_id
        self.node_subnet_ids = pulumi.Output.all(*made.parts.node_subnet_ids)
        self.register_outputs({})


class ImageRegistry(pulumi.ComponentResource):
    """Private, encrypted, scanned image repositories with retention."""

    addresses: pulumi.Output[dict[str, str]]
    """What `docker push` takes, by repository."""

    def __init__(self, name: str, args: ImagesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:ImageRegistry", name, {}, opts)
        context = _context(self, args["context"], opts)
        made = LibraryImages(f"{context.prefix}-images", spec_of(RegistrySpec, args, ("context",)), context)
        self.addresses = pulumi.Output.all(**made.addresses)
        self.register_outputs({})


COMPONENTS: list[type[pulumi.ComponentResource]] = [ArtifactStore, GpuNodePool, ImageRegistry, Network, Platform]
"""What the package exports."""


def _inner(outer: pulumi.ComponentResource, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Options of what a component wraps: Pulumi hands on all but dependencies; providers are passed on by name."""
    given = opts or pulumi.ResourceOptions()
    own = pulumi.ResourceOptions(parent=outer, depends_on=given.depends_on)
    own.providers = given.providers
    return own


def _context(outer: pulumi.ComponentResource, args: ContextArgs, opts: pulumi.ResourceOptions | None) -> Context:
    context = context_of(args, _inner(outer, opts))
    load_fast(context.target.cloud)
    return context
