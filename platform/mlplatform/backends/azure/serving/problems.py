"""What Azure refuses in one endpoint, beyond the declared limits. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.network.limits import problem
from mlplatform.backends.azure.serving import servers
from mlplatform.components.backend import Backend
from mlplatform.components.problems import endpoint_cpu_problems, endpoint_machine
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def problems(spec: PlatformSpec, backend: Backend, path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    """Machines that are not offered, images that cannot be pulled, variants without a model."""
    yield from _machine(spec, backend, path, endpoint)
    yield from _variants(path, endpoint)
    if endpoint.replicas[0] == 0:
        yield from _sleeping(path, endpoint)
    else:
        yield from _images(path, endpoint)


def _machine(spec: PlatformSpec, backend: Backend, path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    target = spec.targets[0]
    if isinstance(refused := endpoint_machine(backend, target, path, endpoint), Problem):
        yield refused
    yield from endpoint_cpu_problems(backend, target, path, endpoint)


def _variants(path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    if endpoint.awaits_model or endpoint.server == "custom":
        return
    for index, variant in enumerate(endpoint.variants):
        if variant.traffic_percent and not variant.model:
            yield problem(
                f"{path}.variants[{index}].model",
                "nothing",
                "a model: traffic only goes to what is deployed",
                "name a model, or give the variant's traffic_percent to the others",
            )


def _images(path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    if endpoint.awaits_model:
        return
    for image in servers.serving_images(endpoint):
        if not servers.known_host(image):
            yield problem(
                f"{path}.image",
                image,
                "an image of the platform's registry, or of Docker Hub, ghcr.io, quay.io, nvcr.io or "
                "mcr.microsoft.com: the endpoint's network reaches no other host",
                "push the image to the platform's `serving` repository",
            )


def _sleeping(path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    for name, secret in endpoint.secrets.items():
        if secret.endswith("-"):
            yield problem(
                f"{path}.secrets.{name}", secret, "a name that ends in a letter or digit", "rename the secret"
            )
