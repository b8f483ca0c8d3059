"""What endpoints on the training cluster cannot do, alike on every cloud. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.components.backend import Limit
from mlplatform.components.cluster_rollouts import MOST_WATCH_MINUTES, watch_minutes
from mlplatform.components.limits import owned_variables
from mlplatform.components.model_servers import INTERNAL_PORTS, MODEL_VARIABLE, public_image
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.rollouts import AllAtOnce, CanaryRollout

_FILES_FROM = "1.35"
"""The first version that takes variables from files without being told to,
https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-via-file"""

_MANAGED = "leave `on` out: the cloud's own service has it"


def _limit(field: str, reason: str, alternative: str, refused: Callable[[EndpointSpec], object | None]) -> Limit:
    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        for index, endpoint in enumerate(spec.endpoints):
            value = refused(endpoint) if endpoint.on == "cluster" else None
            if value is not None:
                yield f"endpoints[{index}].{field}", str(value)

    return Limit(f"endpoints.{field}", "partial", f"on the training cluster, {reason}", alternative, violations)


def _scales(endpoint: EndpointSpec) -> bool:
    return endpoint.replicas[0] != endpoint.replicas[1]


def _metric(endpoint: EndpointSpec) -> object | None:
    metric = endpoint.autoscaling.metric
    return metric if _scales(endpoint) and metric != "cpu" else None


def _concurrency(endpoint: EndpointSpec) -> object | None:
    own_limit = endpoint.server == "vllm" and not endpoint.image
    given = "max_concurrency" in endpoint.model_fields_set
    return endpoint.max_concurrency if given and not own_limit else None


def _server(endpoint: EndpointSpec) -> object | None:
    if endpoint.image or all(variant.image for variant in endpoint.all_variants()) or endpoint.server == "custom":
        return None
    return endpoint.server if public_image(endpoint) is None else None


def _unmeasured(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.on == "cluster" and endpoint.slo and not spec.monitoring.prometheus:
            yield f"endpoints[{index}].slo", "an objective, with monitoring.prometheus false"


def _early_secrets(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    version = spec.training.kubernetes_version if spec.training else _FILES_FROM
    if tuple(map(int, version.split("."))) >= tuple(map(int, _FILES_FROM.split("."))):
        return
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.on == "cluster" and endpoint.secrets:
            yield f"endpoints[{index}].secrets", f"{', '.join(sorted(endpoint.secrets))} with Kubernetes {version}"


CLUSTER_ENDPOINT_LIMITS: tuple[Limit, ...] = (
    _limit(
        "replicas",
        "nothing starts a replica when a request comes, so that an endpoint is always on",
        "set the minimum of replicas to at least 1",
        lambda e: e.replicas if e.sleeps else None,
    ),
    _limit(
        "autoscaling.metric",
        "replicas follow the use of CPUs alone: the cluster measures neither requests nor GPUs for its autoscaler",
        "set autoscaling.metric to cpu, or both numbers of replicas to the same",
        _metric,
    ),
    _limit(
        "max_concurrency",
        "only vLLM's public image is told how many requests it may take at a time",
        "leave max_concurrency out, and set it in the configuration of the server",
        _concurrency,
    ),
    _limit(
        "server",
        "a server runs by its public image, and vLLM's needs a GPU",
        "set accelerator and a pool with GPUs, or name an image",
        _server,
    ),
    Limit(
        "endpoints.secrets",
        "partial",
        "on the training cluster, Kubernetes takes variables from a pod's files from 1.35 on",
        f"set training.kubernetes_version to {_FILES_FROM}, or {_MANAGED}",
        _early_secrets,
    ),
    _limit(
        "rollout",
        "replicas over several nodes are replaced one after the other, and none is taken back: Argo Rollouts knows no "
        "groups of pods",
        "set rollout to all-at-once, and give the new model a variant of its own with a small traffic_percent",
        lambda e: e.rollout.kind if e.nodes > 1 and not isinstance(e.rollout, AllAtOnce) else None,
    ),
    _limit(
        "rollout.bake_minutes",
        f"`up` waits for the watch of all steps, and has {MOST_WATCH_MINUTES} minutes for it in the rendered CI",
        "use fewer steps, or shorter bakes",
        lambda e: (
            f"{watch_minutes(e)} minutes in all"
            if isinstance(e.rollout, CanaryRollout) and watch_minutes(e) > MOST_WATCH_MINUTES
            else None
        ),
    ),
    _limit(
        "rollout.least_requests",
        "measurements of a rollout know no least number of requests: the watch would not go on for more of them",
        "leave least_requests out, and raise bake_minutes",
        lambda e: (e.rollout.least_requests or None) if isinstance(e.rollout, CanaryRollout) else None,
    ),
    Limit(
        "endpoints.slo",
        "partial",
        "on the training cluster, managed Prometheus alone reads how an endpoint answers",
        f"set monitoring.prometheus to true, or {_MANAGED}",
        _unmeasured,
    ),
    _limit(
        "env",
        f"the platform tells a custom server by {MODEL_VARIABLE} where its model is",
        "use another name",
        lambda e: owned_variables(e, (MODEL_VARIABLE,)) if e.server == "custom" else None,
    ),
    _limit(
        "port",
        "some ports are the server's own",
        "leave port out",
        lambda e: e.port if e.port in INTERNAL_PORTS and e.server == "torchserve" else None,
    ),
    _limit(
        "name",
        "two hyphens join the endpoint's name and a variant's",
        "write one hyphen",
        lambda e: e.name if "--" in e.name else None,
    ),
)
"""Fields of endpoints that the cluster honours only in part, alike on every cloud."""
