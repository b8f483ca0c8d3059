"""What is refused about the image of a job: its address, and what it was built for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.catalog.machine import Arch
from mlplatform.cluster.content import layer_images
from mlplatform.cluster.facts import AnyNodes, Hardware, LayerContext, PoolNodes
from mlplatform.cluster.images.address import parse_image
from mlplatform.cluster.images.mirror import image_mirror
from mlplatform.cluster.jobs.problem import JobProblem

_WORDS: dict[Hardware, tuple[str, ...]] = {
    "nvidia": ("cuda", "-cu11", "-cu12", "-cu13", "nvidia"),
    "amd": ("rocm",),
    "aws": ("neuron",),
}
"""Words in the addresses of images, by the maker of the devices that they are built for."""

_ARCH_WORDS: dict[Arch, tuple[str, ...]] = {"amd64": ("amd64", "x86_64", "x86-64"), "arm64": ("arm64", "aarch64")}
"""Words in the addresses of images that are built for one kind of processor."""

_NEURON_SDK = re.compile(r"sdk(\d+)\.(\d+)")
_NEURON_BREAK = (2, 33)
"""Version from which Neuron's images know Trainium2 and newer alone,
https://awsdocs-neuron.readthedocs-hosted.com/en/latest/release-notes/components/torchneuron.html"""

_NEURON_OLD = ("Trainium1", "Inferentia2")


def image_problems(layer: LayerContext, image: str) -> Iterator[JobProblem]:
    """An address that is none, a tag that moves, or a registry that the nodes do not reach."""
    try:
        address = parse_image(image)
    except ValueError:
        yield JobProblem(
            where="--image",
            got=f"'{image[:80]}'",
            expected="REGISTRY/REPOSITORY:TAG or …@sha256:DIGEST",
            fix="write the address that you pushed",
        )
        return
    if address.digest is None and address.tag == "latest":
        yield JobProblem(
            where="--image",
            got=f"'{image[:80]}'",
            expected="a tag that stays what it is, or a digest: after an interruption the job starts from it again",
            fix="write the version, or the digest that `docker push` printed",
        )
    own = discovery.backend(layer.spec.targets[0].cloud).own_images(layer.spec)
    hosts = sorted({each.partition("/")[0] for each in own})
    comes_through = image_mirror(layer.spec).way(address) == "cache" or address in layer_images(layer)
    if layer.spec.network.nat == "none" and hosts and address.host not in hosts and not comes_through:
        yield JobProblem(
            where="--image",
            got=f"'{image[:80]}' of {address.host}",
            expected=f"an image of {', '.join(hosts)}: the nodes reach no other registry, network.nat is 'none'",
            fix=f"push it to {own[0]}, or add the registry to registry.pull_through and pull through its cache",
        )


def unknown_devices(nodes: AnyNodes, image: str) -> Iterator[JobProblem]:
    """An image that was built for the devices of another maker, for none, or for another processor."""
    pool, address = nodes.pool, image.partition("@")[0].lower()
    for arch, words in _ARCH_WORDS.items():
        if arch != nodes.machine.arch and any(word in address for word in words):
            yield JobProblem(
                where="--image",
                got=f"'{image[:80]}', which is built for {arch}",
                expected=f"an image for {nodes.machine.arch}, the processors of the pool {pool.name}",
                fix="build it for this processor, or for both: `docker buildx build --platform`",
            )
    if not isinstance(nodes, PoolNodes):
        # the code of CUDA's and ROCm's builds runs without a device too
        return
    model = nodes.machine.accelerator.model
    own = any(word in address for word in _WORDS[model.vendor])
    other = [(vendor, word) for vendor, words in _WORDS.items() for word in words if word in address]
    if not own and other:
        yield JobProblem(
            where="--image",
            got=f"'{image[:80]}', which is built for '{other[0][1]}'",
            expected=f"an image for {model.name}, the accelerator of the pool {pool.name}",
            fix="build it for this accelerator, or choose another pool",
        )
    elif re.search(r"[:.-]cpu(\b|_|-|$)", address):
        yield JobProblem(
            where="--image",
            got=f"'{image[:80]}', a build for CPUs",
            expected=f"an image for {model.name}, the accelerator of the pool {pool.name}",
            fix="use the build for this accelerator: the GPUs would be paid and idle",
        )
    sdk = _NEURON_SDK.search(address) if model.name in _NEURON_OLD else None
    if sdk and (int(sdk[1]), int(sdk[2])) >= _NEURON_BREAK:
        yield JobProblem(
            where="--image",
            got=f"'{image[:80]}', of version {sdk[1]}.{sdk[2]} of Neuron",
            expected=f"a version before {_NEURON_BREAK[0]}.{_NEURON_BREAK[1]}: newer ones do not know {model.name}",
            fix="build from an image of version 2.31 or older, or choose a pool with Trainium2",
        )
