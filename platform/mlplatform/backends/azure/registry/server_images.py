"""Images that endpoints run, and the public hosts that serve them. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mlplatform.backends.azure.repositories import image_host
from mlplatform.components import model_servers
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.variants import VariantSpec

AZURE_CLI = "mcr.microsoft.com/azure-cli:2.89.1"
"""The image that fetches models, https://mcr.microsoft.com/artifact/mar/azure-cli/tags (2026-11)"""

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
    """The public image of an endpoint's server, as on every cloud, with the name of its registry.

    Raises:
        LookupError: none fits; validation refuses that first.
    """
    image = model_servers.server_image(endpoint, None)
    return image if image.startswith(f"{image_host(image)}/") else f"{image_host(image)}/{image}"


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
