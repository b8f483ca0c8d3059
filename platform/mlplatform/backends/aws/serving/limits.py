"""Limits and problems of endpoints on SageMaker. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.serving.rollout_time import (
    LEAST_BATCH,
    LEAST_START_SECONDS,
    LIMIT_SECONDS,
    MOST_BATCH,
    MOST_STARTUP_SECONDS,
    PATIENCE_SECONDS,
    most_waiting_seconds,
    waiting_seconds,
)
from mlplatform.backends.aws.serving.servers import CUDA_CODE, HEALTH_PATH, MODEL_VARIABLES, PORT
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.catalog.catalog import Choice
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.cuda import cuda_problems
from mlplatform.components.limits import ON_CLUSTER, endpoint_limit, owned_variables, per_endpoint
from mlplatform.components.problems import endpoint_cpu_problems, endpoint_machine
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.rollouts import AllAtOnce, CanaryRollout

_MAX_TIMEOUT = 60
"""Longest real-time request, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html"""
_ROLLBACK_VARIANTS = 5
_SURELY_FIT = 20
"""Variables and secrets that are not too many or too long, whatever their names and values are."""
_GROUP_RULES, _MOST_RANGES = 60, 40
"""Rules of a security group, and those of them that public entries may take."""
_SAGEMAKER_PREFIXES = ("AWS_CONTAINER_CREDENTIALS_", "AWS_EXECUTION_ENV")
"""How a container finds the credentials of its role:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html"""


def _linear_step(steps: tuple[int, ...]) -> int | None:
    """The common width of steps such as 25, 50, 75 that reach the whole fleet with one more step; else None."""
    width = steps[0]
    even = all(step == width * (index + 1) for index, step in enumerate(steps))
    return width if even and width * (len(steps) + 1) >= 100 else None


def _steps(endpoint: EndpointSpec) -> object | None:
    if not isinstance(endpoint.rollout, CanaryRollout):
        return None
    steps = endpoint.rollout.steps
    least = LEAST_BATCH if endpoint.sleeps else 1
    possible = least <= steps[0] <= MOST_BATCH and (len(steps) == 1 or _linear_step(steps) is not None)
    return None if possible else steps


def _bake(endpoint: EndpointSpec) -> object | None:
    if isinstance(endpoint.rollout, AllAtOnce) or waiting_seconds(endpoint) <= most_waiting_seconds(endpoint):
        return None
    return endpoint.rollout.bake_minutes


def _start(endpoint: EndpointSpec) -> object | None:
    too_long = not endpoint.sleeps and endpoint.longest_start > MOST_STARTUP_SECONDS
    return endpoint.longest_start if too_long else None


def _least_requests(endpoint: EndpointSpec) -> object | None:
    rollout = endpoint.rollout
    return rollout.least_requests if isinstance(rollout, CanaryRollout) and rollout.least_requests else None


def _timeout(endpoint: EndpointSpec) -> object | None:
    shorter = endpoint.timeout_seconds < _MAX_TIMEOUT and (endpoint.server != "torchserve" or endpoint.image)
    return endpoint.timeout_seconds if endpoint.timeout_seconds > _MAX_TIMEOUT or shorter else None


def _is_set(endpoint: EndpointSpec, field: str) -> bool:
    return field in endpoint.model_fields_set


def _health_path(endpoint: EndpointSpec) -> object | None:
    differs = _is_set(endpoint, "health_path") and endpoint.health_path != HEALTH_PATH
    return endpoint.health_path if differs else None


def _max_concurrency(endpoint: EndpointSpec) -> object | None:
    own_limit = endpoint.server == "vllm" and not endpoint.image
    return endpoint.max_concurrency if _is_set(endpoint, "max_concurrency") and not own_limit else None


def _shadow(endpoint: EndpointSpec) -> object | None:
    possible = len(endpoint.all_variants()) <= 1 and not endpoint.sleeps
    return endpoint.shadow.name if endpoint.shadow and not possible else None


def _variants(endpoint: EndpointSpec) -> object | None:
    most = 1 if endpoint.sleeps else _ROLLBACK_VARIANTS
    return len(endpoint.variants) if len(endpoint.variants) > most else None


def _metric(endpoint: EndpointSpec) -> object | None:
    metric = endpoint.autoscaling.metric
    refused = (metric in ("cpu", "gpu") and endpoint.sleeps) or (metric == "gpu" and not endpoint.accelerator)
    return metric if refused else None


def _server(endpoint: EndpointSpec) -> object | None:
    if endpoint.awaits_model or endpoint.image or all(variant.image for variant in endpoint.all_variants()):
        return None
    missing = endpoint.server == "mlflow" or (endpoint.server == "vllm" and not endpoint.accelerator)
    return endpoint.server if missing else None


def _exposure(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if not spec.network.private_endpoints:
        yield from per_endpoint("exposure", lambda e: e.exposure if e.exposure == "private" else None)(spec)


def _environment(endpoint: EndpointSpec) -> str | None:
    return owned_variables(endpoint, MODEL_VARIABLES if endpoint.image is None else (), _SAGEMAKER_PREFIXES)


def _ranges(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    total = 0
    for index, endpoint in enumerate(spec.endpoints):
        total += len(endpoint.entry.cidrs) if endpoint.entry else 0
        if endpoint.entry and endpoint.entry.cidrs and total > _MOST_RANGES:
            yield f"endpoints[{index}].entry.cidrs", f"{total} ranges of all entries"


LIMITS: tuple[Limit, ...] = (
    Limit(
        "endpoints.entry.cidrs",
        "partial",
        f"the cluster's controller writes each range into the nodes' security group, which has {_GROUP_RULES} rules, "
        "some of them the platform's (https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)",
        f"name at most {_MOST_RANGES} ranges in all entries together, larger ones",
        _ranges,
    ),
    endpoint_limit(
        "rollout.steps",
        reason=f"SageMaker shifts traffic once (a canary of at most {MOST_BATCH} %) or in equal steps up to that; "
        f"a sleeping endpoint replaces at least {LEAST_BATCH} % of its copies at a time",
        alternative="use one step such as 10, or equal ones such as 25, 50, 75; to do so on AWS alone, override the "
        "endpoint's rollout in its target",
        refused=_steps,
    ),
    endpoint_limit(
        "rollout.bake_minutes",
        reason=f"the provider waits {PATIENCE_SECONDS // 60} minutes for an endpoint's update, of which machines take "
        f"up to {LEAST_START_SECONDS // 60} to start, or startup_seconds, and the endpoint bakes once for "
        "every step and once at the end; "
        f"a sleeping endpoint has {LIMIT_SECONDS // 3600} hours and bakes once for every batch of its copies",
        alternative="use fewer steps, a larger first step, shorter bakes, or a shorter startup_seconds",
        refused=_bake,
    ),
    endpoint_limit(
        "rollout.least_requests",
        reason="SageMaker's rollout watches alarms alone, and an alarm on too few requests would take back every "
        "release at its start",
        alternative="leave least_requests out on AWS, with AwsTarget(endpoints={…: EndpointOverride(rollout=…)}), and "
        "roll out at a time with traffic",
        refused=_least_requests,
    ),
    endpoint_limit(
        "redact",
        reason="SageMaker itself writes what it captures into the bucket, and nothing stands between",
        alternative=f"{ON_CLUSTER}, or set capture_percent to 0, for AWS alone in its target",
        refused=lambda e: "redact" if e.redact else None,
    ),
    endpoint_limit(
        "startup_seconds",
        reason=f"the provider waits {PATIENCE_SECONDS // 60} minutes for an endpoint that is always on, of which its "
        f"machine takes up to {(PATIENCE_SECONDS - MOST_STARTUP_SECONDS) // 60} to start",
        alternative=f"set startup_seconds to at most {MOST_STARTUP_SECONDS}, or replicas to (0, …)",
        refused=_start,
    ),
    endpoint_limit(
        "timeout_seconds",
        reason=f"SageMaker allows a request {_MAX_TIMEOUT} seconds; only TorchServe can have a shorter timeout",
        alternative=f"omit timeout_seconds, set it to {_MAX_TIMEOUT}, or {ON_CLUSTER}",
        refused=_timeout,
    ),
    endpoint_limit(
        "port",
        reason=f"SageMaker calls every container on port {PORT}",
        alternative=f"set port to {PORT}",
        refused=lambda endpoint: endpoint.port if endpoint.port != PORT else None,
    ),
    endpoint_limit(
        "health_path",
        reason=f"SageMaker checks the health of every container on {HEALTH_PATH}",
        alternative=f"answer on {HEALTH_PATH}, and omit health_path or set it to {HEALTH_PATH}",
        refused=_health_path,
    ),
    endpoint_limit(
        "max_concurrency",
        reason="SageMaker cannot limit concurrent requests per replica; only the vLLM container can",
        alternative="omit max_concurrency, and scale on concurrency instead (autoscaling)",
        refused=_max_concurrency,
    ),
    endpoint_limit(
        "shadow",
        reason="SageMaker can shadow only a single live variant, on instances that are always on",
        alternative=f"use one variant and at least 1 replica, a second endpoint for the shadow, or {ON_CLUSTER}",
        refused=_shadow,
    ),
    endpoint_limit(
        "variants",
        reason="SageMaker rolls back on at most 10 alarms, two per variant; a sleeping endpoint has one variant",
        alternative=f"use at most {_ROLLBACK_VARIANTS} variants, a single one with replicas from 0, or {ON_CLUSTER}",
        refused=_variants,
    ),
    endpoint_limit(
        "capture_percent",
        reason="SageMaker captures requests to plain variants, not to the components of sleeping endpoints",
        alternative="set replicas to at least 1, or capture_percent to 0",
        refused=lambda endpoint: endpoint.capture_percent if endpoint.capture_percent and endpoint.sleeps else None,
    ),
    endpoint_limit(
        "autoscaling.metric",
        reason="a sleeping endpoint scales on requests or concurrency; the gpu metric needs a GPU",
        alternative="set autoscaling.metric to concurrency",
        refused=_metric,
    ),
    endpoint_limit(
        "env",
        reason="SageMaker sets these variables itself, and the platform the path of the model in AWS's containers",
        alternative="use other names",
        refused=_environment,
    ),
    Limit(
        field="endpoints.exposure",
        support="partial",
        reason="callers reach a private endpoint only through the network's private endpoints",
        alternative="set network.private_endpoints to true, or exposure to public (callers still need an identity)",
        violations=_exposure,
    ),
    endpoint_limit(
        "server",
        reason="AWS publishes no MLflow container, and its vLLM container needs a GPU; SageMaker pulls only from "
        "private registries of its region",
        alternative="push an image to the platform's `serving` repository and name it in image",
        refused=_server,
    ),
)


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Everything AWS refuses in the endpoints beyond the declared limits."""
    for index, endpoint in enumerate(spec.endpoints):
        path = f"endpoints[{index}]"
        if len(endpoint.env) + len(endpoint.secrets) > _SURELY_FIT:
            from mlplatform.backends.aws.serving.variable_problems import variable_problems

            yield from variable_problems(path, endpoint, target, backend)
        if endpoint.on == "cluster":
            continue
        choice = endpoint_machine(backend, target, path, endpoint)
        if isinstance(choice, Problem):
            yield choice
        yield from _image_problems(path, endpoint, choice, backend)
        yield from cuda_problems(backend, path, endpoint, choice, CUDA_CODE.get(endpoint.server))
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
