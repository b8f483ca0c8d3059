"""What Azure cannot do of monitors of models. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.pipelines.limits import pulled
from mlplatform.backends.azure.repositories import registry_server
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.monitor_problems import managed_monitors
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = ()
"""Fields of monitors that Azure does not honour, or in part."""


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Images that the job may not pull, and a network without a place for jobs."""
    for path, monitor in managed_monitors(spec):
        # a public one needs a way out alone
        public = ".azurecr." not in (monitor.image or "") and spec.network.nat != "none"
        if monitor.image and not public and not pulled(spec, monitor.image):
            yield backend.refuse(
                f"{path}.image",
                monitor.image,
                f"an image of {registry_server(spec)}, or of a registry in registry.pull_through: the monitor's "
                "identity may pull from no other",
                "push it to one of the platform's repositories, or cache its registry",
                fields=(f"{path}.image", "registry.pull_through"),
            )
        if target.network and not target.network.apps_subnet_id:
            yield backend.refuse(
                "targets[azure].network.apps_subnet_id",
                "nothing",
                "a subnet delegated to Microsoft.App/environments, in which the monitor runs",
                "name one of /27 or larger, or remove the monitor",
                fields=(path,),
            )
