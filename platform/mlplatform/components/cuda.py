"""GPUs that the CUDA code in a server's public image does not run on. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.catalog.accelerator import AcceleratorModel
from mlplatform.catalog.catalog import Choice
from mlplatform.components.backend import Backend
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.problem import Problem


@record()
class CudaCode:
    """The GPUs for which an image has code."""

    least: tuple[int, int]
    """Oldest compute capability."""

    most: tuple[int, int] | None
    """Newest compute capability; None where the image was made after every GPU in the catalogue, or translates its code
    at its start."""

    source: str
    """Where its publisher says so."""

    def runs_on(self, model: AcceleratorModel) -> bool:
        """Whether the image has code for a GPU; other makers' devices are not its matter."""
        compute = model.compute
        return compute is None or (self.least <= compute and (self.most is None or compute <= self.most))


def cuda_problems(
    backend: Backend, path: str, endpoint: EndpointSpec, choice: Choice | Problem | None, code: CudaCode | None
) -> Iterator[Problem]:
    """A GPU for which the server's public image has no code: the server starts, and its first request fails.

    Args:
        backend: the cloud.
        path: the endpoint's path.
        endpoint: the endpoint.
        choice: its GPU machine.
        code: the GPUs of the public image of its server; None where they are not known, or it has none.
    """
    own = endpoint.image or all(variant.image for variant in endpoint.all_variants())
    if code is None or own or not isinstance(choice, Choice) or code.runs_on(choice.accelerator.model):
        return
    known = f"{_text(code.least)} to {_text(code.most)}" if code.most else f"{_text(code.least)} or newer"
    yield backend.refuse(
        f"{path}.accelerator",
        f"{choice.accelerator.name}, of compute capability {_text(choice.accelerator.model.compute)}",
        f"a GPU that the public {endpoint.server} image has code for, of compute capability {known} ({code.source})",
        "choose another accelerator, or name an image that is built for this one in image",
    )


def _text(compute: tuple[int, int] | None) -> str:
    return ".".join(map(str, compute or ()))
