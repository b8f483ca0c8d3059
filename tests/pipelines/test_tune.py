"""A search is a step: every form says the same trials, a run's cost counts them, and bad ones are refused."""

from __future__ import annotations

import copy
import json
from typing import cast

import pytest
from pydantic import ValidationError

from mlplatform import discovery
from mlplatform.components.pipeline_problems import run_usd
from mlplatform.pipelines.forms import azureml, azureml_read
from mlplatform.pipelines.forms.seen import seen_of
from mlplatform.pipelines.meaning import FromStep, Meaning, Slot
from mlplatform.reading.partial import Unacceptable
from mlplatform.render.pipelines.files import pod_forms
from mlplatform.spec.pipelines import PipelineSpec

from ..conftest import CLOUDS
from . import example, in_cluster
from .fraud import Data, pipeline, platform, step
from .test_azureml import SERVICE, asked
from .test_forms import FORMS

TUNE: Data = {
    "parameters": [
        {"name": "rate", "at_least": 0.001, "at_most": 1.0, "log": True},
        {"name": "depth", "type": "integer", "at_least": 2, "at_most": 9},
        {"name": "solver", "type": "choice", "choices": ["adam", "sgd"]},
    ],
    "metric": "loss",
    "goal": "minimize",
    "trials": 6,
    "trial_minutes": 10,
}
WORDS = ["--rate={{tune.rate}}", "--depth={{tune.depth}}", "{{tune.solver}}", "{{outputs.model}}", "{{outputs.scores}}"]


def _searching(of: Data, **changes: object) -> Data:
    """The step `train` of a pipeline, as a search with changes of it."""
    found = copy.deepcopy(of)
    train = step(found, "train")
    inputs = [f"{{{{inputs.{name}}}}}" for name in cast("Data", train["inputs"])]
    train["command"] = ["python", "train.py", *WORDS, *inputs]
    train["outputs"] = {"model": {"kind": "model"}, "scores": {"kind": "metrics", "metrics": ["loss"]}}
    train["tune"] = {**TUNE, **changes}
    return found


def _meaning(store: str = example.STORE, **changes: object) -> Meaning:
    return example.meaning(PipelineSpec.model_validate(_searching(example.PIPELINE, **changes)), store)


@pytest.mark.parametrize("machines", [1, 3])
def test_every_form_says_the_same_search(machines: int) -> None:
    said = _meaning(machines=machines)
    for name, form in FORMS.items():
        document = form.load(form.text(said))
        assert form.read(document) == seen_of(said), name
        assert form.problems(document) == (), name
    bare = _searching(example.PIPELINE, machines=machines)
    for each in cast("list[Data]", bare["steps"]):
        each.pop("when", None)
    meaning = example.meaning(PipelineSpec.model_validate(bare), "https://acme.blob.core.windows.net/acme")
    requests = json.loads(azureml.text(azureml.emit(meaning, SERVICE, "fraud-retrain-m-1")))
    assert azureml_read.read(requests, meaning.name, asked) == seen_of(meaning)
    assert azureml_read.problems(requests) == ()


def test_one_machine_searches_and_writes_the_steps_outputs() -> None:
    task = _meaning().task("train")
    words = ["".join(part if isinstance(part, str) else f"[{part.group}]" for part in word) for word in task.command]
    at = words.index("--")
    assert words[:2] == ["mlplatform-step", "tune"]
    assert words[at + 1 :] == [
        "python", "train.py", "--rate=<tune.rate>", "--depth=<tune.depth>", "<tune.solver>",
        "<outputs.model>", "<outputs.scores>", "[inputs]",
    ]  # fmt: skip
    assert {"model=[outputs]", "scores=[outputs]", "search=[outputs]"} <= set(words[:at])
    assert words[at - 2 : at + 1] == ["--checkpoint", "[checkpoint]", "--"]
    assert set(task.outputs) == {"model", "scores", "search"}


