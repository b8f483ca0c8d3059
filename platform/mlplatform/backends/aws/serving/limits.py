"""What SageMaker cannot do with an endpoint, and what is refused. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.backends.aws.serving.rollout_time import (
    LEAST_BATCH,
    LIMIT_SECONDS,
    MOST_BATCH,
    START_SECONDS,
    sleeps,
    waiting_seconds,
)
from mlplatform.components.backend import Limit
from mlplatform.spec.endpoints import AllAtOnce, CanaryRollout, EndpointSpec
from mlplatform.spec.platform import PlatformSpec

MAX_TIMEOUT = 60
"""Longest real-time request, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html"""
PORT = 8080
HEALTH_PATH = "/ping"
_ROLLBACK_VARIANTS = 5


def _where(
    field: str, refused: Callable[[EndpointSpec, PlatformSpec], object | None]
) -> Callable[[PlatformSpec], Iterator[tuple[str, str]]]:
    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        for index, endpoint in enumerate(spec.endpoints):
            got = refused(endpoint, spec)
            if got is not None:
                yield f"endpoints[{index}].{field}", str(got)

    return violations


def linear_step(steps: tuple[int, ...]) -> int | None:
    """The common width of steps such as 25, 50, 75 that reach the whole fleet with one more; else None."""
    width = steps[0]
    even = all(step == width * (index + 1) for index, step in enumerate(steps))
    return width if even and width * (len(steps) + 1) >= 100 else None


def _steps(endpoint: EndpointSpec, _: PlatformSpec) -> object | None:
    if not isinstance(endpoint.rollout, CanaryRollout):
        return None
    steps = endpoint.rollout.steps
    least = LEAST_BATCH if sleeps(endpoint) else 1
    possible = least <= steps[0] <= MOST_BATCH and (len(steps) == 1 or linear_step(steps) is not None)
    return None if possible else steps


def _bake(endpoint: EndpointSpec, _: PlatformSpec) -> object | None:
    if isinstance(endpoint.rollout, AllAtOnce) or waiting_seconds(endpoint) <= LIMIT_SECONDS - START_SECONDS:
        return None
    return endpoint.rollout.bake_minutes


def _timeout(endpoint: EndpointSpec, _: PlatformSpec) -> object | None:
    shorter = endpoint.timeout_seconds < MAX_TIMEOUT and (endpoint.server != "torchserve" or endpoint.image)
    return endpoint.timeout_seconds if endpoint.timeout_seconds > MAX_TIMEOUT or shorter else None


def _given(endpoint: EndpointSpec, field: str) -> bool:
    return field in endpoint.model_fields_set


SERVING_LIMITS: tuple[Limit, ...] = (
    Limit(
        field="endpoints.rollout.steps",
        support="partial",
        reason=f"SageMaker shifts traffic once (a canary of at most {MOST_BATCH} %) or in equal steps of at most that; "
        f"an endpoint that sleeps changes at least {LEAST_BATCH} % at a time",
        alternative="use one step such as (10,), or equal ones such as (25, 50, 75); for AWS alone in "
        "AwsTarget(endpoints={…: EndpointOverride(rollout=…)})",
        violations=_where("rollout.steps", _steps),
    ),
    Limit(
        field="endpoints.rollout.bake_minutes",
        support="partial",
        reason=f"SageMaker gives a rollout {LIMIT_SECONDS // 3600} hours, and machines take up to one to come; an "
        "endpoint that sleeps bakes once for every batch of its copies",
        alternative="use fewer steps, a larger first step, or shorter bakes",
        violations=_where("rollout.bake_minutes", _bake),
    ),
    Limit(
        field="endpoints.timeout_seconds",
        support="partial",
        reason=f"a real-time request on SageMaker may take {MAX_TIMEOUT} seconds, no more; TorchServe alone takes less",
        alternative=f"leave timeout_seconds out, or set it to {MAX_TIMEOUT}",
        violations=_where("timeout_seconds", _timeout),
    ),
    Limit(
        field="endpoints.port",
        support="partial",
        reason=f"SageMaker calls every container on port {PORT}",
        alternative=f"leave port at {PORT}",
        violations=_where("port", lambda e, _: e.port if e.port != PORT else None),
    ),
    Limit(
        field="endpoints.health_path",
        support="partial",
        reason=f"SageMaker asks every container for {HEALTH_PATH}",
        alternative=f"answer {HEALTH_PATH} and leave health_path out, or set it to {HEALTH_PATH}",
        violations=_where(
            "health_path",
            lambda e, _: e.health_path if _given(e, "health_path") and e.health_path != HEALTH_PATH else None,
        ),
    ),
    Limit(
        field="endpoints.max_concurrency",
        support="partial",
        reason="SageMaker bounds no requests per replica; only the vLLM container does it itself",
        alternative="leave max_concurrency out and scale on concurrency instead (autoscaling)",
        violations=_where(
            "max_concurrency",
            lambda e, _: (
                e.max_concurrency if _given(e, "max_concurrency") and (e.server != "vllm" or e.image) else None
            ),
        ),
    ),
    Limit(
        field="endpoints.shadow",
        support="partial",
        reason="SageMaker shadows exactly one live variant on instances that are always on",
        alternative="keep one variant, replicas of at least 1, or a second endpoint for the shadow",
        violations=_where(
            "shadow",
            lambda e, _: e.shadow.name if e.shadow and (len(e.all_variants()) > 1 or sleeps(e)) else None,
        ),
    ),
    Limit(
        field="endpoints.variants",
        support="partial",
        reason="a rollout is taken back by at most 10 alarms, two a variant; an endpoint that sleeps has one variant",
        alternative=f"use at most {_ROLLBACK_VARIANTS} variants, and one with replicas from 0",
        violations=_where(
            "variants",
            lambda e, _: (
                len(e.variants) if len(e.variants) > _ROLLBACK_VARIANTS or (sleeps(e) and len(e.variants) > 1) else None
            ),
        ),
    ),
    Limit(
        field="endpoints.capture_percent",
        support="partial",
        reason="SageMaker captures on plain variants, not on inference components, which sleeping endpoints use",
        alternative="set replicas to at least 1, or capture_percent to 0",
        violations=_where(
            "capture_percent", lambda e, _: e.capture_percent if e.capture_percent and sleeps(e) else None
        ),
    ),
    Limit(
        field="endpoints.autoscaling.metric",
        support="partial",
        reason="copies of a sleeping endpoint follow requests or concurrency; GPU use needs a GPU",
        alternative="set autoscaling.metric to concurrency",
        violations=_where(
            "autoscaling.metric",
            lambda e, _: (
                e.autoscaling.metric
                if (sleeps(e) and e.autoscaling.metric in ("cpu", "gpu"))
                or (e.autoscaling.metric == "gpu" and not e.accelerator)
                else None
            ),
        ),
    ),
    Limit(
        field="endpoints.exposure",
        support="partial",
        reason="a private endpoint is one whose callers come through the network's private endpoints",
        alternative="set network.private_endpoints to true, or exposure to public (callers still need an identity)",
        violations=_where(
            "exposure",
            lambda e, s: e.exposure if e.exposure == "private" and not s.network.private_endpoints else None,
        ),
    ),
    Limit(
        field="endpoints.server",
        support="partial",
        reason="AWS publishes no MLflow container, and its vLLM container needs a GPU; SageMaker pulls only from a "
        "private registry of its own region",
        alternative="push an image to the platform's `serving` repository and name it in image",
        violations=_where(
            "server",
            lambda e, _: (
                e.server
                if not e.awaits_model
                and not e.image
                and (e.server == "mlflow" or (e.server == "vllm" and not e.accelerator))
                and not all(variant.image for variant in e.all_variants())
                else None
            ),
        ),
    ),
)
