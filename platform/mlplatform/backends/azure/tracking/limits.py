"""Limits of the tracking server on Azure. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.limits import refuse_nothing
from mlplatform.components.tracking_sizes import tracking_sizes
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def _small_standby(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.own_tracking is None:
        return
    sizes = tracking_sizes(spec, spec.own_tracking)
    if sizes.size == "small" and sizes.standby:
        yield "tracking.database.standby", str(sizes.standby)


LIMITS: tuple[Limit, ...] = (
    Limit(
        field="tracking.server",
        support="partial",
        reason="Azure ML's workspace knows no aliases of models and no logged models of MLflow 2.17 and newer: its "
        "client is pinned, https://github.com/Azure/azure-sdk-for-python/issues/44896",
        alternative="set tracking.server to cluster, or to service where there is no cluster",
        violations=refuse_nothing,
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
    """What the server as a Container App cannot be."""
    tracking = spec.tracking
    if tracking is None or tracking.server != "service":
        return
    if spec.network.nat == "none" and target.network is None:
        yield backend.refuse(
            "tracking.server",
            "service",
            "network.nat to be single or per-zone: the app pulls its image, and its sign-in asks Entra for keys; "
            "neither has an address in the network",
            "set network.nat, or set tracking.server to managed",
            fields=("network.nat",),
        )
    if target.network and not target.network.apps_subnet_id:
        yield backend.refuse(
            "targets[azure].network.apps_subnet_id",
            "nothing",
            "a subnet delegated to Microsoft.App/environments, in which the tracking server runs",
            "name one of /27 or larger, or set tracking.server to managed",
            fields=("tracking.server",),
        )
    if tracking.image and ".azurecr." in tracking.image:
        yield backend.refuse(
            "tracking.image",
            tracking.image,
            "an image of a public registry: the app pulls it without a login",
            "leave it out for MLflow's own, or set tracking.server to cluster",
            fields=("tracking.server",),
        )
