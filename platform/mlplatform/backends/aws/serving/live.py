"""What answers an endpoint of SageMaker. Read only; imports no SDK.

SageMaker says nothing about a rollout that it took back: the endpoint is in service, with the former configuration. The
model that was to serve is still there, because the run that made it failed and nothing deletes it before a run ends
well.
https://docs.aws.amazon.com/cli/latest/reference/sagemaker/describe-endpoint.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform.backends.aws.naming import SAGEMAKER
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.live_traffic import (
    Ask,
    LiveEndpoint,
    NotAnswered,
    TrafficState,
    fields_of,
    items_of,
    text_of,
)
from mlplatform.components.names import hashed_name, physical_name
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

_STATES: dict[str, TrafficState] = {
    "InService": "steady",
    "Creating": "moving",
    "Updating": "moving",
    "SystemUpdating": "moving",
    "RollingBack": "moving",
}


def build(spec: PlatformSpec, endpoint: EndpointSpec, ask: Ask) -> LiveEndpoint:
    """Ask SageMaker about one endpoint.

    Raises:
        NotAnswered: there is no endpoint, or it failed.
    """
    asks = _Sage(typed_target(spec.targets[0], AwsTarget).region, ask)
    name = physical_name(spec, endpoint.name, SAGEMAKER)
    if endpoint.sleeps:
        component = asks.about("inference-component", name)
        state = _state(name, text_of(component, "InferenceComponentStatus"))
        served = {endpoint.all_variants()[0].name: (text_of(component, "Specification", "ModelName"),)}
    else:
        found = asks.about("endpoint", name)
        state = _state(name, text_of(found, "EndpointStatus"))
        config = asks.about("endpoint-config", text_of(found, "EndpointConfigName"))
        served = {
            text_of(each, "VariantName"): (text_of(each, "ModelName"),)
            for key in ("ProductionVariants", "ShadowProductionVariants")
            for each in items_of(config.get(key))
        }
    live = {model for models in served.values() for model in models}
    variants = [each.name for each in endpoint.all_variants()] + ([endpoint.shadow.name] if endpoint.shadow else [])
    return LiveEndpoint(
        state=state,
        serving={role: tuple(asks.about("model", model) for model in models) for role, models in served.items()},
        tried={
            role: tuple(asks.others(hashed_name(spec, f"{endpoint.name}-{role}", "", SAGEMAKER), live))
            for role in variants
        },
    )


def _state(name: str, status: str) -> TrafficState:
    if status not in _STATES:
        raise NotAnswered(f"{name} is {status or 'without a status'}")
    return _STATES[status]


class _Sage:
    """The commands of SageMaker in one region."""

    def __init__(self, region: str, ask: Ask) -> None:
        self._end = ("--region", region, "--output", "json")
        self._ask = ask

    def about(self, kind: str, name: str) -> Mapping[str, object]:
        """One thing's description."""
        if not name:
            raise NotAnswered(f"an answer without the name of its {kind}")
        found = fields_of(self._ask(("aws", "sagemaker", f"describe-{kind}", f"--{kind}-name", name, *self._end)))
        if not found:
            raise NotAnswered(f"nothing is said of {kind} {name}")
        return found

    def others(self, like: str, live: set[str]) -> Iterator[object]:
        """The models whose names begin like one, and that answer nobody."""
        begin = like.rpartition("-")[0]
        found = fields_of(self._ask(("aws", "sagemaker", "list-models", "--name-contains", begin, *self._end)))
        for each in items_of(found.get("Models")):
            name = text_of(each, "ModelName")
            if name.rpartition("-")[0] == begin and name not in live:
                yield self.about("model", name)
