"""SageMaker: an endpoint runs on a configuration, which can be deleted under it and may be the former one again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.rollouts.base import Move, Rollouts, There, text
from mlplatform.mock_cloud.rules.base import Error
from mlplatform.mock_cloud.wording import refusal
from mlplatform.providers.wire import as_list, bare, within

_ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
_CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_TARGET = "aws:appautoscaling/target:Target"
_ANY = "aws:cloudcontrol/resource:Resource"
_ANY_CONFIG = "AWS::SageMaker::EndpointConfig"
_WHICH = "endpointConfigName"

_MISSING = Error(
    "ValidationException",
    'Could not find endpoint configuration "{user}".',
    # DeleteEndpointConfig itself refuses nothing, it only says that one must not:
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
    "https://github.com/hashicorp/terraform-provider-aws/issues/48997",
    "SageMaker needs the configuration that the endpoint runs on for every update; after a rollback that is the former "
    "one, which Pulumi took for replaced and deleted: keep configurations (retain_on_delete)",
)

_SCALED = Error(
    "ValidationException",
    "The instance type of variant '{user}' cannot be updated while it is registered as a scalable target.",
    "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html",
    "deregister it before the update (aws application-autoscaling deregister-scalable-target): where the state is "
    "refreshed, the same `up` registers it again",
)


class AwsRollouts(Rollouts):
    """Which configuration each endpoint runs on, and ran on before."""

    def __init__(self, there: There) -> None:
        super().__init__(there)
        self._running: dict[str, str] = {}
        self._former: dict[str, str] = {}

    def copy(self) -> AwsRollouts:
        """Another one that knows the same."""
        other = AwsRollouts(self.there)
        other._running, other._former = dict(self._running), dict(self._former)
        return other

    def put(self, held: Held) -> None:
        """An endpoint asks for its new configuration, and in an update for the one that it runs on."""
        wanted, running = text(held.inputs.get(_WHICH)), self._running.get(held.id, "")
        if held.token != _ENDPOINT or wanted == running:
            return
        machines = dict(_configurations(self.there()))
        for name in (wanted, running):
            if name and name not in machines:
                raise refusal(_MISSING, held.token, held.name, held.id, name)
        before, after = machines.get(running, {}), machines[wanted]
        for variant in sorted(before.keys() & after.keys() & set(_scaled(self.there(), held.id))):
            if before[variant] != after[variant]:
                raise refusal(_SCALED, held.token, held.name, held.id, variant)
        self._running[held.id] = wanted
        if running:
            self._former[held.id] = running

    def gone(self, held: Held) -> None:
        """Nothing runs, and there is nothing to go back to."""
        if held.token == _ENDPOINT:
            self._running.pop(held.id, None)
            self._former.pop(held.id, None)

    def roll_out(self) -> list[Move]:
        """UpdateEndpoint has waited for the end already; from here on there is nothing to go back to."""
        self._former.clear()
        return []

    def take_back(self) -> list[Move]:
        """SageMaker goes back to the former configuration, and the provider reports success all the same.

        https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
        """
        back = [(held, self._former[held.id]) for held in self.there() if held.id in self._former]
        self._running |= self._former
        self._former.clear()
        # it is the program that says what is to run next
        return [Move(held, _WHICH, name, owned=False) for held, name in back]


def _configurations(there: Iterable[Held]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every configuration's name, with the machine of each of its variants."""
    for held in there:
        if held.token == _CONFIG:
            variants = as_list(bare(held.inputs.get("productionVariants"))) or ()
            machines = {text(within(one, "variantName")): text(within(one, "instanceType")) for one in variants}
            yield text(held.outputs.get("name")) or held.id, machines
        elif held.token == _ANY and text(held.inputs.get("typeName")) == _ANY_CONFIG:
            # what is scaled there are components, not variants
            yield text(json.loads(text(held.inputs.get("desiredState")) or "{}").get("EndpointConfigName")), {}


def _scaled(there: Iterable[Held], endpoint: str) -> Iterator[str]:
    """Variants of an endpoint that Application Auto Scaling knows."""
    for held in there:
        kind, _, rest = text(held.inputs.get("resourceId")).partition("/") if held.token == _TARGET else ("", "", "")
        name, _, variant = rest.partition("/variant/")
        if (kind, name) == ("endpoint", endpoint):
            yield variant


ROLLOUTS = AwsRollouts
