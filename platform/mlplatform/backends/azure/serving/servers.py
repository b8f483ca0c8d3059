"""Model servers: what a machine learning endpoint runs by itself, and what a Container App is told to run.

A managed online endpoint starts an image's own entry point: nothing can be passed to it but environment variables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec, Server, VariantSpec
from mlplatform.spec.platform import PlatformSpec

MODEL_DIR = "/mnt/model"
"""Where a Container App finds the model, and a managed endpoint the folder that holds it."""


@record()
class Listens:
    """Where a server answers."""

    port: int
    """HTTP port."""

    health_path: str
    """What says that it can serve."""


@record()
class Public:
    """A server's public image, pinned, and how it is started."""

    cpu: str
    """For machines without GPU."""

    gpu: str
    """For machines with GPUs."""

    command: tuple[str, ...]
    """Start command; `{model}`, `{port}` and `{concurrency}` are filled in."""


LISTENS: Mapping[Server, Listens] = MappingProxyType(
    {
        "triton": Listens(8000, "/v2/health/ready"),
        "vllm": Listens(8000, "/health"),
        "torchserve": Listens(8080, "/ping"),
        "tensorflow": Listens(8501, "/v1/models/model"),
        "mlflow": Listens(8080, "/ping"),
    }
)

PUBLIC: Mapping[Server, Public] = MappingProxyType(
    {
        "triton": Public(
            "nvcr.io/nvidia/tritonserver:25.06-py3",
            "nvcr.io/nvidia/tritonserver:25.06-py3",
            ("tritonserver", "--model-repository={model}", "--http-port={port}", "--exit-on-error=false"),
        ),
        "vllm": Public(
            "docker.io/vllm/vllm-openai:v0.11.0",
            "docker.io/vllm/vllm-openai:v0.11.0",
            ("vllm", "serve", "{model}", "--port", "{port}", "--max-num-seqs", "{concurrency}"),
        ),
        "torchserve": Public(
            "docker.io/pytorch/torchserve:0.12.0-cpu",
            "docker.io/pytorch/torchserve:0.12.0-gpu",
            (
                *("torchserve", "--start", "--foreground", "--disable-token-auth"),
                # the image's own settings listen on every address
                "--ts-config=/home/model-server/config.properties",
                "--model-store={model}",
                "--models=all",
            ),
        ),
        "tensorflow": Public(
            "docker.io/tensorflow/serving:2.19.0",
            "docker.io/tensorflow/serving:2.19.0-gpu",
            ("tensorflow_model_server", "--rest_api_port={port}", "--model_name=model", "--model_base_path={model}"),
        ),
        "mlflow": Public(
            "ghcr.io/mlflow/mlflow:v3.4.0",
            "ghcr.io/mlflow/mlflow:v3.4.0",
            ("mlflow", "models", "serve", "-m", "{model}", "-h", "0.0.0.0", "-p", "{port}", "--env-manager", "local"),
        ),
    }
)
"""https://catalog.ngc.nvidia.com/orgs/nvidia/containers/tritonserver, https://hub.docker.com/r/vllm/vllm-openai,
https://hub.docker.com/r/pytorch/torchserve, https://hub.docker.com/r/tensorflow/serving,
https://github.com/mlflow/mlflow/pkgs/container/mlflow"""

NO_CODE: Mapping[Server, str] = MappingProxyType({"triton": "triton_model", "mlflow": "mlflow_model"})
"""Model types that Azure serves with an image of its own,
https://learn.microsoft.com/azure/machine-learning/how-to-deploy-with-triton,
https://learn.microsoft.com/azure/machine-learning/how-to-deploy-mlflow-models-online-endpoints"""

STARTS_ALONE: frozenset[Server] = frozenset({"triton", "mlflow", "tensorflow", "custom"})
"""Servers that serve a model on a managed endpoint without an image of one's own; `custom` always brings one."""

_HOSTS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "docker.io": ("*.docker.io", "*.docker.com", "production.cloudflare.docker.com"),
        "ghcr.io": ("ghcr.io", "pkg-containers.githubusercontent.com"),
        "nvcr.io": ("nvcr.io", "*.ngc.nvidia.com"),
        "quay.io": ("quay.io", "*.quay.io"),
        "mcr.microsoft.com": (),
    }
)
"""Public registries, and the hosts an image from them comes from."""

_PYTHON_HOSTS = ("pypi.org", "*.pythonhosted.org", "anaconda.com", "*.anaconda.com", "*.anaconda.org")
"""What the MLflow server installs a model's own packages from when it starts,
https://learn.microsoft.com/azure/machine-learning/how-to-managed-network"""


def image(endpoint: EndpointSpec, own: str | None) -> str | None:
    """The image that a variant was given: its own, else the endpoint's."""
    return own or endpoint.image


def public_image(endpoint: EndpointSpec) -> str:
    """The public image of an endpoint's server.

    Raises:
        LookupError: `custom` has none; the spec's own rules say so first.
    """
    server = PUBLIC.get(endpoint.server)
    if server is None:
        raise LookupError(f"{endpoint.server} has no public image: set the endpoint's image")
    return server.gpu if endpoint.accelerator else server.cpu


def listens(endpoint: EndpointSpec) -> Listens:
    """Where an endpoint's containers answer."""
    return LISTENS.get(endpoint.server) or Listens(endpoint.port, endpoint.health_path)


def host(reference: str) -> str:
    """The registry an image comes from; names without one are Docker Hub's."""
    first, _, rest = reference.partition("/")
    return first if rest and ("." in first or ":" in first) else "docker.io"


def known_host(reference: str) -> bool:
    """Whether it is known where an image's layers come from."""
    registry = host(reference)
    return registry in _HOSTS or registry.endswith(".azurecr.io")


def serving_images(endpoint: EndpointSpec) -> tuple[str, ...]:
    """Images that a managed endpoint pulls, besides those that Azure brings."""
    variants = [variant for variant in endpoint.all_variants() if variant.model or endpoint.server == "custom"]
    given = [image(endpoint, variant.image) for variant in variants]
    if endpoint.shadow:
        given.append(image(endpoint, endpoint.shadow.image))
    own = [reference for reference in given if reference]
    if endpoint.server == "tensorflow" and len(own) < len(given):
        own.append(public_image(endpoint))
    return tuple(own)


def egress(endpoint: EndpointSpec, spec: PlatformSpec) -> tuple[str, ...]:
    """Public hosts that a managed endpoint's containers need."""
    if endpoint.replicas[0] == 0 or endpoint.awaits_model:
        return ()
    images = [reference for reference in serving_images(endpoint) if host(reference) not in spec.registry.pull_through]
    found = [name for reference in images for name in _HOSTS.get(host(reference), ())]
    if endpoint.server == "mlflow" and any(_no_code(endpoint, variant) for variant in endpoint.all_variants()):
        found += _PYTHON_HOSTS
    return tuple(dict.fromkeys(found))


def _no_code(endpoint: EndpointSpec, variant: VariantSpec) -> bool:
    return image(endpoint, variant.image) is None
