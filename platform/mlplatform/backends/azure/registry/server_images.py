"""Images that endpoints run, and the public hosts that serve them. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mlplatform.backends.azure.repositories import image_host
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec, Server, VariantSpec
from mlplatform.spec.platform import PlatformSpec


@record()
class PublicImage:
    """A server's public image, pinned."""

    cpu: str
    """For machines without GPU."""

    gpu: str
    """For machines with GPUs."""


PUBLIC_IMAGES: Mapping[Server, PublicImage] = MappingProxyType(
    {
        "triton": PublicImage("nvcr.io/nvidia/tritonserver:25.06-py3", "nvcr.io/nvidia/tritonserver:25.06-py3"),
        "vllm": PublicImage("docker.io/vllm/vllm-openai:v0.11.0", "docker.io/vllm/vllm-openai:v0.11.0"),
        "torchserve": PublicImage("docker.io/pytorch/torchserve:0.12.0-cpu", "docker.io/pytorch/torchserve:0.12.0-gpu"),
        "tensorflow": PublicImage("docker.io/tensorflow/serving:2.19.0", "docker.io/tensorflow/serving:2.19.0-gpu"),
        "mlflow": PublicImage("ghcr.io/mlflow/mlflow:v3.4.0", "ghcr.io/mlflow/mlflow:v3.4.0"),
    }
)
"""https://catalog.ngc.nvidia.com/orgs/nvidia/containers/tritonserver, https://hub.docker.com/r/vllm/vllm-openai,
https://hub.docker.com/r/pytorch/torchserve, https://hub.docker.com/r/tensorflow/serving,
https://github.com/mlflow/mlflow/pkgs/container/mlflow"""

_HOSTS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "docker.io": ("*.docker.io", "*.docker.com", "production.cloudflare.docker.com"),
        "ghcr.io": ("ghcr.io", "pkg-containers.githubusercontent.com"),
        "nvcr.io": ("nvcr.io", "*.ngc.nvidia.com"),
        "quay.io": ("quay.io", "*.quay.io"),
        "mcr.microsoft.com": (),
    }
)
"""Hosts that serve the images of a public registry."""

_PYTHON_HOSTS = ("pypi.org", "*.pythonhosted.org", "anaconda.com", "*.anaconda.com", "*.anaconda.org")
"""Hosts from which the MLflow server installs a model's packages at its start,
https://learn.microsoft.com/azure/machine-learning/how-to-managed-network"""


def variant_image(endpoint: EndpointSpec, variants_own: str | None) -> str | None:
    """The image set for a variant: its own, else the endpoint's."""
    return variants_own or endpoint.image


def public_image(endpoint: EndpointSpec) -> str:
    """The public image of an endpoint's server.

    Raises:
        LookupError: `custom` has none; validation refuses it first.
    """
    images = PUBLIC_IMAGES.get(endpoint.server)
    if images is None:
        raise LookupError(f"{endpoint.server} has no public image: set the endpoint's image")
    return images.gpu if endpoint.accelerator else images.cpu


def is_known_host(reference: str) -> bool:
    """Whether the hosts of an image's layers are known."""
    registry = image_host(reference)
    return registry in _HOSTS or registry.endswith(".azurecr.io")


def pulled_images(endpoint: EndpointSpec) -> tuple[str, ...]:
    """Images that a managed endpoint pulls, besides Azure's own."""
    images = [variant_image(endpoint, variant.image) for variant in endpoint.all_variants()]
    if endpoint.shadow:
        images.append(variant_image(endpoint, endpoint.shadow.image))
    pulled = [reference for reference in images if reference]
    if endpoint.server == "tensorflow" and len(pulled) < len(images):
        pulled.append(public_image(endpoint))
    return tuple(pulled)


def endpoint_hosts(endpoint: EndpointSpec, spec: PlatformSpec) -> tuple[str, ...]:
    """Public hosts that a managed endpoint's containers need, also while it waits for its first model.

    Azure takes half an hour to let a new host pass, and a release must not wait for that.
    """
    if endpoint.sleeps:
        return ()
    images = [
        reference for reference in pulled_images(endpoint) if image_host(reference) not in spec.registry.pull_through
    ]
    hosts = [name for reference in images for name in _HOSTS.get(image_host(reference), ())]
    if endpoint.server == "mlflow" and any(_no_code(endpoint, variant) for variant in endpoint.all_variants()):
        hosts += _PYTHON_HOSTS
    return tuple(dict.fromkeys(hosts))


def _no_code(endpoint: EndpointSpec, variant: VariantSpec) -> bool:
    return variant_image(endpoint, variant.image) is None
