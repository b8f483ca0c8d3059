"""A plan with questions, and the parts of a platform that the tests of every cloud share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

from mlplatform import (
    CapacityBlock,
    EmailRoute,
    PagerDutyRoute,
    PlatformSpec,
    RegistrySpec,
    SlackRoute,
    WebhookRoute,
)
from mlplatform.components.backend import Backend
from mlplatform.components.imagined_releases import as_released
from mlplatform.mock_cloud import links
from mlplatform.mock_cloud.building import build_held
from mlplatform.mock_cloud.names import NameTable
from mlplatform.mock_cloud.rollouts import rollouts_of
from mlplatform.plan.change import ResourceChange
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.record import record
from mlplatform.providers.accounts import Account
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target

NAME = "acme-ml"
REGISTRY = RegistrySpec(keep_images=20, untagged_days=3, pull_through=("docker.io", "quay.io"))
ROUTES = (
    EmailRoute("oncall@acme.example"),
    SlackRoute(channel="#ml-alerts", channel_id="C0123456789", team_id="T0123456789"),
    PagerDutyRoute(severities=("critical",)),
    WebhookRoute(name="hook", url_secret="hook-url", severities=("critical",)),
)
BLOCK = CapacityBlock(
    name="block", count=2, starts=datetime(2026, 12, 1, tzinfo=UTC), ends=datetime(2026, 12, 3, tzinfo=UTC)
)


def least_platform(target: Target, **changes: object) -> PlatformSpec:
    """The least platform on one target, with other values where they are given."""
    least = {"name": NAME, "environment": "dev", "owner": "ml", "cost_center": "1", "targets": (target,)}
    return PlatformSpec.model_validate({**least, **changes})


def record_released(spec: PlatformSpec, cloud: str, *, resolve: bool = False) -> Plan:
    """The plan of a platform with everything released that its spec names."""
    return record(as_released(spec, (cloud,)), cloud, resolve=resolve)


def recycled(cloud: str, change: ResourceChange) -> str:
    """What the update of a resource replaces of what runs, as the mock cloud says it; empty for nothing."""
    assert change.before is not None
    assert change.after is not None
    account = Account.sample(cloud)
    held = build_held(change.step.type, change.step.name, change.before.inputs, 0, account, NameTable(account))
    new = change.after.inputs
    return links.recycled(held, new) or rollouts_of(cloud, lambda: ()).recycled(held, new)


def made_after(plan: Plan, step: Step) -> set[str]:
    """URNs of everything that a resource is made after, also by way of others."""
    by_urn = {each.urn: each for each in plan.steps}
    found: set[str] = set()
    todo = [*step.dependencies]
    while todo:
        if (urn := todo.pop()) not in found:
            found.add(urn)
            todo += by_urn[urn].dependencies if urn in by_urn else ()
    return found


class Planned:
    """A plan, with questions."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def all(self, kind: str) -> list[Step]:
        """Resources whose type ends in `kind`, for example `Bucket`."""
        return [step for step in self.plan.resources() if step.type.endswith(f":{kind}")]

    def one(self, name: str) -> Step:
        """The resource of a logical name, without the platform's and without the hash of its content."""
        exact = re.compile(rf"{NAME}-{re.escape(name)}(-[0-9a-f]{{8}})?")
        found = [step for step in self.plan.resources() if exact.fullmatch(step.name)]
        assert len(found) == 1, f"{name}: {[step.name for step in found or self.plan.resources()]}"
        return found[0]

    def has(self, name: str) -> bool:
        """Whether there is a resource of that name."""
        return any(step.name == f"{NAME}-{name}" for step in self.plan.resources())

    def directly_after(self, name: str) -> set[str]:
        """Logical names of what a resource itself says that it is made after."""
        return {_short(urn) for urn in self.one(name).dependencies}

    def after(self, name: str) -> set[str]:
        """Logical names of everything that a resource is made after, also by way of others."""
        return {_short(urn) for urn in made_after(self.plan, self.one(name))}

    def document(self, name: str, field: str = "policy") -> dict[str, dict[str, object]]:
        """Statements of an IAM policy document by their id."""
        body = json.loads(str(self.one(name).inputs[field]))
        return {statement["Sid"]: statement for statement in body["Statement"]}

    def rights(self) -> set[tuple[str, str]]:
        """Every role assignment of Azure as role id and the last two parts of its scope."""
        return {
            (
                str(step.inputs["roleDefinitionId"]).rsplit("/", 1)[1],
                "/".join(str(step.inputs["scope"]).split("/")[-2:]),
            )
            for step in self.all("RoleAssignment")
        }

    def notes(self) -> str:
        """All notes, one a line."""
        return "\n".join(f"{note.path}: {note.text}" for note in self.plan.notes)


class Refusals:
    """What a cloud refuses in its least platform once something in it is changed."""

    def __init__(self, backend: Backend, spec: Callable[..., PlatformSpec]) -> None:
        self._backend = backend
        self._spec = spec

    def problems(self, **changes: object) -> dict[str, Problem]:
        """The first problem of each path."""
        found: dict[str, Problem] = {}
        for problem in self._backend.problems(self._spec(**changes).on(self._backend.name)):
            found.setdefault(problem.path, problem)
        return found

    def refused(self, path: str, *words: str, **changes: object) -> None:
        """A path is refused, in these words among others, and with a way out."""
        found = self.problems(**changes)
        assert path in found, sorted(found)
        problem = found[path]
        text = f"{problem.got} {problem.expected} {problem.fix}"
        for word in words:
            assert word in text, text
        assert problem.cloud == self._backend.name
        assert problem.fix


def _short(urn: str) -> str:
    return urn.rsplit("::", 1)[1].removeprefix(f"{NAME}-")
