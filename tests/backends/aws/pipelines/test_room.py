"""What is said of a pipeline's size from the spec alone is never less than what its definition comes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from mlplatform import PlatformSpec, discovery
from mlplatform.backends.aws.pipelines import room
from mlplatform.backends.aws.pipelines.crowded import _jobs, _lists
from mlplatform.backends.aws.pipelines.definition import PLACEHOLDERS, build_definition
from mlplatform.pipelines.forms.sagemaker import short_text
from mlplatform.reading.load import load

from ....conftest import ROOT
from ....pipelines.fraud import Data, pipeline, platform, step

# pyright: reportPrivateUsage=false


def _command(data: Data) -> list[str]:
    return cast("list[str]", step(data, "train")["command"])


def _same(_: Data) -> None:
    """The example."""


def _long_words(data: Data) -> None:
    _command(data).extend(f'{"x" * 700}{{{{inputs.train}}}}"' for _ in range(20))


def _placeholders(data: Data) -> None:
    _command(data).append("{{run}}-{{parameters.rounds}}" * 30)


def _variables(data: Data) -> None:
    step(data, "train")["env"] = {f"V{index}": f"{'é' * 200}{{{{run}}}}" for index in range(90)}


def _slices(data: Data) -> None:
    first = step(data, "ingest")
    cast("list[Data]", data["steps"]).extend(
        {**first, "name": f"ingest-{index}", "slices": [f"s{each}" for each in range(9)]} for index in range(9)
    )


def _spot(data: Data) -> None:
    step(data, "train").update(
        resources={"vcpus": 4, "memory_gib": 16, "accelerator": "T4:1", "capacity": "spot"}, retries=3, cache_days=5
    )


def _searched(data: Data) -> None:
    _command(data).append("{{tune.rate}}")
    tuned = {"name": "rate", "at_least": 0.001, "at_most": 1.0}
    outputs = cast("dict[str, Data]", step(data, "train")["outputs"])
    outputs["scores"] = {"kind": "metrics", "metrics": ["loss"]}
    _command(data).append("{{outputs.scores}}")
    step(data, "train")["tune"] = {
        "metric": "loss",
        "goal": "minimize",
        "trials": 6,
        "trial_minutes": 10,
        "parameters": [tuned],
    }


CHANGES: tuple[Callable[[Data], None], ...] = (_same, _long_words, _placeholders, _variables, _slices, _spot)


def _changed(change: Callable[[Data], None]) -> PlatformSpec:
    data = pipeline("aws")
    change(data)
    data["max_usd_per_run"] = None
    tags = {f"tag-{index}": "x" * 60 for index in range(8)}
    return platform("aws", pipelines=(data,), tags=tags)


def _hold(spec: PlatformSpec) -> list[bool]:
    backend = discovery.backend("aws")
    fit: list[bool] = []
    for each in spec.pipelines:
        if each.engine != "managed" or any(step.tune for step in each.steps):
            continue
        definition = build_definition(backend, spec, each, PLACEHOLDERS)
        jobs = dict(_jobs(definition))
        for one in each.steps:
            counts = {found.field: found.count for name in one.runs() for found in _lists(jobs[name])}
            assert room.most_words(each, one) >= counts["command"], one.name
            assert len(one.env) + room._OWN_VARIABLES >= counts["env"], one.name
            assert len(one.inputs) >= counts.get("inputs", 0), one.name
        count = sum(len(one.runs()) for one in each.steps)
        assert room.most_characters(spec, each) >= len(short_text(definition)) + 300 * count
        fit.append(room.surely_fits(spec, each))
    return fit


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_nothing_comes_to_more_than_is_said(change: Callable[[Data], None]) -> None:
    (fits,) = _hold(_changed(change).on("aws"))
    assert fits or change not in (_same, _spot), "a usual pipeline is not written to be checked"
    assert not fits or change not in (_long_words, _placeholders)


def test_the_platforms_own_stacks_are_not_written_to_be_checked() -> None:
    loaded: Any = load(ROOT / "stacks" / "prod.py").spec
    assert set(_hold(loaded.on("aws"))) <= {True}


def test_a_search_is_always_written() -> None:
    spec = _changed(_searched).on("aws")
    assert not room.surely_fits(spec, spec.pipelines[0])
