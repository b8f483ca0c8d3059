"""Azure ML's requests say what the meaning says, but for conditions, which Azure ML does not have."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from mlplatform.pipelines.forms import azureml, azureml_read
from mlplatform.pipelines.forms.seen import seen_of
from mlplatform.pipelines.meaning import Meaning, Task
from mlplatform.spec.pipelines import PipelineSpec

from . import example

RUN = "fraud-retrain-m-1"
WORKSPACE = (
    "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/acme/providers"
    "/Microsoft.MachineLearningServices/workspaces/acme"
)


def _size(task: Task) -> str:
    """A machine that says what the task asked for."""
    asked = task.resources
    return f"{asked.vcpus}-{asked.memory_gib}-{asked.accelerator[0] if asked.accelerator else ''}"


def asked(machine: str) -> tuple[int, int, str | None]:
    vcpus, memory_gib, accelerator = machine.split("-", 2)
    return int(vcpus), int(memory_gib), accelerator or None


SERVICE = azureml.AzureMlService(
    workspace=WORKSPACE,
    location="eastus",
    identity="/subscriptions/x/identities/pipelines",
    machine=_size,
    folder=str,
    datastore=f"{WORKSPACE}/datastores/pipelines",
)


def _meaning(**changes: object) -> Meaning:
    steps = [{key: value for key, value in step.items() if key != "when"} for step in example.STEPS]
    for step in steps:
        step.update(changes if step["name"] == "train" else {})
    spec = PipelineSpec.model_validate({**example.PIPELINE, "steps": steps})
    return example.meaning(spec, "https://acme.blob.core.windows.net/acme")


def _requests(meaning: Meaning) -> list[dict[str, Any]]:
    return json.loads(azureml.text(azureml.emit(meaning, SERVICE, RUN)))


def test_the_requests_say_what_the_meaning_says() -> None:
    meaning = _meaning()
    assert azureml_read.read(_requests(meaning), meaning.name, asked) == seen_of(meaning)
    assert azureml_read.problems(_requests(meaning)) == ()


def test_the_released_model_is_fetched_before_the_candidate_is_evaluated() -> None:
    steps = [{key: value for key, value in step.items() if key != "when"} for step in example.NOW["steps"]]
    spec = PipelineSpec.model_validate({**example.NOW, "steps": steps})
    meaning = example.meaning(spec, "https://acme.blob.core.windows.net/acme")
    assert azureml_read.read(_requests(meaning), meaning.name, asked) == seen_of(meaning)
    assert azureml_read.problems(_requests(meaning)) == ()


def test_a_changed_step_is_another_version_and_the_others_stay() -> None:
    """A changed pipeline must not run a step as it was, https://github.com/Azure/azureml-examples/issues/3240"""
    before = {each["path"] for each in _requests(_meaning())}
    changed = {each["path"] for each in _requests(_meaning(retries=4))} - before
    names = sorted(each.rpartition("/components/")[2].partition("/")[0] for each in changed)
    assert names == ["fraud_retrain_register", "fraud_retrain_train"], "the candidate says which pipeline made it"


def test_clusters_cost_nothing_at_rest_and_act_as_the_pipelines_identity() -> None:
    (cluster, *_) = [each["body"] for each in _requests(_meaning()) if "/computes/" in each["path"]]
    assert cluster["properties"]["properties"]["scaleSettings"]["minNodeCount"] == 0
    assert cluster["properties"]["properties"]["enableNodePublicIp"] is False
    assert list(cluster["identity"]["userAssignedIdentities"]) == [SERVICE.identity]


@pytest.mark.parametrize("value", ["it's", "'; rm -rf / #", "a'b'c", "$(id) `id` \\", "two\nlines"])
def test_a_value_stays_one_word_whatever_is_in_it(value: str) -> None:
    """Azure ML puts the value into the command as text, and a shell reads that: a real one does here."""
    spec = PipelineSpec.model_validate(
        {
            **example.PIPELINE,
            "parameters": [{"name": "note", "type": "string", "default": value}],
            "steps": [{"name": "say", "command": ["printf", "%s", "{{parameters.note}}"], "image": "acme/say:1"}],
        }
    )
    requests = _requests(example.meaning(spec, "https://acme.blob.core.windows.net/acme"))
    (component,) = (each["body"]["properties"]["componentSpec"] for each in requests if "/components/" in each["path"])
    given = _job(requests)["inputs"]["note"]["value"]
    command = component["command"].replace("${{inputs.Parameter_note}}", given)
    said = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert said.stdout == value
    assert azureml_read.read(requests, spec.name, asked).parameters == {"note": value}


def _job(requests: list[dict[str, Any]]) -> dict[str, Any]:
    return requests[-1]["body"]["properties"]


BROKEN: dict[str, tuple[Callable[[list[dict[str, Any]]], object], str]] = {
    "a step that is not there": (lambda r: _job(r)["jobs"].pop("ingest"), "outputs.rows}} is nowhere"),
    "an input that is not there": (lambda r: _job(r)["inputs"].pop("learningRate"), "learningRate}} is nowhere"),
    "an output that is not there": (lambda r: _job(r)["jobs"]["train"]["outputs"].pop("model"), "model is declared"),
    "a cluster that is not there": (lambda r: r.pop(0), "its cluster is nowhere"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_edges_from_nowhere_are_found(name: str) -> None:
    change, words = BROKEN[name]
    requests = copy.deepcopy(_requests(_meaning()))
    change(requests)
    assert words in "\n".join(azureml_read.problems(requests))
