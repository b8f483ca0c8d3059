"""The whole platform."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from mlplatform.components.context import Context
from mlplatform.components.platform import Platform as LibraryPlatform
from mlplatform.package import names
from mlplatform.package.args.existing import ExistingArgs, Made
from mlplatform.package.components.base import inner_options, load_sdk
from mlplatform.package.existing import read_existing, show_existing
from mlplatform.package.reading import read_platform


class PlatformArgs(TypedDict):
    """One platform on one of its spec's targets. Give `spec` or `specFile`."""

    spec: NotRequired[Mapping[str, Any]]
    """The spec in its own names, as in a YAML file. `mlplatform schema` prints its JSON Schema."""

    spec_file: NotRequired[str]
    """Path of the spec's file (Python, YAML, JSON), from the project's folder."""

    record: NotRequired[Mapping[str, Any]]
    """What is released of its endpoints: the field `targets` of a record of releases (`mlplatform schema --record`).
    Omitted: of `specFile`, the record beside it; of `spec`, nothing, and every endpoint waits for its first release."""
    target: NotRequired[str]
    """Name of one of the spec's targets, or its cloud where it is the only one there. Omitted: the only target."""

    cloud: NotRequired[str]
    """The former name of `target`."""

    existing: NotRequired[ExistingArgs]
    """Existing resources that the platform uses. Omitted: everything is created."""


class Platform(pulumi.ComponentResource):
    """A complete ML platform: network, keys, store, cluster, registries, endpoints, monitoring, budget."""

    network_id: pulumi.Output[str]
    """The cloud's id of the network."""

    store_uris: pulumi.Output[dict[str, str]]
    """Address of each place of the store."""

    image_repositories: pulumi.Output[dict[str, str]]
    """Address for `docker push`, by repository."""

    model_groups: pulumi.Output[dict[str, str]]
    """The cloud's id of each model group."""

    endpoint_urls: pulumi.Output[dict[str, str]]
    """Address that takes requests, by endpoint."""

    cluster_name: pulumi.Output[str] | None
    """Physical name of the training cluster, where there is one."""

    cluster_credentials: pulumi.Output[str] | None
    """Shell command that gives a person a kubeconfig, where there is a cluster."""

    layer: pulumi.Output[dict[str, Any]] | None
    """What a stack with `ClusterLayer` is told, where the spec has `cluster`: export it under this name."""

    door: pulumi.Output[str] | None
    """Address of the queue that takes requests for runs, where a pipeline has triggers."""

    tracking_uri: pulumi.Output[str] | None
    """What MLflow's client calls the tracking server, where there is one."""

    dashboards: pulumi.Output[dict[str, str]]
    """Addresses of dashboards."""

    existing: pulumi.Output[Made]
    """Its network, keys, store, cluster and image repositories, in the form that other components take."""

    notes: pulumi.Output[list[str]]
    """Choices that were made, and steps that a person must take."""

    def __init__(self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Platform", name, {}, opts)
        spec = read_platform(args.get("spec"), args.get("spec_file"), args.get("record"))
        target = args.get("target") or args.get("cloud")
        chosen = Context(spec, target)
        cloud = chosen.target.cloud
        names.claim(chosen.prefix, self, "spec.name" if "spec" in args else "specFile.name")
        load_sdk(cloud)
        platform = LibraryPlatform(
            spec, target, inner_options(self, opts), existing=read_existing(args.get("existing"), cloud)
        )
        self.network_id = platform.network.network_id
        self.store_uris = pulumi.Output.all(**platform.store.uris)
        self.image_repositories = pulumi.Output.all(**platform.images.addresses)
        self.model_groups = pulumi.Output.all(**platform.models.groups)
        self.endpoint_urls = pulumi.Output.all(**{endpoint.spec.name: endpoint.url for endpoint in platform.endpoints})
        self.cluster_name = platform.cluster.cluster_name if platform.cluster else None
        self.cluster_credentials = platform.cluster.credentials_command if platform.cluster else None
        self.layer = pulumi.Output.from_input(platform.layer) if platform.layer else None
        self.door = platform.door.inbox if platform.door else None
        self.tracking_uri = platform.tracking.uri if platform.tracking else None
        self.dashboards = pulumi.Output.all(**platform.monitoring.dashboards)
        shared = {
            "network": platform.network,
            "keys": platform.context.keys,
            "store": platform.store,
            "cluster": platform.cluster,
            "registry": platform.images,
        }
        self.existing = show_existing(cloud, **{name: part for name, part in shared.items() if part})
        self.notes = pulumi.Output.from_input([f"{note.path}: {note.text}" for note in platform.context.notes])
        self.register_outputs({})
