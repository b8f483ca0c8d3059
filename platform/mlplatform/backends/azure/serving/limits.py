"""Limits of endpoints on Azure, and problems of them. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.backends.azure.registry import server_images
from mlplatform.backends.azure.serving import servers
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.cuda import cuda_problems
from mlplatform.components.limits import ON_CLUSTER, endpoint_limit, owned_variables, refuse_nothing
from mlplatform.components.model_servers import CUDA_CODE
from mlplatform.components.problems import endpoint_cpu_problems, endpoint_machine
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.rollouts import AllAtOnce

MANAGED_TIMEOUT = 180
"""Longest request of a managed online endpoint, seconds,
https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas"""
APP_TIMEOUT = 240
"""Longest request of a Container App, seconds, https://learn.microsoft.com/azure/container-apps/ingress-overview"""

_MOST_REPLICAS = 50
_MOST_RELEASES = 10
_MOST_MIRRORED = 50
_OVERRIDE = "to do so on Azure alone, override the endpoint in its target"

_Refused = Callable[[EndpointSpec], object | None]
"""The value of an endpoint that a limit refuses, or None."""


def _timeout(endpoint: EndpointSpec) -> object | None:
    """A timeout that is too long."""
    most = APP_TIMEOUT if endpoint.sleeps else MANAGED_TIMEOUT
    return endpoint.timeout_seconds if endpoint.timeout_seconds > most else None


def _server(endpoint: EndpointSpec) -> object | None:
    """A server that needs arguments, which a managed endpoint cannot pass, or a GPU."""
    if endpoint.sleeps and endpoint.server == "vllm" and not endpoint.accelerator and not endpoint.awaits_model:
        return None if endpoint.image or endpoint.all_variants()[0].image else endpoint.server
    if endpoint.sleeps or endpoint.server in servers.STARTS_ALONE or endpoint.image or endpoint.awaits_model:
        return None
    images = [variant.image for variant in endpoint.all_variants() if variant.model]
    if endpoint.shadow:
        images.append(endpoint.shadow.image)
    return None if all(images) else endpoint.server


def _fixed(field: str) -> _Refused:
    """A field that the server decides, with another value."""

    def refused(endpoint: EndpointSpec) -> object | None:
        value, expected = getattr(endpoint, field), getattr(servers.server_address(endpoint), field)
        return value if field in endpoint.model_fields_set and value != expected else None

    return refused


def _metric(endpoint: EndpointSpec) -> object | None:
    """A metric that the endpoint cannot scale on."""
    metric = endpoint.autoscaling.metric
    if endpoint.sleeps:
        return None if metric == "concurrency" else metric
    return metric if metric == "gpu" and not endpoint.accelerator else None


def _concurrency(endpoint: EndpointSpec) -> object | None:
    """A bound that nothing enforces."""
    bounded = not endpoint.sleeps or (endpoint.server == "vllm" and not endpoint.image)
    return endpoint.max_concurrency if "max_concurrency" in endpoint.model_fields_set and not bounded else None


