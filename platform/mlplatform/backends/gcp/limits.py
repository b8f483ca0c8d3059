"""What GCP cannot do, and what it refuses in a spec. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.limits_platform import MOST_LOG_DAYS, platform_problems
from mlplatform.backends.gcp.network.limits import network_problems
from mlplatform.backends.gcp.serving.limits import SERVING_LIMITS, check_serving
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.training.limits import training_problems
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.problems import target_problems
from mlplatform.spec.artifact_store import PLACES
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def _never(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    """Nothing is refused: the plan says in a note what is done in part."""
    del spec
    yield from ()


def _long_logs(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    days = spec.monitoring.log_retention_days
    if days and days > MOST_LOG_DAYS:
        yield "monitoring.log_retention_days", str(days)


LIMITS: tuple[Limit, ...] = (
    *(
        Limit(
            field=f"artifact_store.{place}.legal_hold",
            support="partial",
            reason="a bucket's default event-based hold covers objects written from then on",
            alternative="hold and release older objects with gcloud storage objects update",
            violations=_never,
        )
        for place in PLACES
    ),
    *(
        Limit(
            field=f"keys.{field}",
            support="partial",
            reason="it is fixed when a key is made, and a key cannot be made anew under its name: a later change "
            "leaves keys as they are",
            alternative="set it before the first up",
            violations=_never,
        )
        for field in ("deletion_window_days", "protection")
    ),
    Limit(
        field="registry.keep_images",
        support="partial",
        reason="Artifact Registry never removes an image that carries an immutable tag",
        alternative="set registry.immutable_tags to false where old tagged images must go",
        violations=_never,
    ),
    Limit(
        field="monitoring.log_retention_days",
        support="partial",
        reason=f"a log bucket keeps logs for at most {MOST_LOG_DAYS} days",
        alternative=f"lower it to {MOST_LOG_DAYS}",
        violations=_long_logs,
    ),
    Limit(
        field="budget.starts",
        support="partial",
        reason="a monthly budget counts from the first day of the running month, also before its start",
        alternative="leave it out, or add the budget in its first month",
        violations=_never,
    ),
    *(
        Limit(
            field=f"training.pools.capacity.{field}",
            support="partial",
            reason="the calendar reservation itself begins and ends: before and after, the pool finds no machines",
            alternative="keep it equal to the reservation's own window; it is checked, and AWS schedules by it",
            violations=_never,
        )
        for field in ("starts", "ends")
    ),
    *(
        Limit(
            field=f"monitoring.routes.{field}",
            support="partial",
            reason="Cloud Monitoring finds the channel by its name and the workspace by the token",
            alternative="keep channel and token_secret right; the id serves the other clouds",
            violations=_never,
        )
        for field in ("channel_id", "team_id")
    ),
    *SERVING_LIMITS,
)
"""Fields that GCP cannot honour, or only in part."""


def check(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Everything else that GCP refuses in a spec already narrowed to it."""
    target = spec.targets[0]
    if not isinstance(target, GcpTarget):
        raise TypeError(f"expected a GcpTarget, got {type(target).__name__}")
    catalog = backend.catalog
    yield from target_problems(backend, target)
    yield from platform_problems(spec, target, backend)
    if not catalog.is_region(target.region):
        return
    yield from network_problems(spec, target, catalog)
    yield from training_problems(spec, target, backend)
    yield from check_serving(spec, target, backend)
