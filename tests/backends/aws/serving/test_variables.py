"""Variables and secrets of an endpoint that are more than SageMaker or IAM takes."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import EndpointSpec
from mlplatform.backends.aws.backend import BACKEND
from mlplatform.backends.aws.foundation.policy import policy_document
from mlplatform.backends.aws.serving.limits import _SURELY_FIT  # pyright: ignore[reportPrivateUsage]
from mlplatform.backends.aws.serving.role import secret_statements
from mlplatform.backends.aws.serving.variable_problems import MOST_SECRETS, variable_problems

from ....planned import Planned, Refusals
from ..conftest import spec, target

_REFUSALS = Refusals(BACKEND, spec)
problems, refused = _REFUSALS.problems, _REFUSALS.refused


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", "image": IMAGE, **changes})


IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-ml-dev/serving:1"


def _secrets(count: int) -> dict[str, str]:
    return {f"SECRET_{number}": f"{'s' * 100}-{number:03}" for number in range(count)}


def test_more_variables_than_sagemaker_takes() -> None:
    many = {f"NAME_{number}": "value" for number in range(101)}
    refused("endpoints[0].env", "101 variables", "at most 100", endpoints=(endpoint(env=many),))
    assert not problems(endpoints=(endpoint(env=dict(list(many.items())[:100])),))
    long = {f"NAME_{number}": "v" * 1000 for number in range(40)}
    refused("endpoints[0].env", "32768 bytes", "a file", endpoints=(endpoint(env=long),))
    both = {f"S_{number}": f"s-{number}" for number in range(60)}
    refused(
        "endpoints[0].secrets", "110 variables", endpoints=(endpoint(env=dict(list(many.items())[:50]), secrets=both),)
    )


def test_more_secrets_than_a_role_takes() -> None:
    refused("endpoints[0].secrets", "60 secrets", "JSON object", endpoints=(endpoint(secrets=_secrets(60)),))


def test_the_most_secrets_fit_beside_all_other_rights_with_the_longest_names(
    planned: Callable[..., Planned],
) -> None:
    """The bound leaves room: what validation accepts, IAM takes."""
    most = max(
        count
        for count in range(1, 100)
        if len(str(policy_document(*secret_statements(_secrets(count).values(), target())))) <= MOST_SECRETS
    )
    plan = planned(
        name="customer-intelligenc",
        endpoints=(endpoint(name="e" * 24, secrets=_secrets(most), capture_percent=10, server="triton", image=None),),
    )
    used: dict[str, int] = {}
    for step in plan.all("RolePolicy"):
        used[str(step.inputs["role"])] = used.get(str(step.inputs["role"]), 0) + len(str(step.inputs["policy"]))
    assert max(used.values()) <= 10_240, used


def test_few_are_never_too_many() -> None:
    """Below the number from which they are counted, the longest names and values fit."""
    longest = {f"{'N' * 120}_{number:03}": "v" * 1024 for number in range(_SURELY_FIT)}
    assert not list(variable_problems("e", endpoint(env=longest), target(), BACKEND))
    names = {f"N_{number}": f"{'s' * 124}{number:03}" for number in range(_SURELY_FIT)}
    assert not list(variable_problems("e", endpoint(secrets=names), target(), BACKEND))
