"""Limits of the tracking server on AWS. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.cluster.authorities import without_internet
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.problems import service_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def _service(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.tracking and spec.tracking.server == "service":
        yield "tracking.server", "service"


LIMITS: tuple[Limit, ...] = (
    Limit(
        field="tracking.server",
        support="partial",
        reason="a service of containers asks callers for no identity without a load balancer and a domain of "
        "somebody's own; an MLflow app of SageMaker has no key of its own and no role that only reads, AWS upgrades "
        "it, and it is reached over the internet alone",
        alternative="set tracking.server to cluster, or to managed where there is no cluster",
        violations=_service,
    ),
)
"""Fields that AWS cannot honour, or only in part."""

_CLUSTER = "set tracking.server to cluster"


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """An app where there is none, of data that needs a key of its own, or without a way to it. What EKS needs, subnets
    in two zones, is what RDS needs."""
    if spec.tracking is None or spec.tracking.server != "managed":
        return
    yield from service_problems(backend, target, "tracking.server", "managed", "mlflow-app", _CLUSTER)
    if spec.data_class == "restricted":
        yield backend.refuse(
            "tracking.server",
            "managed",
            "a server whose metadata is under a key of the platform, since data_class is restricted: an MLflow app has "
            "AWS's own",
            _CLUSTER,
            fields=("data_class",),
        )
    if without_internet(spec):
        yield backend.refuse(
            "tracking.server",
            "managed",
            "a way to the internet, since no private endpoint of MLflow apps is documented; network.nat is none",
            _CLUSTER,
            fields=("network.nat",),
        )
