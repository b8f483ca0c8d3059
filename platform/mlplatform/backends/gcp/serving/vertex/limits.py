"""Limits of endpoints of Vertex AI. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.backends.gcp.serving.vertex.names import is_on_vertex
from mlplatform.backends.gcp.serving.vertex.servers import STARTS
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.limits import ON_CLUSTER, endpoint_limit, owned_variables
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.replicas import AutoscalingSpec

RESERVED_PREFIX = "AIP_"
"""First part of variables that Vertex AI sets itself,
https://docs.cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements#aip-variables"""

MOST_ENVIRONMENT = 2048
"""Characters of all plain variables of a server: they are part of a variable of the workflow, which takes 4 KiB,
https://docs.cloud.google.com/workflows/quotas"""

_MAY = 'use one "L4" or "RTX-PRO-6000", which Cloud Run serves'
_DEFAULT_CONCURRENCY = EndpointSpec.model_fields["max_concurrency"].default


def _on_vertex(refused: Callable[[EndpointSpec], object | None]) -> Callable[[EndpointSpec], object | None]:
    return lambda endpoint: refused(endpoint) if is_on_vertex(endpoint) else None


def _metric(endpoint: EndpointSpec) -> str | None:
    low, high = endpoint.replicas
    metric = endpoint.autoscaling.metric
    # a fixed number of replicas is scaled by nothing
    return None if low == high or metric in ("gpu", "cpu") else metric


def _cooldown(endpoint: EndpointSpec) -> int | None:
    seconds = endpoint.autoscaling.cooldown_seconds
    return None if seconds == AutoscalingSpec().cooldown_seconds else seconds


def _concurrency(endpoint: EndpointSpec) -> int | None:
    """A bound that nothing enforces."""
    bounded = endpoint.server == "vllm" or endpoint.max_concurrency == _DEFAULT_CONCURRENCY
    return None if bounded else endpoint.max_concurrency


def _variables(endpoint: EndpointSpec) -> str | None:
    owned = ("MODEL_PATH",) if endpoint.server == "custom" else ()
    names = owned_variables(endpoint, owned, (RESERVED_PREFIX,))
    length = sum(len(name) + len(value) for name, value in endpoint.env.items())
    return names or (f"{length} characters" if length > MOST_ENVIRONMENT else None)


LIMITS: tuple[Limit, ...] = (
    endpoint_limit(
        "shadow",
        "Vertex AI copies no requests to another model",
        f"give the model a small traffic_percent as a variant, {_MAY}, or {ON_CLUSTER}",
        _on_vertex(lambda endpoint: endpoint.shadow and endpoint.shadow.model),
    ),
    endpoint_limit(
        "replicas",
        "Vertex AI keeps at least one replica of a model: from none it starts in a preview of its API alone (v1beta1, "
        "https://docs.cloud.google.com/vertex-ai/docs/predictions/autoscaling)",
        f"set the minimum of replicas to at least 1, or {_MAY} and which sleeps there",
        _on_vertex(lambda endpoint: endpoint.replicas if endpoint.sleeps else None),
    ),
    endpoint_limit(
        "capture_percent",
        "Vertex AI keeps requests in BigQuery only, not in the store",
        f"keep them in the server, {_MAY}, or {ON_CLUSTER}",
        _on_vertex(lambda endpoint: endpoint.capture_percent or None),
    ),
    endpoint_limit(
        "secrets",
        "a container of Vertex AI gets the values of its variables when its model is uploaded, and whoever may read "
        "the model reads them there",
        f"read the secret in the server, with the account of its replicas, {_MAY}, or {ON_CLUSTER}",
        _on_vertex(lambda endpoint: ", ".join(sorted(endpoint.secrets)) or None),
    ),
    endpoint_limit(
        "server",
        "nothing is mounted on Vertex AI, and the image of this server reads no model from Cloud Storage",
        "use triton, vllm, or custom with an image that reads the model from the address in MODEL_PATH, or "
        f"{ON_CLUSTER}",
        _on_vertex(lambda endpoint: None if endpoint.server in STARTS else endpoint.server),
    ),
    endpoint_limit(
        "autoscaling.metric",
        "Vertex AI scales by the use of GPUs and CPUs; it counts no requests in flight, and the unit of its number of "
        "requests is not documented",
        'set autoscaling to metric "gpu" with a target such as 60, or both numbers of replicas to the same',
        _on_vertex(_metric),
    ),
    endpoint_limit(
        "autoscaling.cooldown_seconds",
        "Vertex AI removes replicas in its own time, which cannot be set",
        f"omit autoscaling.cooldown_seconds, or {ON_CLUSTER}",
        _on_vertex(_cooldown),
    ),
    endpoint_limit(
        "max_concurrency",
        "Vertex AI bounds no requests in flight; only vLLM does that itself",
        "omit max_concurrency and bound it in the server",
        _on_vertex(_concurrency),
    ),
    endpoint_limit(
        "env",
        f"Vertex AI sets {RESERVED_PREFIX}… itself, and the platform the address of the model; the plain variables of "
        f"a server have at most {MOST_ENVIRONMENT} characters together",
        f"use other names, put longer values into the image or the model's folder, or {ON_CLUSTER}",
        _on_vertex(_variables),
    ),
)
"""Fields of endpoints that Vertex AI honours only in part, or not at all."""


def problems(path: str, endpoint: EndpointSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """An existing network, into which the platform lets no one connect."""
    if endpoint.exposure == "private" and target.network is not None:
        yield backend.refuse(
            f"{path}.exposure",
            "private",
            "public, where the network is an existing one: Vertex AI connects to a network only by a policy and a zone "
            "of names in it, which its owner makes",
            "set exposure to public: callers need an identity of the cloud there too",
        )
