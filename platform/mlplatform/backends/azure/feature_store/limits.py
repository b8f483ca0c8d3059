"""What Azure cannot do of a feature store. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.pipelines.job_problems import job_problems
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.fill_document import fill_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def _managed(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.feature_store and spec.feature_store.engine == "managed":
        yield "feature_store.engine", "managed"


def _managed_readers(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    """Endpoints of Azure Machine Learning that look features up."""
    managed = {each.name for each in spec.managed_endpoints if not each.sleeps}
    for index, service in enumerate(spec.feature_store.services if spec.feature_store else ()):
        for position, name in enumerate(service.endpoints):
            if name in managed:
                yield f"feature_store.services[{index}].endpoints[{position}]", name


LIMITS = (
    Limit(
        field="feature_store.engine",
        support="partial",
        reason="the feature store of Azure Machine Learning works only in a workspace with open internet access, and "
        "its online store takes an access key "
        "(https://learn.microsoft.com/azure/machine-learning/tutorial-network-isolation-for-feature-store, 2026)",
        alternative="leave it out: Feast keeps the same definitions, and its online store is made on this cloud too",
        violations=_managed,
    ),
    Limit(
        field="feature_store.services.endpoints",
        support="partial",
        reason="the network of Azure Machine Learning, in which endpoints with replicas from 1 run, has private ways "
        "to the older Azure Cache for Redis, and none to Azure Managed Redis "
        "(https://learn.microsoft.com/azure/machine-learning/how-to-managed-network#private-endpoints, 2026)",
        alternative="run the endpoint on the cluster (on: cluster) or with replicas from 0, or send it its features "
        "with the request; to do so on Azure alone, override the endpoint in its target",
        violations=_managed_readers,
    ),
)
"""Fields of feature stores that Azure does not honour, or in part."""


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """An image that the job that fills may not pull, a network without a place for it, and what it cannot be told."""
    if spec.feature_store and spec.feature_store.fill:
        # one of the platform's own repositories may always be pulled
        image = spec.feature_store.fill.image if "/" in spec.feature_store.fill.image else None
        yield from job_problems(spec, target, backend, image, "feature_store.fill", "job that fills features")
        yield from fill_problems(spec, backend)
