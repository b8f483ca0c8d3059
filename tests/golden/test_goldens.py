"""Goldens of production by capability, and of every stack's URNs: `make goldens` rewrites, a person reads the diff."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mlplatform.plan.capability import capability_of
from mlplatform.plan.diff.pairs import match_resources
from mlplatform.plan.model import Plan, Step
from mlplatform.providers.wire import UNKNOWN

from ..conftest import CLOUDS, STACKS
from ..strings.specs import plan_of
from .text import Text

HERE = Path(__file__).parent


def _compare(path: Path, text: str, update: bool) -> None:
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    assert path.is_file(), f"{path.name} is missing: run make goldens"
    assert path.read_text(encoding="utf-8") == text, f"{path} differs: run make goldens and read the diff"


def _folder(plan: Plan, step: Step, by_urn: dict[str, Step]) -> str:
    """The capability of the outermost component below the platform, as a folder's name."""
    chain = [step]
    while chain[-1].parent in by_urn:
        chain.append(by_urn[chain[-1].parent])
    components = [s for s in chain if s.type.startswith("mlplatform:") and s.type != "mlplatform:index:Platform"]
    return capability_of(components[-1].type if components else "").lower().replace(" ", "-")


def _without_aliases(step: Step) -> Step:
    """The SDKs alias older names of their own types; our own aliases are held by the URNs' goldens."""
    return replace(step, aliases=())


@pytest.mark.parametrize("cloud", CLOUDS)
def test_production_by_capability(cloud: str, stack_plan: Callable[..., Plan], request: pytest.FixtureRequest) -> None:
    update = request.config.getoption("--update-goldens")
    plan = stack_plan("prod", cloud)
    groups: dict[str, list[Step]] = defaultdict(list)
    by_urn = {step.urn: step for step in plan.steps}
    for step in plan.steps:
        groups[_folder(plan, step, by_urn)].append(_without_aliases(step))
    for capability, steps in groups.items():
        text = "".join(f"{line}\n" for line in Text(plan, steps).lines())
        _compare(HERE / capability / f"{cloud}.txt", text, update)
    known = {path.parent.name for path in HERE.glob(f"*/{cloud}.txt")}
    assert known == set(groups), f"goldens of capabilities that {cloud} no longer has, or lacks"


ALWAYS = {f".{key}-" for key in ("op", "urn", "newState", "detailedDiff")} | {
    f".newState.{key}-" for key in ("urn", "type", "custom")
}
"""What no step goes without."""


Change = tuple[str, Callable[[], Any]]
"""A path, and what makes the document with another value there."""


def _changes(value: Any) -> Iterator[Change]:  # noqa: ANN401 - a document
    """A document with one thing changed: every leaf, list and mapping in turn."""
    match value:
        case dict():
            yield "+", lambda: {**value, "zz": "new"}
            for key, item in value.items():
                yield f".{key}-", lambda key=key: {name: other for name, other in value.items() if name != key}
                for path, change in _changes(item):
                    yield f".{key}{path}", lambda key=key, change=change: {**value, key: change()}
        case list():
            yield "+", lambda: [*value, "new"]
            if len(value) > 1 and value[0] != value[-1]:
                yield "~", lambda: [value[-1], *value[1:-1], value[0]]
            for index, item in enumerate(value):
                for path, change in _changes(item):
                    yield f"[]{path}", lambda at=index, change=change: [*value[:at], change(), *value[at + 1 :]]
        case str():
            yield "", lambda: value[:-1] + ("x" if value[-1:] != "x" else "y")
            yield "?", lambda: f"{UNKNOWN}?" if value == UNKNOWN else UNKNOWN
        case bool() | None:
            yield "'", lambda: str(value).lower()
            yield "", lambda: not value
        case _:
            yield "'", lambda: str(value)
            yield "", lambda: value + 1


def _body(text: Text, document: Any) -> Iterator[str]:  # noqa: ANN401 - a document
    return text.body([document])


