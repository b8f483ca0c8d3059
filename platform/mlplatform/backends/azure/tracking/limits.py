"""Limits of the tracking server on Azure. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.tracking_sizes import tracking_sizes
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def _small_standby(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.cluster_tracking is None:
        return
    sizes = tracking_sizes(spec, spec.cluster_tracking)
    if sizes.size == "small" and sizes.standby:
        yield "tracking.database.standby", str(sizes.standby)


def _service(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.tracking and spec.tracking.server == "service":
        yield "tracking.server", "service"


LIMITS: tuple[Limit, ...] = (
    Limit(
        field="tracking.server",
        support="partial",
        reason="the server is not built for Container Apps, whose own sign-in needs a registration in Entra that no "
        "resource of Azure makes; Azure ML's workspace knows no aliases of models and no logged models of MLflow "
        "2.17 and newer: its client is pinned, https://github.com/Azure/azure-sdk-for-python/issues/44896",
        alternative="set tracking.server to cluster, or to managed where there is no cluster",
        violations=_service,
    ),
    Limit(
        field="tracking.database.standby",
        support="partial",
        reason="a database of the burstable tier, which is what `small` is, has no standby, "
        "https://learn.microsoft.com/azure/reliability/reliability-postgresql-flexible-server",
        alternative="set tracking.database.size to medium, or standby to false",
        violations=_small_standby,
    ),
)
"""Fields that Azure cannot honour, or only in part."""


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Nothing beyond the limits."""
    del spec, target, backend
    yield from ()