def test_several_machines_search_each_their_part_and_a_small_step_keeps_the_best() -> None:
    meaning = _meaning(machines=3)
    parts = [task for task in meaning.tasks if "search" in task.name]
    assert [task.name for task in parts] == ["train-search1", "train-search2", "train-search3"]
    assert len({task.checkpoint for task in parts}) == 3
    assert all(set(task.outputs) == {"search"} for task in parts)
    best = meaning.task("train")
    assert best.after == ("train-search1", "train-search2", "train-search3")
    assert best.inputs["search2"] == FromStep("train-search2", "search")
    assert best.resources.accelerator is None
    assert best.checkpoint is None
    # who reads the step reads the best
    assert meaning.task("evaluate").inputs["model"] == FromStep("train", "model")
    assert not [slot for word in best.command for slot in word if isinstance(slot, Slot) and slot.group == "parameters"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_run_costs_its_machines_and_the_time_of_its_trials(cloud: str) -> None:
    backend = discovery.backend(cloud)

    def usd(**changes: object) -> float:
        spec = platform(cloud, pipelines=(_searching(pipeline(cloud), **changes),)).on(cloud)
        assert not [each for each in backend.problems(spec) if each.path.startswith("pipelines")]
        cost = run_usd(backend, spec.targets[0], spec, spec.pipelines[0])
        assert cost is not None
        assert backend.pipeline_forms(spec, spec.pipelines[0])
        return cost

    one, three = usd(), usd(machines=3)
    before = platform(cloud, pipelines=(pipeline(cloud),)).on(cloud)
    plain = run_usd(backend, before.targets[0], before, before.pipelines[0])
    assert plain == pytest.approx(one)
    # four hours of each further machine, and one hour of what keeps the best
    assert three > one + 2 * (three - one) / 3
    with pytest.raises((ValidationError, Unacceptable)) as refused:
        usd(trials=60)
    assert "at least 600: 60 trials after each other" in str(refused.value)


@pytest.mark.parametrize("engine", ["cluster", "airflow"])
def test_it_runs_on_the_training_cluster(engine: str) -> None:
    data = _searching(in_cluster.pipeline(engine), machines=2)
    step(data, "train")["resources"] = {"accelerator": ["L4:1", "A10:1"], "vcpus": 2, "memory_gib": 8}
    spec = in_cluster.platform("gcp", data)
    backend = discovery.backend("gcp")
    assert not [each for each in backend.problems(spec) if each.path.startswith("pipelines")]
    text = "".join(file.text for file in pod_forms(spec, spec.pipelines[0]))
    assert "train-search2" in text
    assert "<tune.rate>" in text


def _range(**changes: object) -> Data:
    return {"parameters": [{**_ALL[0], **changes}, *_OTHERS]}


_ALL = cast("list[Data]", TUNE["parameters"])
_NUMBERS, _OTHERS = _ALL[:2], _ALL[1:]
REFUSED: dict[str, tuple[Data, Data, str]] = {
    "bounds the wrong way round": (_range(at_least=2.0), {}, "less than at_most, 1"),
    "factors from nothing": (_range(at_least=0.0), {}, "more than 0: log counts factors"),
    "no end": (_range(at_most=None), {}, "a search has no end without both"),
    "parts of a whole number": (_range(type="integer", at_least=1.5, at_most=3), {}, "a whole number"),
    "a range of choices": (_range(type="choice", choices=["a", "b"]), {}, "none for a choice"),
    "one choice": (
        {"parameters": [*_NUMBERS, {"name": "solver", "type": "choice", "choices": ["a"]}]},
        {},
        "at least two different values",
    ),
    "choices that are one text": (
        {"parameters": [*_NUMBERS, {"name": "solver", "type": "choice", "choices": [1, "1", 2]}]},
        {},
        "at least two different values",
    ),
    "choices of a number": (_range(choices=["a", "b"]), {}, "none for values of type float"),
    "a value twice": (
        {"parameters": [*_ALL, *_OTHERS]},
        {},
        "no other tuned value has",
    ),
    "a value that nobody reads": (
        {"parameters": [*_ALL, {"name": "width", "at_least": 0, "at_most": 1}]},
        {},
        "nothing names {{tune.width}}",
    ),
    "a name of the pipeline's parameters": (
        {"parameters": [*_OTHERS, {"name": "rounds", "at_least": 0, "at_most": 1}]},
        {"command": ["x", "{{tune.rounds}}", *WORDS[1:], "{{inputs.train}}"]},
        "another name than those of the pipeline's parameters",
    ),
    "a metric that it does not write": ({"metric": "los"}, {}, "write loss"),
    "more machines than trials": ({"machines": 4, "parallel": 2}, {}, "some have nothing to do"),
    "more at a time than vCPUs": (
        {"parallel": 6, "trials": 40},
        {"resources": {"vcpus": 4}},
        "at most resources.vcpus, 4",
    ),
    "trials that share one GPU": ({"parallel": 2}, {"resources": {"accelerator": "L4:1"}}, "a part of the machine's"),
    "trials that share AWS's devices": ({"parallel": 2}, {"resources": {"accelerator": "Trainium1:16"}}, "AWS's own"),
    "trials of several nodes": (
        {},
        {"resources": {"nodes": 2}, "distribution": "torch"},
        "search on several by tune.machines",
    ),
    "trials longer than the step": ({"trial_minutes": 41}, {}, "at least 246: 6 trials after each other"),
    "an output of its own name": (
        {},
        {"outputs": {"model": {"kind": "model"}, "search": {}, "scores": {"kind": "metrics", "metrics": ["loss"]}}},
        "a search writes its trials there",
    ),
    "a placeholder that is not there": ({}, {"env": {"DEPTH": "{{tune.dept}}"}}, "write {{tune.depth}}"),
    "a search by the platform's own program": ({}, {"kind": "register", "command": []}, "the platform's own program"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_search_is_refused(name: str) -> None:
    tune, changes, words = REFUSED[name]
    data = _searching(pipeline(), **tune)
    step(data, "train").update(changes)
    with pytest.raises((ValidationError, Unacceptable)) as refused:
        platform("aws", pipelines=(data,))
    assert words in str(refused.value), refused.value


def test_a_part_of_a_search_has_no_other_steps_name() -> None:
    data = _searching(pipeline(), machines=2)
    cast("list[Data]", data["steps"]).append({"name": "train-search1", "command": ["x"]})
    with pytest.raises((ValidationError, Unacceptable), match="train-search1 too"):
        platform("aws", pipelines=(data,))
