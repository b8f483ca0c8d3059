"""Which endpoints are Vertex AI's, and their names and addresses. Imports no SDK.

Vertex AI is called Gemini Enterprise Agent Platform since 2026; its API, roles and metrics keep their names.
"""

from __future__ import annotations

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.accelerator import Accelerator
from mlplatform.components.names import physical_name
from mlplatform.fast.digest import sha256_hex
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

ON_CLOUD_RUN = frozenset({Accelerator.parse("L4"), Accelerator.parse("RTX-PRO-6000")})
"""Accelerators of an instance of Cloud Run, https://docs.cloud.google.com/run/docs/configuring/services/gpu"""

_MODELS = frozenset({"L4", "A100-40GB", "A100-80GB", "H100", "H200", "B200", "RTX-PRO-6000"})
"""Models of the accelerators of Vertex AI's machines in the catalogue."""

MACHINE_PREFIX = "vertex-"
"""First part of the catalogue's names of machines that serve on Vertex AI."""

PRIVATE_DOMAIN = "prediction.p.vertexai.goog"
"""Domain of private endpoints, and the name in their certificate,
https://docs.cloud.google.com/vertex-ai/docs/predictions/private-service-connect"""

_DIGITS = 9
MODEL = 63
"""Longest id of a model, https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.models/upload"""


def is_on_vertex(endpoint: EndpointSpec) -> bool:
    """Whether an endpoint is Vertex AI's: none of its accelerators is Cloud Run's, and one is Vertex AI's.

    An endpoint that accepts one of Cloud Run's stays there, whatever it would rather have: its address is another one.
    """
    accelerators = [Accelerator.parse(name) for name in endpoint.accelerator or ()]
    if any(accelerator in ON_CLOUD_RUN for accelerator in accelerators):
        return False
    return any(accelerator.name in _MODELS for accelerator in accelerators)


def endpoint_id(spec: PlatformSpec, target: GcpTarget, endpoint: EndpointSpec) -> str:
    """Id of an endpoint: nine digits without a leading zero, known before it exists.

    A private one cannot become public, nor the other way round: it is another endpoint then.
    https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/create
    """
    name = physical_name(spec, endpoint.name, MODEL)
    text = f"{target.project} {target.region} {name} {endpoint.exposure}"
    return number(text, _DIGITS)


def number(text: str, digits: int) -> str:
    """A text as a number of that many digits, the first of which is not 0."""
    least = 10 ** (digits - 1)
    return str(least + int(sha256_hex(text), 16) % (9 * least))


def endpoint_path(spec: PlatformSpec, target: GcpTarget, endpoint: EndpointSpec) -> str:
    """Full name of an endpoint."""
    where = f"projects/{target.project}/locations/{target.region}"
    return f"{where}/endpoints/{endpoint_id(spec, target, endpoint)}"


def model_id(spec: PlatformSpec, endpoint: str, variant: str) -> str:
    """Id of the model of a variant in Vertex AI; each release is a version of it."""
    return physical_name(spec, f"{endpoint}-{variant}", MODEL)


def private_host(spec: PlatformSpec, target: GcpTarget, endpoint: EndpointSpec) -> str:
    """Host name of a private endpoint, in the platform's network."""
    id_ = endpoint_id(spec, target, endpoint)
    return f"{id_}-{target.region}-{target.project_number}.{PRIVATE_DOMAIN}"