LIMITS: tuple[Limit, ...] = (
    endpoint_limit(
        "timeout_seconds",
        f"a managed online endpoint answers within {MANAGED_TIMEOUT} seconds, a Container App (replicas from 0) "
        f"within {APP_TIMEOUT}",
        f"set timeout_seconds to at most {MANAGED_TIMEOUT}, or {APP_TIMEOUT} with replicas from 0, or {ON_CLUSTER}; "
        f"{_OVERRIDE}",
        _timeout,
    ),
    endpoint_limit(
        "server",
        "a managed online endpoint runs an image's own entry point, and the public images of vLLM and TorchServe "
        "expect the model as an argument; vLLM's runs on GPUs only",
        "name an image in `image` that serves $AZUREML_MODEL_DIR by itself, or set replicas to (0, …): Container Apps "
        "can pass arguments; for vLLM set accelerator too",
        _server,
    ),
    endpoint_limit(
        "port",
        "the server decides its port",
        "leave port out, or set server to custom with an image",
        _fixed("port"),
    ),
    endpoint_limit(
        "health_path",
        "the server decides its health path",
        "leave health_path out, or set server to custom with an image",
        _fixed("health_path"),
    ),
    endpoint_limit(
        "max_concurrency",
        "Container Apps (replicas from 0) cannot limit requests per replica; only vLLM limits them itself",
        f"leave max_concurrency out, or set replicas to at least 1; {_OVERRIDE}",
        _concurrency,
    ),
    endpoint_limit(
        "autoscaling.metric",
        "on Container Apps only requests in flight scale from zero; GPU use needs a GPU",
        f"set autoscaling.metric to concurrency, or replicas to at least 1; {_OVERRIDE}",
        _metric,
    ),
    endpoint_limit(
        "replicas",
        f"a deployment of a managed online endpoint has at most {_MOST_REPLICAS} instances",
        f"set replicas to at most {_MOST_REPLICAS}, or choose a larger machine",
        lambda e: e.replicas if not e.sleeps and e.replicas[1] > _MOST_REPLICAS else None,
    ),
    endpoint_limit(
        "shadow",
        "Container Apps (replicas from 0) cannot copy requests",
        f"set replicas to at least 1, or leave shadow out; {_OVERRIDE}",
        lambda e: e.shadow.name if e.shadow and e.sleeps else None,
    ),
    endpoint_limit(
        "shadow.sample_percent",
        f"a managed online endpoint copies at most {_MOST_MIRRORED} % of its requests",
        f"set shadow.sample_percent to at most {_MOST_MIRRORED}, or {ON_CLUSTER}; {_OVERRIDE}",
        lambda e: (
            e.shadow.sample_percent if e.shadow and not e.sleeps and e.shadow.sample_percent > _MOST_MIRRORED else None
        ),
    ),
    endpoint_limit(
        "variants",
        "an endpoint has at most 20 deployments, and old and new ones run side by side during a rollout; "
        "an endpoint with replicas from 0 has one variant",
        f"use at most {_MOST_RELEASES} variants with the shadow, and one with replicas from 0",
        lambda e: (
            len(e.variants)
            if (len(e.variants) > 1 and e.sleeps) or len(e.variants) + bool(e.shadow) > _MOST_RELEASES
            else None
        ),
    ),
    endpoint_limit(
        "capture_percent",
        "Container Apps (replicas from 0) cannot capture requests",
        f"set replicas to at least 1, or capture_percent to 0; {_OVERRIDE}",
        lambda e: e.capture_percent if e.capture_percent and e.sleeps else None,
    ),
    endpoint_limit(
        "redact",
        "the data collector of a managed online endpoint itself writes what it captures into the store, and nothing "
        "stands between",
        f"{ON_CLUSTER}, or set capture_percent to 0; {_OVERRIDE}",
        lambda e: "redact" if e.redact else None,
    ),
    endpoint_limit(
        "rollout",
        "a Container App (replicas from 0) switches to a new model all at once when it is ready, and no alarm rolls it "
        "back",
        f"set rollout.kind to all-at-once, or replicas to at least 1; {_OVERRIDE}",
        lambda e: (
            e.rollout.kind
            if e.sleeps and "rollout" in e.model_fields_set and not isinstance(e.rollout, AllAtOnce)
            else None
        ),
    ),
    endpoint_limit(
        "exposure",
        "endpoints with replicas from 0 share one Container Apps environment inside the network",
        f"set exposure to private, or replicas to at least 1; {_OVERRIDE}",
        lambda e: e.exposure if e.exposure == "public" and e.sleeps else None,
    ),
    endpoint_limit(
        "env",
        "Azure sets these variables itself, and the platform the path of the model",
        "use other names",
        lambda e: owned_variables(
            e, (*servers.IDENTITY_VARIABLES, *servers.model_variables(e)), servers.AZURE_PREFIXES
        ),
    ),
    endpoint_limit(
        "slo",
        "Container Apps (replicas from 0) keeps no record of single requests that an objective could be measured by",
        f"set replicas to at least 1, or leave slo out; {_OVERRIDE}",
        lambda e: "slo" if e.slo and e.sleeps else None,
    ),
    Limit(
        field="monitoring.alerts.error_rate_percent",
        support="partial",
        reason="Container Apps (replicas from 0) only counts failed requests, so the alert of such an endpoint is on "
        "their number",
        alternative="set replicas to at least 1 if the share matters",
        violations=refuse_nothing,
    ),
    Limit(
        field="monitoring.alerts.latency_p99_ms",
        support="partial",
        reason="Container Apps (replicas from 0) only measures the mean response time, so the alert of such an "
        "endpoint is on the mean",
        alternative="set replicas to at least 1 if the percentile matters",
        violations=refuse_nothing,
    ),
)
"""Fields of endpoints and monitoring that Azure cannot honour, or only in part."""


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Machines that are not offered, images that cannot be pulled, variants without a model."""
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.on == "cluster":
            continue
        path = f"endpoints[{index}]"
        yield from _machine_problems(spec, backend, path, endpoint)
        yield from _variant_problems(backend, path, endpoint)
        if endpoint.sleeps:
            yield from _secret_problems(backend, path, endpoint)
        else:
            yield from _image_problems(backend, path, endpoint)


def _machine_problems(spec: PlatformSpec, backend: Backend, path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    target = spec.targets[0]
    choice = endpoint_machine(backend, target, path, endpoint)
    if isinstance(choice, Problem):
        yield choice
    yield from cuda_problems(backend, path, endpoint, choice, CUDA_CODE.get(endpoint.server))
    yield from endpoint_cpu_problems(backend, target, path, endpoint)


def _variant_problems(backend: Backend, path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    if endpoint.awaits_model or endpoint.server == "custom":
        return
    for index, variant in enumerate(endpoint.variants):
        if variant.traffic_percent and not variant.model:
            yield backend.refuse(
                f"{path}.variants[{index}].model",
                "nothing",
                "a model: only deployed variants can receive traffic",
                "name a model, or give the variant's traffic_percent to the others",
            )


def _image_problems(backend: Backend, path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    if endpoint.awaits_model:
        return
    for image in server_images.pulled_images(endpoint):
        if not server_images.is_known_host(image):
            yield backend.refuse(
                f"{path}.image",
                image,
                "an image of the platform's registry, or of Docker Hub, ghcr.io, quay.io, nvcr.io or "
                "mcr.microsoft.com: the endpoint's network reaches no other host",
                "push the image to the platform's `serving` repository",
            )


def _secret_problems(backend: Backend, path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    for name, secret in endpoint.secrets.items():
        if secret.endswith("-"):
            yield backend.refuse(
                f"{path}.secrets.{name}", secret, "a name that ends in a letter or digit", "rename the secret"
            )
