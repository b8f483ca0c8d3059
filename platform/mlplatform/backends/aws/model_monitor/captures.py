"""Where SageMaker puts what an endpoint captured. Imports no SDK."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.aws.naming import CAPTURES, SAGEMAKER
from mlplatform.components.names import physical_name
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.monitored import watched_variant
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, endpoint: EndpointSpec) -> Sequence[str]:
    """The folder of the variant that is judged: answers of the others, and of a shadow, are in others.

    An endpoint that sleeps has one variant, which has another name there.
    """
    folder = f"{CAPTURES}/{physical_name(spec, endpoint.name, SAGEMAKER)}"
    live = watched_variant(endpoint)
    return (folder if endpoint.sleeps or live is None else f"{folder}/{live.name}",)
