"""Problems of a target's people and members of teams. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LONGEST_TRUST = 2_048
"""Characters of a role's trust policy; AWS raises it on request,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11-30)"""

_SURELY_FITS = 1_500
"""Characters of principals with which no trust policy is too long; it is written to be measured only beyond them."""


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Principals that no trust policy of an IAM role can name."""
    named = {f"people.{role}": principals for role, principals in target.people.items()}
    named |= {f"members.{team}": principals for team, principals in target.members.items()}
    yield from _trust_problems(target, backend)
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


def _trust_problems(target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Roles with so many principals that their trust policy is too long."""
    named = [(f"people.{role}", principals) for role, principals in target.people.items()]
    named += [(f"members.{team}", principals) for team, principals in target.members.items()]
    for field, principals in named:
        if sum(len(principal) + 3 for principal in principals) <= _SURELY_FITS:
            continue
        from mlplatform.backends.aws.identity.trust import principals_trust

        size = len(principals_trust(target, principals))
        if size > LONGEST_TRUST:
            yield backend.refuse(
                f"targets[aws].{field}",
                f"{len(principals)} principals, {size} characters of a trust policy",
                f"at most {LONGEST_TRUST} characters, the most that IAM takes of a role's",
                "name one role that all of them may assume, or the SAML provider of your identity provider",
            )
