"""SageMaker: endpoints run on configurations, which can be deleted in use; after a rollback, on the former one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rollouts.base import AllHeld, CloudRollouts, Move, UndoneMove, as_text
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.providers.wire import as_list, plain_value, value_at_path

_ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
_CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_TARGET = "aws:appautoscaling/target:Target"
_ANY = "aws:cloudcontrol/resource:Resource"
_ANY_CONFIG = "AWS::SageMaker::EndpointConfig"
_CONFIG_NAME = "endpointConfigName"
_MODEL = "aws:sagemaker/model:Model"

_MISSING = CloudError(
    "ValidationException",
    'Could not find endpoint configuration "{user}".',
    # DeleteEndpointConfig itself refuses nothing, it only says that one must not:
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
    "https://github.com/hashicorp/terraform-provider-aws/issues/48997",
    "SageMaker needs the endpoint's present configuration for every update; after a rollback that is the former one, "
    "which Pulumi has replaced and deleted: keep configurations (retain_on_delete)",
)

_SCALED = CloudError(
    "ValidationException",
    "The instance type of variant '{user}' cannot be updated while it is registered as a scalable target.",
    "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html",
    "deregister it before the update (aws application-autoscaling deregister-scalable-target): if the state is "
    "refreshed, the same `up` registers it again",
)
_VARIANTS = CloudError(
    "ValidationException",
    "The variants of the new endpoint configuration ({user}) must have the names of those that the endpoint runs.",
    # the page has the condition; the service's own words for it are not documented
    "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html",
    "a guarded rollout can neither add, remove nor rename a variant: make a second endpoint with the new variants, "
    "move the callers, and remove the first one",
)


class SageMakerRollouts(CloudRollouts):
    """The configuration of each endpoint, and the former one."""

    within_update = True

    def __init__(self, all_held: AllHeld) -> None:
        super().__init__(all_held)
        self._running: dict[str, str] = {}
        self._former: dict[str, str] = {}

    def copy(self) -> SageMakerRollouts:
        """A copy with the same rollouts."""
        other = SageMakerRollouts(self.all_held)
        other._running, other._former = dict(self._running), dict(self._former)
        other.alarmed = self.alarmed
        return other

    def apply(self, held: Held) -> None:
        """An endpoint needs its new configuration, and in an update the present one too."""
        target, running = as_text(held.inputs.get(_CONFIG_NAME)), self._running.get(held.id, "")
        if held.token != _ENDPOINT or target == running:
            return
        machines = dict(_configurations(self.all_held()))
        for name in (target, running):
            if name and name not in machines:
                raise word_refusal(_MISSING, held.token, held.name, held.id, name)
        before, after = machines.get(running, {}), machines[target]
        if running and before.keys() != after.keys():
            raise word_refusal(_VARIANTS, held.token, held.name, held.id, ", ".join(sorted(after)))
        for variant in sorted(before.keys() & after.keys() & set(_scaled_variants(self.all_held(), held.id))):
            if before[variant] != after[variant]:
                raise word_refusal(_SCALED, held.token, held.name, held.id, variant)
        if running and self.alarmed:
            return
        self._running[held.id] = target
        if running:
            self._former[held.id] = running

    def runs(self, held: Held) -> tuple[str, object] | None:
        """The configuration that an endpoint runs, which is the former one after a rollback within the update."""
        running = self._running.get(held.id)
        asked = as_text(held.inputs.get(_CONFIG_NAME))
        return (_CONFIG_NAME, running) if held.token == _ENDPOINT and running and running != asked else None

    def broken(self) -> list[UndoneMove]:
        """Endpoints that run a configuration without its models: they start no other instance.

        https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteModel.html
        """
        models = {as_text(held.outputs.get("name")) or held.id for held in self.all_held() if held.token == _MODEL}
        served = dict(_models(self.all_held()))
        return [
            UndoneMove(f"{endpoint} ({_ENDPOINT})", f"runs model {name}, which is deleted")
            for endpoint, running in sorted(self._running.items())
            for name in served.get(running, ())
            if name not in models
        ]

    def remove(self, held: Held) -> None:
        """Forget the configurations of a deleted endpoint."""
        if held.token == _ENDPOINT:
            self._running.pop(held.id, None)
            self._former.pop(held.id, None)

    def roll_out(self) -> list[Move]:
        """UpdateEndpoint has waited for the end already; afterwards there is no rollback."""
        self._former.clear()
        return []

    def roll_back(self) -> list[Move]:
        """SageMaker returns to the former configuration, and the provider reports success nevertheless.

        https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
        """
        back = [(held, self._former[held.id]) for held in self.all_held() if held.id in self._former]
        self._running |= self._former
        self._former.clear()
        # the program decides what runs next
        return [Move(held, _CONFIG_NAME, name, owned=False) for held, name in back]


def _configurations(all_held: Iterable[Held]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The name of every configuration, with the machine of each of its variants."""
    for held in all_held:
        if held.token == _CONFIG:
            variants = as_list(plain_value(held.inputs.get("productionVariants"))) or ()
            machines = {
                as_text(value_at_path(variant, "variantName")): as_text(value_at_path(variant, "instanceType"))
                for variant in variants
            }
            yield as_text(held.outputs.get("name")) or held.id, machines
        elif held.token == _ANY and as_text(held.inputs.get("typeName")) == _ANY_CONFIG:
            # scaling applies to components there, not to variants
            yield (
                as_text(json.loads(as_text(held.inputs.get("desiredState")) or "{}").get("EndpointConfigName")),
                {},
            )


def _models(all_held: Iterable[Held]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The name of every configuration of plain variants, with its models."""
    for held in all_held:
        if held.token == _CONFIG:
            lists = (held.inputs.get("productionVariants"), held.inputs.get("shadowProductionVariants"))
            variants = [item for given in lists for item in as_list(plain_value(given)) or ()]
            yield (
                as_text(held.outputs.get("name")) or held.id,
                tuple(as_text(value_at_path(item, "modelName")) for item in variants),
            )


def _scaled_variants(all_held: Iterable[Held], endpoint: str) -> Iterator[str]:
    """Variants of an endpoint that are registered with Application Auto Scaling."""
    for held in all_held:
        kind, _, rest = as_text(held.inputs.get("resourceId")).partition("/") if held.token == _TARGET else ("", "", "")
        name, _, variant = rest.partition("/variant/")
        if (kind, name) == ("endpoint", endpoint):
            yield variant


ROLLOUTS = SageMakerRollouts
