"""Renames and moves: without a former name a resource is replaced, with it nothing happens to it."""

from __future__ import annotations

import pulumi
import pytest
from pulumi_aws.sns import Topic

from mlplatform import AwsTarget, Context, discovery
from mlplatform.components.base import Component
from mlplatform.components.former import former
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record_program

from ..golden.test_goldens import vanished
from ..planned import least_platform

SPEC = least_platform(AwsTarget(account_id="123456789012", region="us-east-1"))


class Bell(Component):
    """Two topics, of which one is a component deeper."""

    capability = "monitoring"

    def __init__(
        self,
        name: str,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        role: str = "loud",
        roles: tuple[str, ...] = (),
        clapper: str = "clapper",
        clappers: tuple[str, ...] = (),
    ) -> None:
        super().__init__(name, context, opts)
        Topic(self.scope.child(role), name="loud", opts=self.scope.opts(former=roles))
        inner = pulumi.ResourceOptions.merge(
            pulumi.ResourceOptions(parent=self), former(*(f"{name}-{old}" for old in clappers))
        )
        Clapper(f"{name}-{clapper}", context, inner)


class Clapper(Component):
    """One topic."""

    capability = "monitoring"

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        Topic(self.scope.child("soft"), name="soft", opts=self.scope.opts())


class Quiet(Component):
    """Another topic."""

    capability = "monitoring"

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        Topic(self.scope.child("quiet"), name="quiet", opts=self.scope.opts())


class Gong(Bell):
    """The bell under another name that it does not admit."""


class Chime(Bell):
    """The bell under another name."""

    former = ("Bell",)


def planned(
    kind: type[Bell] = Bell, name: str = "bell", opts: pulumi.ResourceOptions | None = None, **how: object
) -> Plan:
    def program() -> None:
        kind(name, Context(SPEC), opts, **how)  # pyright: ignore[reportArgumentType]

    return record_program(program, account=discovery.backend("aws").account(SPEC.targets[0]), stack="dev-aws")


@pytest.fixture(scope="module")
def released() -> Plan:
    return planned()


def _kinds(before: Plan, after: Plan) -> list[str]:
    return sorted(change.kind for change in diff(before, after).changes)


@pytest.mark.parametrize(
    ("without", "named", "topics"),
    [
        pytest.param({"role": "shrill"}, {"role": "shrill", "roles": ("loud",)}, 1, id="a resource"),
        pytest.param(
            {"clapper": "tongue"}, {"clapper": "tongue", "clappers": ("clapper",)}, 1, id="a component in one"
        ),
        pytest.param({"name": "chime"}, {"name": "chime", "opts": former("bell")}, 2, id="a component"),
        pytest.param({"kind": Gong}, {"kind": Chime}, 2, id="a class"),
        pytest.param(
            {"kind": Gong, "name": "gong", "role": "shrill"},
            {"kind": Chime, "name": "chime", "role": "shrill", "roles": ("loud",), "opts": former("bell")},
            2,
            id="everything at once",
        ),
    ],
)
def test_a_former_name_keeps_what_is_renamed(
    without: dict[str, object], named: dict[str, object], topics: int, released: Plan
) -> None:
    urns = [step.urn for step in released.steps]
    lost = planned(**without)  # pyright: ignore[reportArgumentType]
    assert _kinds(released, lost) == ["create"] * topics + ["delete"] * topics
    assert len([urn for urn in vanished(urns, lost) if "Topic" in urn]) == topics
    kept = planned(**named)  # pyright: ignore[reportArgumentType]
    assert _kinds(released, kept) == ["move"] * topics
    assert vanished(urns, kept) == []


def test_a_former_parent_keeps_what_moves() -> None:
    """Out of a component of another type: of the parents a URN names only the types."""

    def plan(*, inside: bool, named: bool = False) -> Plan:
        def program() -> None:
            context = Context(SPEC)
            bell = Bell("bell", context)
            opts = pulumi.ResourceOptions(parent=bell) if inside else former(parent=bell) if named else None
            Quiet("moved", context, opts)

        return record_program(program, account=discovery.backend("aws").account(SPEC.targets[0]), stack="dev-aws")

    before = plan(inside=True)
    assert _kinds(before, plan(inside=False)) == ["create", "delete"]
    assert _kinds(before, plan(inside=False, named=True)) == ["move"]


def test_a_stack_without_changes_has_no_former_names(released: Plan) -> None:
    assert not any(step.aliases for step in released.steps)
    assert _kinds(released, planned()) == []
