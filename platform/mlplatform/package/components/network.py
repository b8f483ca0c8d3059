"""The network alone."""

import pulumi

from mlplatform.components.network import Network as LibraryNetwork
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.existing import Made
from mlplatform.package.args.network import NetworkSpec
from mlplatform.package.components.base import open_context, spec_fields
from mlplatform.package.existing import show_existing
from mlplatform.package.reading import Part


class NetworkArgs(NetworkSpec):
    """A network of its own."""

    context: ContextArgs
    """The platform that it belongs to."""


class Network(pulumi.ComponentResource):
    """A private network with egress, private access to the cloud's services, and flow logs."""

    network_id: pulumi.Output[str]
    """The cloud's id of the network."""

    node_subnet_ids: pulumi.Output[list[str]]
    """Subnets for cluster nodes and endpoints: one per zone, or one for all."""

    zones: pulumi.Output[list[str]]
    """The zones in use, in the target's order."""

    existing: pulumi.Output[Made]
    """The network, in the form that other components take."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Network", name, {}, opts)
        context = open_context(self, args["context"], opts, Part("network", spec_fields(args)))
        network = LibraryNetwork(f"{context.prefix}-network", context.spec.network, context)
        self.network_id = network.network_id
        self.node_subnet_ids = pulumi.Output.all(*network.parts.node_subnet_ids)
        self.zones = pulumi.Output.from_input(list(network.parts.zones))
        self.existing = show_existing(context.target.cloud, network=network)
        self.register_outputs({})
