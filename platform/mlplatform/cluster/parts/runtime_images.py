"""The images of runtimes: which framework runs on which device, compute capability and processor, and who says so."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from mlplatform.catalog.machine import Arch
from mlplatform.cluster.facts import AnyNodes, Hardware
from mlplatform.fast.record import record

Framework = Literal["torch", "tensorflow"]
"""Frameworks that have runtimes of Kubeflow Trainer."""

FRAMEWORKS: tuple[Framework, ...] = get_args(Framework)


@record(kw_only=True)
class RuntimeImage:
    """An image, and the nodes whose devices it knows."""

    address: str
    """Its address with a tag."""

    hardware: tuple[Hardware, ...]
    """Makers of the devices that it has code for; `cpu` where it also runs without any."""

    least: tuple[int, int] = (0, 0)
    """Oldest compute capability of NVIDIA's devices."""

    most: tuple[int, int] | None = None
    """Newest compute capability; None where newer devices run the code of the newest that it has."""

    arches: tuple[Arch, ...] = ("amd64",)
    """Processors that it is built for."""

    source: str
    """Where its publisher says so."""

    as_of: date
    """The day on which that was read."""

    def knows(self, nodes: AnyNodes) -> bool:
        """Whether it has code for the devices and the processor of these nodes."""
        compute = nodes.compute
        return (
            nodes.hardware in self.hardware
            and nodes.machine.arch in self.arches
            and (compute is None or (self.least <= compute and (self.most is None or compute <= self.most)))
        )


RUNTIME_IMAGES: dict[Framework, tuple[RuntimeImage, ...]] = {
    "torch": (
        # the code of CUDA's builds is the same without a device: gloo joins the nodes
        RuntimeImage(
            address="docker.io/pytorch/pytorch:2.13.0-cuda13.0-cudnn9-runtime",
            hardware=("nvidia", "cpu"),
            least=(7, 5),
            source="https://github.com/pytorch/pytorch/blob/v2.13.0/.ci/manywheel/build_cuda.sh",
            as_of=date(2026, 11, 29),
        ),
        # CUDA 13 has no code for Volta
        RuntimeImage(
            address="docker.io/pytorch/pytorch:2.13.0-cuda12.6-cudnn9-runtime",
            hardware=("nvidia",),
            least=(5, 0),
            most=(9, 0),
            source="https://github.com/pytorch/pytorch/blob/v2.13.0/.ci/manywheel/build_cuda.sh",
            as_of=date(2026, 11, 29),
        ),
        RuntimeImage(
            address="nvcr.io/nvidia/pytorch:26.07-py3",
            hardware=("nvidia", "cpu"),
            least=(7, 5),
            arches=("arm64",),
            source="https://docs.nvidia.com/deeplearning/frameworks/support-matrix/index.html",
            as_of=date(2026, 11, 29),
        ),
        RuntimeImage(
            address="docker.io/rocm/pytorch:rocm7.2.4_ubuntu24.04_py3.12_pytorch_release_2.10.0",
            hardware=("amd",),
            source="https://rocm.docs.amd.com/projects/install-on-linux/en/latest/install/3rd-party/pytorch-install.html",
            as_of=date(2026, 11, 29),
        ),
        # for Trainium 1 to 3 and Inferentia2; images of Neuron 2.33 and newer know Trainium2 and 3 alone
        RuntimeImage(
            address="public.ecr.aws/neuron/pytorch-training-neuronx:2.9.0-neuronx-py312-sdk2.27.1-ubuntu24.04",
            hardware=("aws",),
            source="https://github.com/aws-neuron/deep-learning-containers/blob/main/README.md",
            as_of=date(2026, 11, 29),
        ),
    ),
    "tensorflow": (
        RuntimeImage(
            address="docker.io/tensorflow/tensorflow:2.20.0-gpu",
            hardware=("nvidia",),
            least=(6, 0),
            most=(9, 0),
            source="https://github.com/tensorflow/tensorflow/blob/v2.20.0/.bazelrc",
            as_of=date(2026, 11, 29),
        ),
        # the last of NVIDIA's own; it has code for Blackwell, which the framework's image lacks
        RuntimeImage(
            address="nvcr.io/nvidia/tensorflow:25.02-tf2-py3",
            hardware=("nvidia",),
            least=(7, 5),
            arches=("amd64", "arm64"),
            source="https://docs.nvidia.com/deeplearning/frameworks/support-matrix/index.html",
            as_of=date(2026, 11, 29),
        ),
        RuntimeImage(
            address="docker.io/tensorflow/tensorflow:2.20.0",
            hardware=("cpu",),
            source="https://hub.docker.com/r/tensorflow/tensorflow/tags",
            as_of=date(2026, 11, 29),
        ),
        RuntimeImage(
            address="docker.io/rocm/tensorflow:rocm7.2-py3.12-tf2.20-dev",
            hardware=("amd",),
            source="https://rocm.docs.amd.com/projects/install-on-linux/en/latest/install/3rd-party/tensorflow-install.html",
            as_of=date(2026, 11, 29),
        ),
    ),
}
"""Images of jobs that name none, by framework; the first that knows a pool's nodes is taken. Trainer's own runtimes of
2.3.0 have the first. TensorFlow for Neuron has no release for Trainium: there is no runtime."""


def runtime_image(framework: Framework, nodes: AnyNodes) -> RuntimeImage | None:
    """The image of a framework's runtime on a pool; None where no published image knows its devices."""
    return next((image for image in RUNTIME_IMAGES[framework] if image.knows(nodes)), None)
