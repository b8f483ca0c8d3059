"""What Azure cannot do, and what it refuses in a spec. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.backends.azure.identity.limits import people_problems
from mlplatform.backends.azure.network.limits import NETWORK_LIMITS, network_problems
from mlplatform.backends.azure.serving.limits import SERVING_LIMITS, serving_problems
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.training.limits import TRAINING_LIMITS, training_problems
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.problems import replica_problems, target_problems
from mlplatform.spec.artifact_store import PLACES, Place
from mlplatform.spec.monitoring import SEVERITIES, EmailRoute, PagerDutyRoute, SlackRoute, WebhookRoute
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

Violations = Callable[[PlatformSpec], Iterator[tuple[str, str]]]


def azure_target(spec: PlatformSpec) -> AzureTarget:
    """The target of a spec that is already narrowed to Azure."""
    target = spec.targets[0]
    if not isinstance(target, AzureTarget):
        raise TypeError(f"expected an AzureTarget, got {type(target).__name__}")
    return target


def _locked(place: Place) -> Violations:
    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        worm = spec.artifact_store.place(place).worm
        if worm and worm.locked:
            yield f"artifact_store.{place}.worm.locked", "True"

    return violations


def _held(place: Place) -> Violations:
    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        resolved = spec.artifact_store.place(place)
        if resolved.worm and resolved.legal_hold:
            yield f"artifact_store.{place}.legal_hold", "True"

    return violations


def _immutable_tags(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.registry.immutable_tags:
        yield "registry.immutable_tags", "True"


def _scan(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.registry.scan_on_push and not azure_target(spec).defender_for_containers:
        yield "registry.scan_on_push", "True"


_STORE_LIMITS = tuple(
    limit
    for place in PLACES
    for limit in (
        Limit(
            field=f"artifact_store.{place}.worm.locked",
            support="unsupported",
            reason="Azure creates retention policies unlocked; locking is a separate and final act",
            alternative=f"leave artifact_store.{place}.worm.locked false, and lock after the first `up`: "
            "az storage account update --immutability-state Locked --immutability-period <days> -n <account>",
            violations=_locked(place),
        ),
        Limit(
            field=f"artifact_store.{place}.legal_hold",
            support="partial",
            reason="a container whose versions have their own retention takes no legal hold of its own",
            alternative=f"set either artifact_store.{place}.worm or artifact_store.{place}.legal_hold",
            violations=_held(place),
        ),
    )
)

_REGISTRY_LIMITS = (
    Limit(
        field="registry.immutable_tags",
        support="unsupported",
        reason="a container registry locks single tags, after the push, by a call to its data plane",
        alternative="leave registry.immutable_tags out and deploy by digest, or lock tags in CI: "
        "az acr repository update --write-enabled false",
        violations=_immutable_tags,
    ),
    Limit(
        field="registry.scan_on_push",
        support="partial",
        reason="images are scanned by Defender for Containers, which a subscription has or has not",
        alternative="set defender_for_containers=True in the AzureTarget, or leave registry.scan_on_push out",
        violations=_scan,
    ),
)


def _any_team(_: PlatformSpec) -> Iterator[tuple[str, str]]:
    yield from ()


_ROUTE_LIMITS = (
    Limit(
        field="monitoring.routes.team_id",
        support="partial",
        reason="a bot token belongs to one Slack workspace, and Slack takes the workspace from it",
        alternative="keep the token of that workspace under monitoring.routes.token_secret",
        violations=_any_team,
    ),
)

LIMITS: tuple[Limit, ...] = (
    *NETWORK_LIMITS,
    *_STORE_LIMITS,
    *TRAINING_LIMITS,
    *_REGISTRY_LIMITS,
    *SERVING_LIMITS,
    *_ROUTE_LIMITS,
)
"""Fields that Azure cannot honour, or only in part."""


def check(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Everything else that Azure refuses in a spec already narrowed to it."""
    target, catalog = azure_target(spec), backend.catalog
    yield from target_problems(backend, target, "location")
    if not catalog.is_region(target.location):
        return
    yield from network_problems(spec, target, catalog)
    yield from training_problems(spec, target, backend)
    yield from serving_problems(spec, backend)
    yield from replica_problems(backend, spec, target)
    yield from _versions(spec)
    yield from people_problems(target)
    yield from _routes(spec)


def _versions(spec: PlatformSpec) -> Iterator[Problem]:
    store = spec.artifact_store
    for place in store.places():
        if place.worm and not place.versioned:
            yield Problem(
                path=f"artifact_store.{place.place}.versioned",
                got="False",
                expected="true: write-once storage keeps every version",
                fix=f"set artifact_store.{place.place}.versioned to true",
                cloud="azure",
            )


def _routes(spec: PlatformSpec) -> Iterator[Problem]:
    """Receivers of one action group must have different names."""
    for severity in SEVERITIES:
        seen: set[str] = set()
        for index, route in enumerate(spec.monitoring.routes):
            if severity not in route.severities:
                continue
            match route:
                case EmailRoute():
                    name = route.address
                case SlackRoute():
                    name = route.channel
                case WebhookRoute() | PagerDutyRoute():
                    name = route.name
            if name in seen:
                yield Problem(
                    path=f"monitoring.routes[{index}]",
                    got=name,
                    expected=f"receivers of {severity} alerts with different names",
                    fix="rename the route, or remove it",
                    cloud="azure",
                )
            seen.add(name)
