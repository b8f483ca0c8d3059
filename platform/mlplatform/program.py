"""The program that `pulumi up` and the offline plan both run."""

from __future__ import annotations

import pulumi

from mlplatform.cluster.layer import ClusterLayer
from mlplatform.components.names import stack_name
from mlplatform.components.platform import Platform
from mlplatform.spec.platform import PlatformSpec


def run_cluster(spec: PlatformSpec, target: str, cloud_stack: str | None = None, tunnel: str = "") -> ClusterLayer:
    """Make the layer inside the cluster of one target.

    Args:
        spec: the platform.
        target: the target's name, or its cloud where it is the only one there.
        cloud_stack: the stack with the cluster. Omitted: the target's own, in the same project.
        tunnel: address of a tunnel to the cluster's API on this machine. Omitted: it is reached by its own address.
    """
    layer = ClusterLayer(spec, target, cloud_stack=cloud_stack or stack_name(spec, target), tunnel=tunnel)
    pulumi.export("cloud", layer.context.target.cloud)
    pulumi.export("target", layer.context.target.name)
    return layer


def run(spec: PlatformSpec, target: str) -> Platform:
    """Make the platform on one target and export its outputs."""
    platform = Platform(spec, target)
    for name, value in platform.outputs.items():
        if value is not None:
            pulumi.export(name, value)
    return platform
