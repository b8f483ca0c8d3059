"""What Azure cannot do with an endpoint, and what it refuses in endpoints and monitoring. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.serving.problems import problems
from mlplatform.backends.azure.serving.rules import (
    APP_TIMEOUT,
    MANAGED_TIMEOUT,
    Refused,
    concurrency,
    fixed,
    metric,
    never,
    server,
    sleeps,
    timeout,
    where,
)
from mlplatform.components.backend import Backend, Limit
from mlplatform.spec.endpoints import AllAtOnce
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_MOST_REPLICAS = 50
_MOST_RELEASES = 10
_MOST_MIRRORED = 50
_OVERRIDE = "for Azure alone in AzureTarget(endpoints={…: EndpointOverride(…)})"


def _limit(field: str, reason: str, alternative: str, refused: Refused) -> Limit:
    return Limit(
        field=f"endpoints.{field}",
        support="partial",
        reason=reason,
        alternative=alternative,
        violations=where(field, refused),
    )


SERVING_LIMITS: tuple[Limit, ...] = (
    _limit(
        "timeout_seconds",
        f"a managed online endpoint answers within {MANAGED_TIMEOUT} seconds, a Container App (replicas from 0) "
        f"within {APP_TIMEOUT}",
        f"set timeout_seconds to at most {MANAGED_TIMEOUT}, or {APP_TIMEOUT} with replicas from 0; {_OVERRIDE}",
        timeout,
    ),
    _limit(
        "server",
        "a managed online endpoint starts an image's own entry point, and the public images of vLLM and TorchServe "
        "take the model as an argument",
        "name an image in `image` that serves $AZUREML_MODEL_DIR by itself, or set replicas to (0, …): Container Apps "
        "passes arguments",
        server,
    ),
    _limit(
        "port",
        "the server decides its port",
        "leave port out, or set server to custom with an image",
        fixed("port"),
    ),
    _limit(
        "health_path",
        "the server decides its health path",
        "leave health_path out, or set server to custom with an image",
        fixed("health_path"),
    ),
    _limit(
        "max_concurrency",
        "Container Apps (replicas from 0) bounds no requests per replica; only vLLM does it itself",
        f"leave max_concurrency out, or set replicas to at least 1; {_OVERRIDE}",
        concurrency,
    ),
    _limit(
        "autoscaling.metric",
        "what scales from zero on Container Apps is requests in flight; GPU use needs a GPU",
        f"set autoscaling.metric to concurrency, or replicas to at least 1; {_OVERRIDE}",
        metric,
    ),
    _limit(
        "replicas",
        f"a deployment of a managed online endpoint has at most {_MOST_REPLICAS} instances",
        f"set replicas to at most {_MOST_REPLICAS}, or take a larger machine",
        lambda e: e.replicas if not sleeps(e) and e.replicas[1] > _MOST_REPLICAS else None,
    ),
    _limit(
        "shadow",
        "Container Apps (replicas from 0) copies no requests",
        f"set replicas to at least 1, or leave shadow out; {_OVERRIDE}",
        lambda e: e.shadow.name if e.shadow and sleeps(e) else None,
    ),
    _limit(
        "shadow.sample_percent",
        f"a managed online endpoint copies at most {_MOST_MIRRORED} % of its requests",
        f"set shadow.sample_percent to at most {_MOST_MIRRORED}; {_OVERRIDE}",
        lambda e: (
            e.shadow.sample_percent if e.shadow and not sleeps(e) and e.shadow.sample_percent > _MOST_MIRRORED else None
        ),
    ),
    _limit(
        "variants",
        "an endpoint has at most 20 deployments, and old and new ones stand side by side while one is rolled out; "
        "an endpoint with replicas from 0 has one variant",
        f"use at most {_MOST_RELEASES} variants with the shadow, and one with replicas from 0",
        lambda e: (
            len(e.variants)
            if (len(e.variants) > 1 and sleeps(e)) or len(e.variants) + bool(e.shadow) > _MOST_RELEASES
            else None
        ),
    ),
    _limit(
        "capture_percent",
        "Container Apps (replicas from 0) captures nothing",
        f"set replicas to at least 1, or capture_percent to 0; {_OVERRIDE}",
        lambda e: e.capture_percent if e.capture_percent and sleeps(e) else None,
    ),
    _limit(
        "rollout",
        "a Container App (replicas from 0) moves to a new model when it is ready, all at once, and no alarm takes it "
        "back",
        f"set rollout to AllAtOnce(), or replicas to at least 1; {_OVERRIDE}",
        lambda e: (
            e.rollout.kind
            if sleeps(e) and "rollout" in e.model_fields_set and not isinstance(e.rollout, AllAtOnce)
            else None
        ),
    ),
    _limit(
        "exposure",
        "endpoints with replicas from 0 share one Container Apps environment inside the network",
        f"set exposure to private, or replicas to at least 1; {_OVERRIDE}",
        lambda e: e.exposure if e.exposure == "public" and sleeps(e) else None,
    ),
    _limit(
        "slo",
        "Container Apps (replicas from 0) keeps no record of single requests to measure an objective by",
        f"set replicas to at least 1, or leave slo out; {_OVERRIDE}",
        lambda e: "slo" if e.slo and sleeps(e) else None,
    ),
    Limit(
        field="monitoring.alerts.error_rate_percent",
        support="partial",
        reason="Container Apps (replicas from 0) counts failed requests, so the alert of such an endpoint is on their "
        "number",
        alternative="set replicas to at least 1 where the share matters",
        violations=never,
    ),
    Limit(
        field="monitoring.alerts.latency_p99_ms",
        support="partial",
        reason="Container Apps (replicas from 0) measures the mean response time, so the alert of such an endpoint is "
        "on the mean",
        alternative="set replicas to at least 1 where the percentile matters",
        violations=never,
    ),
)
"""Fields of endpoints and monitoring that Azure cannot honour, or only in part."""


def serving_problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Everything else that Azure refuses in endpoints and monitoring."""
    for index, endpoint in enumerate(spec.endpoints):
        yield from problems(spec, backend, f"endpoints[{index}]", endpoint)
