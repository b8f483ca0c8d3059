"""A toy network."""

from mlplatform.components.keys import Keys
from mlplatform.components.network import BuildsNetwork, NetworkParts
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.network import NetworkSpec
from mlplatform_fakecloud.resources import thing


def build(scope: Scope, spec: NetworkSpec, keys: Keys, telemetry: Telemetry) -> NetworkParts:
    return NetworkParts(network_id=thing(scope, "net"), node_subnet_ids=(thing(scope, "subnet"),), zones=("a",))


# a type checker compares the function with its contract
network: BuildsNetwork = build
