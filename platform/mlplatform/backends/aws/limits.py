"""What AWS cannot do, and what it refuses in a spec. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.backends.aws.network.limits import network_problems
from mlplatform.backends.aws.serving.limits import SERVING_LIMITS
from mlplatform.backends.aws.serving.problems import serving_problems
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.training.limits import training_problems
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.problems import replica_problems, target_problems
from mlplatform.spec.artifact_store import PLACES, Place
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def _legal_hold(place: Place) -> Callable[[PlatformSpec], Iterator[tuple[str, str]]]:
    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        if spec.artifact_store.place(place).legal_hold:
            yield f"artifact_store.{place}.legal_hold", "True"

    return violations


_STORE_LIMITS = tuple(
    Limit(
        field=f"artifact_store.{place}.legal_hold",
        support="unsupported",
        reason="S3 holds single object versions, each by a call of its own; no bucket-wide legal hold exists",
        alternative=f"set artifact_store.{place}.worm, or hold the objects with S3 Batch Operations",
        violations=_legal_hold(place),
    )
    for place in PLACES
)

LIMITS: tuple[Limit, ...] = (*_STORE_LIMITS, *SERVING_LIMITS)


def check(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Everything AWS refuses in a spec already narrowed to it."""
    target = spec.targets[0]
    if not isinstance(target, AwsTarget):
        raise TypeError(f"expected an AwsTarget, got {type(target).__name__}")
    catalog = backend.catalog
    yield from target_problems(backend, target)
    if not catalog.is_region(target.region):
        return
    yield from network_problems(spec, target, catalog)
    yield from training_problems(spec, target, backend)
    yield from serving_problems(spec, backend)
    yield from replica_problems(backend, spec, target)
    yield from _versions(spec)
    yield from _people(target)


def _versions(spec: PlatformSpec) -> Iterator[Problem]:
    store = spec.artifact_store
    for place in store.places():
        needs = "worm" if place.worm else "replication" if store.replicated else None
        if needs and not place.versioned:
            yield Problem(
                path=f"artifact_store.{place.place}.versioned",
                got="False",
                expected=f"true: S3 wants versioning for {needs}",
                fix=f"set artifact_store.{place.place}.versioned to true",
                cloud="aws",
            )


def _people(target: AwsTarget) -> Iterator[Problem]:
    for role, principals in target.people.items():
        for principal in principals:
            if not principal.startswith(f"arn:{target.partition}:iam::") or principal.endswith("*"):
                yield Problem(
                    path=f"targets[aws].people.{role}",
                    got=principal,
                    expected="the ARN of an IAM role, user or SAML provider, without wildcards",
                    fix=f"write for example arn:{target.partition}:iam::{target.account_id}:role/sso-{role}",
                    cloud="aws",
                )
