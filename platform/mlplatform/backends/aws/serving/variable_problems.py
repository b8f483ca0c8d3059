"""Variables and secrets of an endpoint that are more than SageMaker or IAM takes."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.foundation.policy import policy_document
from mlplatform.backends.aws.serving.role import secret_statements
from mlplatform.backends.aws.serving.servers import container_environment
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.problem import Problem

MOST_VARIABLES, MOST_BYTES = 100, 32 * 1024
"""Entries of a container's environment, and bytes of all names and values,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (2026-11-30)"""

MOST_SECRETS = 4_500
"""Characters of the right to read an endpoint's secrets. IAM takes 10,240 of all inline policies of a role, of which
rights of an endpoint besides, with the longest names, need the rest,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11-30)"""


def variable_problems(path: str, endpoint: EndpointSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """More variables than a container of SageMaker has, and more secrets than a role may name.

    Args:
        path: of the endpoint.
        endpoint: the endpoint, managed or on the cluster.
        target: its target.
        backend: this cloud.
    """
    if endpoint.on == "managed":
        variables = container_environment(endpoint, target)
        size = sum(len(name.encode()) + len(value.encode()) for name, value in variables.items())
        field = "secrets" if len(endpoint.secrets) > len(endpoint.env) else "env"
        if len(variables) > MOST_VARIABLES or size > MOST_BYTES:
            yield backend.refuse(
                f"{path}.{field}",
                f"{len(variables)} variables of {size} bytes, those of secrets and of the server among them",
                f"at most {MOST_VARIABLES} variables of {MOST_BYTES} bytes together, the most that SageMaker takes",
                "put them into a file beside the model, or several secrets into one with a JSON object",
            )
    size = len(str(policy_document(*secret_statements(endpoint.secrets.values(), target))))
    if size > MOST_SECRETS:
        yield backend.refuse(
            f"{path}.secrets",
            f"{len(endpoint.secrets)} secrets, whose right has {size} characters",
            f"at most {MOST_SECRETS} characters: IAM takes 10240 of all rights of a role",
            "put several secrets into one with a JSON object, or give them shorter names",
        )
