"""A rollout that SageMaker takes back, which the provider reports as a success."""

from __future__ import annotations

import pulumi
from pulumi_aws import sagemaker


class RolloutTakenBack(Exception):
    """The endpoint runs another configuration than the program asked for."""


def refuse_taken_back(endpoint: sagemaker.Endpoint, wanted: pulumi.Output[str]) -> pulumi.Output[str]:
    """The endpoint's name, once it runs the configuration that it should.

    If an alarm fires during a rollout, SageMaker returns to the former configuration and the update ends well:
    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
    Pulumi would then delete the former model, which serves: an endpoint without its model starts no other instance. An
    error in the program ends the run before anything is deleted.

    Raises:
        RolloutTakenBack: when the outputs are resolved; it ends the run.
    """
    return pulumi.Output.all(endpoint.name, wanted, endpoint.endpoint_config_name).apply(_checked)


def _checked(values: list[str]) -> str:
    name, wanted, running = values
    if running != wanted:
        raise RolloutTakenBack(
            f"endpoint {name} runs configuration {running}, not {wanted}: SageMaker took the rollout back, because an "
            "alarm fired or the new instances did not start. The former model serves, and nothing of it is deleted. "
            "See the endpoint's alarms and logs; then return to the former model in the spec, or name a better one"
        )
    return name
