"""What SageMaker cannot do with an endpoint, and what AWS refuses. Imports no SDK."""

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
from mlplatform.backends.aws.serving.servers import HEALTH_PATH, PORT
from mlplatform.catalog.catalog import Choice
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.refused_machines import endpoint_cpu_problems, endpoint_machine
from mlplatform.spec.endpoints import AllAtOnce, CanaryRollout, EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_MAX_TIMEOUT = 60
"""Longest real-time request, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html"""
_ROLLBACK_VARIANTS = 5


def _per_endpoint(
    field: str, violation: Callable[[EndpointSpec, PlatformSpec], object | None]
) -> Callable[[PlatformSpec], Iterator[tuple[str, str]]]:
    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        for index, endpoint in enumerate(spec.endpoints):
            got = violation(endpoint, spec)
            if got is not None:
                yield f"endpoints[{index}].{field}", str(got)

    return violations


def _linear_step(steps: tuple[int, ...]) -> int | None:
    """The common width of steps such as 25, 50, 75 that reach the whole fleet with one more step; else None."""
    width = steps[0]
    even = all(step == width * (index + 1) for index, step in enumerate(steps))
    return width if even and width * (len(steps) + 1) >= 100 else None


def _steps(endpoint: EndpointSpec, _: PlatformSpec) -> object | None:
    if not isinstance(endpoint.rollout, CanaryRollout):
        return None
    steps = endpoint.rollout.steps
    least = LEAST_BATCH if sleeps(endpoint) else 1
    possible = least <= steps[0] <= MOST_BATCH and (len(steps) == 1 or _linear_step(steps) is not None)
    return None if possible else steps


def _bake(endpoint: EndpointSpec, _: PlatformSpec) -> object | None:
    if isinstance(endpoint.rollout, AllAtOnce) or waiting_seconds(endpoint) <= LIMIT_SECONDS - START_SECONDS:
        return None
    return endpoint.rollout.bake_minutes


def _timeout(endpoint: EndpointSpec, _: PlatformSpec) -> object | None:
    shorter = endpoint.timeout_seconds < _MAX_TIMEOUT and (endpoint.server != "torchserve" or endpoint.image)
    return endpoint.timeout_seconds if endpoint.timeout_seconds > _MAX_TIMEOUT or shorter else None


def _is_set(endpoint: EndpointSpec, field: str) -> bool:
    return field in endpoint.model_fields_set


