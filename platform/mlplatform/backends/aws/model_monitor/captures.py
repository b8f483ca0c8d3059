"""Where SageMaker puts what an endpoint captured. Imports no SDK."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.aws.naming import CAPTURES, SAGEMAKER
from mlplatform.components.names import physical_name
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, endpoint: EndpointSpec) -> Sequence[str]:
    """The folder of the variant that has the traffic: answers of a shadow are in another one.

    An endpoint that sleeps has one variant, which has another name there.
    """
    folder = f"{CAPTURES}/{physical_name(spec, endpoint.name, SAGEMAKER)}"
    live = next((each.name for each in endpoint.all_variants() if each.traffic_percent), None)
    return (folder if endpoint.sleeps or live is None else f"{folder}/{live}",)
