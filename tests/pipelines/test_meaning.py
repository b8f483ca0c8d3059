"""What a pipeline means does not depend on the order in which its spec lists things."""

from __future__ import annotations

from typing import cast

from mlplatform import discovery
from mlplatform.pipelines.meaning import Meaning
from mlplatform.pipelines.resolved import meaning_on

from .fraud import Data, pipeline, platform, step

BACKEND = discovery.backend("aws")


def _meaning(data: Data) -> Meaning:
    spec = platform("aws", pipelines=(data,)).on("aws")
    return meaning_on(BACKEND, spec, spec.pipelines[0])


def _turned(value: object, name: str = "") -> object:
    """The same data with every list and mapping backwards, but commands."""
    if isinstance(value, dict):
        items = cast("Data", value).items()
        return {key: _turned(each, key) for key, each in reversed(list(items))}
    if isinstance(value, list) and name != "command":
        return [_turned(each) for each in reversed(cast("list[object]", value))]
    return value


def test_the_order_of_lists_has_no_meaning() -> None:
    assert _meaning(pipeline()) == _meaning(cast("Data", _turned(pipeline())))


def test_slices_are_tasks_of_their_own_and_every_task_comes_after_what_it_needs() -> None:
    meaning = _meaning(pipeline())
    names = [task.name for task in meaning.tasks]
    assert {"score-eu", "score-us"} <= set(names)
    for task in meaning.tasks:
        assert all(names.index(before) < names.index(task.name) for before in task.after)
    assert meaning.task("score-eu").command[4] == ("eu",)


def test_a_step_of_the_platforms_own_program_can_have_another_image() -> None:
    data = pipeline()
    step(data, "gate")["image"] = own = "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-ml-dev/training:gates"
    assert _meaning(data).task("gate").image == own
    assert _meaning(data).task("register").image == data["programs_image"]
