"""Limits of the registries on Azure. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def _immutable_tags(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.registry.immutable_tags:
        yield "registry.immutable_tags", "True"


def _scan(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.registry.scan_on_push and not target_of(spec, AzureTarget).defender_for_containers:
        yield "registry.scan_on_push", "True"


LIMITS: tuple[Limit, ...] = (
    Limit(
        field="registry.immutable_tags",
        support="unsupported",
        reason="a container registry can lock only single tags, after the push, by a call to its data plane",
        alternative="leave registry.immutable_tags out and deploy by digest, or lock tags in CI: "
        "az acr repository update --write-enabled false",
        violations=_immutable_tags,
    ),
    Limit(
        field="registry.scan_on_push",
        support="partial",
        reason="image scanning needs Defender for Containers to be enabled on the subscription",
        alternative="set defender_for_containers to true in the target, or leave registry.scan_on_push out",
        violations=_scan,
    ),
)


def problems(_: PlatformSpec, __: AzureTarget, ___: Backend) -> Iterator[Problem]:
    """No problems beyond the limits."""
    yield from ()
