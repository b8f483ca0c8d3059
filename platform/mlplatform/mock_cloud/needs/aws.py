"""SageMaker: the files and image of a model, and the secrets that its container reads when it starts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.needs.base import CloudNeeds, Need, Serving
from mlplatform.mock_cloud.rollouts.base import as_text
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.providers.accounts import Account
from mlplatform.providers.wire import as_list, as_object, plain_value, value_at_path

_MODEL = "aws:sagemaker/model:Model"
_ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
_CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_ANY = "aws:cloudcontrol/resource:Resource"
_CACHE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"
_COMPONENT = "AWS::SageMaker::InferenceComponent"
_SECRET = re.compile(r"^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:(\S+)$")

_NO_FILES = CloudError(
    "ValidationException",
    "Could not find model data at {user}.",
    "https://github.com/aws/amazon-sagemaker-examples/issues/4479",
    "the bucket holds nothing there yet: release the model first (`mlplatform promote`)",
)
_NO_IMAGE = CloudError(
    "ValidationException",
    "Requested image {user} not found.",
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html",
    "nobody has pushed it yet: push it, and release it by its digest (`mlplatform promote`)",
)
_NO_SECRET = CloudError(
    "Failed",
    "The primary container for production variant main did not pass the ping health check: it found no value of secret "
    "{user}.",
    "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html",
    "put the secret into Secrets Manager before the release",
)


class SageMakerNeeds(CloudNeeds):
    """What models and endpoints need."""

    def of(self, held: Held, every: Iterable[Held]) -> Iterator[Need]:
        """Files and image when a model is created, secrets when an endpoint starts its containers."""
        everything = tuple(every)
        if held.token == _MODEL:
            yield from _files_and_image(held, everything, self.account)
        elif held.token == _ENDPOINT:
            for model in _models(held, everything):
                yield from _secrets(model)
        elif (state := _component(held)) is not None:
            for model in _named(everything, as_text(value_at_path(state, "Specification.ModelName"))):
                yield from _secrets(model)

    def serving(self, endpoint: str, every: Iterable[Held]) -> tuple[Serving, ...]:
        """The models of an endpoint's configuration, or of its component."""
        everything = tuple(every)
        found = [held for held in everything if held.token == _ENDPOINT and held.outputs.get("name") == endpoint]
        models = [model for held in found for model in _models(held, everything)]
        for held in everything if found else ():
            state = _component(held)
            if state is not None and as_text(state.get("EndpointName")) == endpoint:
                models += _named(everything, as_text(value_at_path(state, "Specification.ModelName")))
        return tuple(
            Serving(_address(model), (*_files_and_image(model, everything, self.account), *_secrets(model)))
            for model in models
        )


def _models(endpoint: Held, everything: Iterable[Held]) -> list[Held]:
    """The models of an endpoint of plain variants."""
    name = as_text(endpoint.inputs.get("endpointConfigName"))
    found: list[Held] = []
    for held in everything:
        if held.token == _CONFIG and as_text(held.outputs.get("name")) == name:
            for key in ("productionVariants", "shadowProductionVariants"):
                for variant in as_list(plain_value(held.inputs.get(key))) or ():
                    found += _named(everything, as_text(value_at_path(variant, "modelName")))
    return found


def _named(everything: Iterable[Held], name: str) -> list[Held]:
    return [held for held in everything if held.token == _MODEL and as_text(held.outputs.get("name")) == name]


def _component(held: Held) -> dict[str, object] | None:
    """The state of an inference component; None for any other resource."""
    if held.token != _ANY or as_text(held.inputs.get("typeName")) != _COMPONENT:
        return None
    return json.loads(as_text(held.inputs.get("desiredState")) or "{}")


def _address(model: Held) -> str:
    return as_text(value_at_path(plain_value(model.inputs), "primaryContainer.modelDataSource.s3DataSources.0.s3Uri"))


def _files_and_image(model: Held, everything: Iterable[Held], account: Account) -> Iterator[Need]:
    if address := _address(model):
        yield Need("object", address, _NO_FILES)
    image = as_text(value_at_path(plain_value(model.inputs), "primaryContainer.image"))
    host, _, path = image.partition("/")
    caches = [as_text(held.inputs.get("ecrRepositoryPrefix")) for held in everything if held.token == _CACHE]
    # what a cache mirrors is in its upstream
    cached = any(path.startswith(f"{prefix}/") for prefix in caches if prefix)
    if host.startswith(f"{account.account}.dkr.ecr.") and not cached:
        yield Need("image", image, _NO_IMAGE)


def _secrets(model: Held) -> Iterator[Need]:
    variables = as_object(value_at_path(plain_value(model.inputs), "primaryContainer.environment")) or {}
    for value in variables.values():
        if found := _SECRET.match(as_text(value)):
            yield Need("secret", found[1], _NO_SECRET)


NEEDS = SageMakerNeeds
