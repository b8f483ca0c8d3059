"""The network alone."""

import pulumi

from mlplatform.components.network import Network as LibraryNetwork
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.existing import Made
from mlplatform.package.args.network import NetworkSpec
from mlplatform.package.components.base import opened, without
from mlplatform.package.existing import made_of
from mlplatform.package.reading import Part


class NetworkArgs(NetworkSpec):
    """A network of its own."""

    context: ContextArgs
    """What it belongs to."""


class Network(pulumi.ComponentResource):
    """A private network with egress, private access to the cloud's services, and flow logs."""

    network_id: pulumi.Output[str]
    """The cloud's id of the network."""

    node_subnet_ids: pulumi.Output[list[str]]
    """Subnets for cluster nodes and endpoints: one per zone, or one for all."""

    zones: pulumi.Output[list[str]]
    """The zones in use, in the target's order."""

    existing: pulumi.Output[Made]
    """The network, as other components take it."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Network", name, {}, opts)
        context = opened(self, args["context"], opts, Part("network", without(args)))
        made = LibraryNetwork(f"{context.prefix}-network", context.spec.network, context)
        self.network_id = made.network_id
        self.node_subnet_ids = pulumi.Output.all(*made.parts.node_subnet_ids)
        self.zones = pulumi.Output.from_input(list(made.parts.zones))
        self.existing = made_of(context.target.cloud, network=made)
        self.register_outputs({})
