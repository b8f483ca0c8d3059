"""Where Azure Machine Learning puts what an endpoint captured. Imports no SDK."""

from __future__ import annotations

from typing import Literal

from mlplatform.spec.endpoints import EndpointSpec

CaptureKind = Literal["request", "response"]

CAPTURE_KINDS: tuple[CaptureKind, ...] = ("request", "response")
"""Azure's names of a container's payload logs,
https://learn.microsoft.com/azure/machine-learning/how-to-collect-production-data"""


def capture_folder(endpoint: EndpointSpec, kind: CaptureKind, *, shadow: bool = False) -> str:
    """Folder of the store's `monitoring` place; year, month, day and hour follow, by hour.

    A shadow gets copies of the same requests, and answers them as another model: in one folder with those of the model
    that serves, nobody could tell them apart.

    Args:
        endpoint: the endpoint.
        kind: what was captured.
        shadow: whether a shadow's.
    """
    return f"capture/{endpoint.name}/{'shadow/' if shadow else ''}{kind}"