LIMITS: tuple[Limit, ...] = (
    Limit(
        field="endpoints.rollout.steps",
        support="partial",
        reason=f"SageMaker shifts traffic once (a canary of at most {MOST_BATCH} %) or in equal steps of at most that; "
        f"an endpoint that sleeps replaces at least {LEAST_BATCH} % of its copies at a time",
        alternative="use one step such as (10,), or equal ones such as (25, 50, 75); to do so on AWS only, set "
        "AwsTarget(endpoints={…: EndpointOverride(rollout=…)})",
        violations=_per_endpoint("rollout.steps", _steps),
    ),
    Limit(
        field="endpoints.rollout.bake_minutes",
        support="partial",
        reason=f"SageMaker limits a rollout to {LIMIT_SECONDS // 3600} hours, of which machines may take one to start; "
        "an endpoint that sleeps bakes once for every batch of its copies",
        alternative="use fewer steps, a larger first step, or shorter bakes",
        violations=_per_endpoint("rollout.bake_minutes", _bake),
    ),
    Limit(
        field="endpoints.timeout_seconds",
        support="partial",
        reason=f"SageMaker allows a request {_MAX_TIMEOUT} seconds; only TorchServe can have a shorter timeout",
        alternative=f"omit timeout_seconds, or set it to {_MAX_TIMEOUT}",
        violations=_per_endpoint("timeout_seconds", _timeout),
    ),
    Limit(
        field="endpoints.port",
        support="partial",
        reason=f"SageMaker calls every container on port {PORT}",
        alternative=f"set port to {PORT}",
        violations=_per_endpoint("port", lambda e, _: e.port if e.port != PORT else None),
    ),
    Limit(
        field="endpoints.health_path",
        support="partial",
        reason=f"SageMaker checks the health of every container on {HEALTH_PATH}",
        alternative=f"answer on {HEALTH_PATH}, and omit health_path or set it to {HEALTH_PATH}",
        violations=_per_endpoint(
            "health_path",
            lambda e, _: e.health_path if _is_set(e, "health_path") and e.health_path != HEALTH_PATH else None,
        ),
    ),
    Limit(
        field="endpoints.max_concurrency",
        support="partial",
        reason="SageMaker cannot limit concurrent requests per replica; only the vLLM container can",
        alternative="omit max_concurrency, and scale on concurrency instead (autoscaling)",
        violations=_per_endpoint(
            "max_concurrency",
            lambda e, _: (
                e.max_concurrency if _is_set(e, "max_concurrency") and (e.server != "vllm" or e.image) else None
            ),
        ),
    ),
    Limit(
        field="endpoints.shadow",
        support="partial",
        reason="SageMaker can shadow only a single live variant, on instances that are always on",
        alternative="use one variant and at least 1 replica, or a second endpoint for the shadow",
        violations=_per_endpoint(
            "shadow",
            lambda e, _: e.shadow.name if e.shadow and (len(e.all_variants()) > 1 or sleeps(e)) else None,
        ),
    ),
    Limit(
        field="endpoints.variants",
        support="partial",
        reason="SageMaker rolls back on at most 10 alarms, two per variant; an endpoint that sleeps has one variant",
        alternative=f"use at most {_ROLLBACK_VARIANTS} variants, and a single one with replicas from 0",
        violations=_per_endpoint(
            "variants",
            lambda e, _: (
                len(e.variants) if len(e.variants) > _ROLLBACK_VARIANTS or (sleeps(e) and len(e.variants) > 1) else None
            ),
        ),
    ),
    Limit(
        field="endpoints.capture_percent",
        support="partial",
        reason="SageMaker captures requests to plain variants, not to the components of sleeping endpoints",
        alternative="set replicas to at least 1, or capture_percent to 0",
        violations=_per_endpoint(
            "capture_percent", lambda e, _: e.capture_percent if e.capture_percent and sleeps(e) else None
        ),
    ),
    Limit(
        field="endpoints.autoscaling.metric",
        support="partial",
        reason="a sleeping endpoint scales on requests or concurrency; the gpu metric needs a GPU",
        alternative="set autoscaling.metric to concurrency",
        violations=_per_endpoint(
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
        reason="callers reach a private endpoint only through the network's private endpoints",
        alternative="set network.private_endpoints to true, or exposure to public (callers still need an identity)",
        violations=_per_endpoint(
            "exposure",
            lambda e, s: e.exposure if e.exposure == "private" and not s.network.private_endpoints else None,
        ),
    ),
    Limit(
        field="endpoints.server",
        support="partial",
        reason="AWS publishes no MLflow container, and its vLLM container needs a GPU; SageMaker pulls only from "
        "private registries of its region",
        alternative="push an image to the platform's `serving` repository and name it in image",
        violations=_per_endpoint(
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


def problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Everything AWS refuses in the endpoints beyond the declared limits."""
    target = spec.targets[0]
    for index, endpoint in enumerate(spec.endpoints):
        path = f"endpoints[{index}]"
        choice = endpoint_machine(backend, target, path, endpoint)
        if isinstance(choice, Problem):
            yield choice
        yield from _image_problems(path, endpoint, choice, backend)
        yield from _model_problems(path, endpoint, backend)
        yield from endpoint_cpu_problems(backend, target, path, endpoint)


def _image_problems(
    path: str, endpoint: EndpointSpec, choice: Choice | Problem | None, backend: Backend
) -> Iterator[Problem]:
    if not isinstance(choice, Choice) or choice.machine.accelerator.model.vendor == "nvidia":
        return
    if endpoint.image or all(variant.image for variant in endpoint.all_variants()):
        return
    yield backend.refuse(
        f"{path}.image",
        "nothing",
        f"an image for {choice.accelerator.name}: AWS's {endpoint.server} container is built for NVIDIA",
        "push an image with the Neuron SDK to the platform's `serving` repository and name it in image",
    )


def _model_problems(path: str, endpoint: EndpointSpec, backend: Backend) -> Iterator[Problem]:
    if endpoint.awaits_model or endpoint.image:
        return
    for index, variant in enumerate(endpoint.variants):
        if not variant.model and not variant.image:
            yield backend.refuse(
                f"{path}.variants[{index}].model",
                "nothing",
                "a model, or an image that contains one: SageMaker starts all variants of an endpoint together",
                f"name the model of {variant.name}, or remove the variant until there is one",
            )
