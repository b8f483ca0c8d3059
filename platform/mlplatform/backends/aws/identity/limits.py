"""Problems of a target's people and members of teams. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Principals that no trust policy of an IAM role can name."""
    named = {f"people.{role}": principals for role, principals in target.people.items()}
    named |= {f"members.{team}": principals for team, principals in target.members.items()}
    for field, principals in named.items():
        example = f"arn:{target.partition}:iam::{target.account_id}:role/sso-{field.partition('.')[2]}"
        for principal in principals:
            if not principal.startswith(f"arn:{target.partition}:iam::") or principal.endswith("*"):
                yield backend.refuse(
                    f"targets[aws].{field}",
                    principal,
                    "the ARN of an IAM role, user or SAML provider, without wildcards",
                    f"write for example {example}",
                )