@pytest.mark.thorough
def test_the_text_changes_with_everything_that_a_step_holds(stack_plan: Callable[..., Plan]) -> None:
    seen = set(ALWAYS)
    for cloud in CLOUDS:
        plan = stack_plan("prod", cloud)
        text = Text(plan, plan.steps)
        for step in plan.steps:
            document = _without_aliases(step).document()
            inputs = document["newState"].get("inputs", {})
            if inputs:
                document["newState"]["inputs"] = dict.fromkeys(inputs, 1)
            held = [(partial(_body, text), document, "")]
            held += [(partial(text.entry, key), value, key) for key, value in inputs.items()]
            for write, value, where in held:
                written = list(write(value))
                for path, change in _changes(value):
                    place = ".".join(f"{where}{path}".split(".")[-3:])
                    if place not in seen:
                        assert list(write(change())) != written, (step.urn, where, path)
                        seen.add(place)
    assert len(seen) > 2000


GONE = """{count} URN(s) of {file} are no longer made and no alias says what became of them.
Every stack that has them would delete them, and make anew what has another name now:
{urns}
Renamed or moved: say so beside it, and its stacks keep it (docs/changes.md):
  a resource    scope.opts(former=("<former role>",))
  a component   former("<former name>") or former(parent=…) as its options, mlplatform.components.former
  a class       former = ("<FormerClass>",) in it
Meant to go: make goldens, and a line in CHANGELOG.md."""


def vanished(urns: list[str], plan: Plan) -> list[str]:
    """Which of these URNs neither the plan has nor an alias of it covers."""
    released = Plan(plan.cloud, plan.project, plan.stack, tuple(_from(urn) for urn in urns))
    moved = match_resources(released, plan).moved
    present = {step.urn for step in plan.steps}
    return [urn for urn in urns if urn not in present and urn not in moved]


def _from(urn: str) -> Step:
    """What a URN alone tells of a resource."""
    token = urn.split("::")[2].rpartition("$")[2]
    custom = not token.startswith(("mlplatform:", "pulumi:pulumi:"))
    return Step("create", urn, token, urn.split("::", 3)[3], custom, {})


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("stack", STACKS)
def test_urns(stack: str, cloud: str, stack_plan: Callable[..., Plan], request: pytest.FixtureRequest) -> None:
    _compare_urns(stack_plan(stack, cloud), f"{stack}-{cloud}", request.config.getoption("--update-goldens"))


AWAITS = {
    # a host without models, which the release's own configuration follows, and its logs
    "aws": r"config-\w+|component-logs",
    # the placeholder's right to be watched; a release is a service of its own, with its own
    "gcp": "service-rollout",
    "azure": "nothing",
}
"""What an endpoint has only while it awaits its model, by cloud."""

RELEASES = "endpoint-|models-(servers|run)-"
"""What comes with a release: parts of the endpoint, and on GCP the caches of its server's image."""


@pytest.mark.parametrize("cloud", CLOUDS)
def test_urns_of_the_first_up(cloud: str, request: pytest.FixtureRequest) -> None:
    """Development before anything is released: its endpoints await their models."""
    plan, released = plan_of("dev", cloud), _urns_of(f"dev-{cloud}")
    _compare_urns(plan, f"dev-{cloud}-awaiting", request.config.getoption("--update-goldens"))
    made = {step.urn for step in plan.steps}
    ended = [urn for urn in made - released if not re.search(f"::acme-ml-endpoint-.+-({AWAITS[cloud]})$", urn)]
    assert not ended, f"a release deletes what the first `up` made: {sorted(ended)}"
    others = [urn for urn in released - made if not re.search(f"::acme-ml-({RELEASES})", urn)]
    assert not others, f"the first `up` lacks what no endpoint's release brings: {sorted(others)}"
    assert released - made, "a release brings nothing"


def _urns_of(name: str) -> set[str]:
    return set((HERE / "urns" / f"{name}.txt").read_text(encoding="utf-8").splitlines())


def _compare_urns(plan: Plan, name: str, update: bool) -> None:
    text = "".join(f"{step.urn}\n" for step in sorted(plan.steps, key=lambda step: step.urn))
    path = HERE / "urns" / f"{name}.txt"
    if not update and path.is_file():
        gone = vanished(path.read_text(encoding="utf-8").splitlines(), plan)
        listed = "\n".join(f"  {urn}" for urn in gone)
        assert not gone, GONE.format(count=len(gone), file=path.name, urns=listed)
    _compare(path, text, update)
