"""SageMaker: an endpoint runs on a configuration, which can be deleted under it and may be the former one again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from mlplatform.testing.cloud.held import Held
from mlplatform.testing.cloud.rollouts.base import Move, Rollouts, There, text
from mlplatform.testing.cloud.rules.base import Error
from mlplatform.testing.cloud.wording import refusal

_ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
_CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
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
        known = set(_configurations(self.there()))
        for name in (wanted, running):
            if name and name not in known:
                raise refusal(_MISSING, held.token, held.name, held.id, name)
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


def _configurations(there: Iterable[Held]) -> Iterator[str]:
    for held in there:
        if held.token == _CONFIG:
            yield text(held.outputs.get("name")) or held.id
        elif held.token == _ANY and text(held.inputs.get("typeName")) == _ANY_CONFIG:
            yield text(json.loads(text(held.inputs.get("desiredState")) or "{}").get("EndpointConfigName"))


ROLLOUTS = AwsRollouts
