"""The way to the API of EKS."""

from __future__ import annotations

from mlplatform.backends.aws.naming import CLUSTER
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.training.tunnel import LOCAL_PORT
from mlplatform.cluster.access_facts import ClusterAccess
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> ClusterAccess:
    """A token for fifteen minutes of whoever runs the program,
    https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html"""
    name = physical_name(spec, "cluster", CLUSTER)
    target = target_of(spec, AwsTarget)
    brokered = spec.entry == "broker" and not (target.existing and target.existing.cluster)
    return ClusterAccess(
        server=FromCloud("layer.server"),
        authority=FromCloud("layer.authority"),
        identifier=FromCloud("layer.id"),
        command="aws",
        arguments=("eks", "get-token", "--cluster-name", name, "--region", target.region),
        tunnel=f"https://localhost:{LOCAL_PORT}" if brokered else "",
        install="the AWS CLI, https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    )
