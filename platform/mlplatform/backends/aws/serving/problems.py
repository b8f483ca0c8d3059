"""What AWS refuses in endpoints beyond the declared limits. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.network.limits import problem
from mlplatform.catalog.catalog import Choice
from mlplatform.components.backend import Backend
from mlplatform.components.problems import endpoint_cpu_problems, endpoint_machine
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def serving_problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """What AWS refuses in the endpoints beyond the declared limits."""
    target = spec.targets[0]
    for index, endpoint in enumerate(spec.endpoints):
        path = f"endpoints[{index}]"
        choice = endpoint_machine(backend, target, path, endpoint)
        if isinstance(choice, Problem):
            yield choice
        yield from _images(path, endpoint, choice)
        yield from _models(path, endpoint)
        yield from endpoint_cpu_problems(backend, target, path, endpoint)


def _images(path: str, endpoint: EndpointSpec, choice: Choice | Problem | None) -> Iterator[Problem]:
    if not isinstance(choice, Choice) or choice.machine.accelerator.model.vendor == "nvidia":
        return
    if endpoint.image or all(variant.image for variant in endpoint.all_variants()):
        return
    yield problem(
        f"{path}.image",
        "nothing",
        f"an image built for {choice.accelerator.name}: AWS's {endpoint.server} container is built for NVIDIA",
        "push an image with the Neuron SDK to the platform's `serving` repository and name it in image",
    )


def _models(path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    if endpoint.awaits_model or endpoint.image:
        return
    for index, variant in enumerate(endpoint.variants):
        if not variant.model and not variant.image:
            yield problem(
                f"{path}.variants[{index}].model",
                "nothing",
                "a model, or an image that brings one: SageMaker starts all variants of an endpoint together",
                f"name the model of {variant.name}, or take the variant out until there is one",
            )
