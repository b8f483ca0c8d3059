"""A toy network."""

from mlplatform.components.context import Scope
from mlplatform.components.keys import Keys
from mlplatform.components.network import NetworkParts
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.network import NetworkSpec
from mlplatform_fakecloud.resources import thing


def build(scope: Scope, spec: NetworkSpec, keys: Keys, telemetry: Telemetry) -> NetworkParts:
    return NetworkParts(network_id=thing(scope, "net"), node_subnet_ids=(thing(scope, "subnet"),), zones=("a",))
