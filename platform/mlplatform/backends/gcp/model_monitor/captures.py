"""Where the router on Cloud Run puts what an endpoint captured. Imports no SDK."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.components.envoy_capture import capture_folder
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, endpoint: EndpointSpec) -> Sequence[str]:
    """The folder of the endpoint: answers of a shadow are not captured."""
    del spec
    return (capture_folder(endpoint),)
