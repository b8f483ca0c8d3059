"""Where Azure Machine Learning puts what an endpoint captured. Imports no SDK."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.azure.serving.capture_folders import CAPTURE_KINDS, capture_folder
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, endpoint: EndpointSpec) -> Sequence[str]:
    """The folders of requests and of answers of the model that has the traffic; a shadow's are others."""
    del spec
    return tuple(capture_folder(endpoint, kind) for kind in CAPTURE_KINDS)
