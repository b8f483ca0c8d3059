"""Every form says what the meaning says: tasks, edges, words, parameters, machines, conditions."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest

from mlplatform.pipelines.forms import kfp, kfp_read, sagemaker, sagemaker_read, sagemaker_words
from mlplatform.pipelines.forms.seen import Seen, seen_of
from mlplatform.pipelines.meaning import Meaning, Task

from .example import meaning

Document: TypeAlias = "dict[str, Any]"

SERVICE = kfp.KfpService(
    device=lambda asked: (f"NVIDIA_{asked[0].partition(':')[0]}", int(asked[0].partition(":")[2])),
    folder=lambda uri: uri.replace("gs://", "/gcs/"),
)


def _instance(task: Task) -> tuple[str, sagemaker.Job]:
    """An instance type that says what the task asked for."""
    asked = task.resources
    accelerator = asked.accelerator[0] if asked.accelerator else ""
    name = f"ml.{asked.vcpus}-{asked.memory_gib}-{accelerator}"
    return name, "Training" if task.checkpoint else "Processing"


def _asked(instance: str) -> tuple[int, int, str | None]:
    vcpus, memory_gib, accelerator = instance.removeprefix("ml.").split("-", 2)
    return int(vcpus), int(memory_gib), accelerator or None


SAGEMAKER = sagemaker.SageMakerService(
    role_arn="arn:aws:iam::123456789012:role/acme-ml-dev-pipelines",
    runs_uri="s3://acme-pipelines",
    machine=_instance,
)


@dataclass(frozen=True, kw_only=True)
class Form:
    """How one form is written and read."""

    text: Callable[[Meaning], str]
    """Its file."""

    load: Callable[[str], Document]
    """The file as its reader sees it."""

    read: Callable[[Document], Seen]
    """What it means."""

    problems: Callable[[Document], tuple[str, ...]]
    """Its edges from nowhere."""


FORMS: dict[str, Form] = {
    "kfp": Form(
        text=lambda what: kfp.text(kfp.emit(what, SERVICE)),
        load=json.loads,
        read=lambda document: kfp_read.read(document, lambda name: name.removeprefix("NVIDIA_")),
        problems=kfp_read.problems,
    ),
    "sagemaker": Form(
        text=lambda what: sagemaker.text(sagemaker.emit(what, SAGEMAKER)),
        load=json.loads,
        read=lambda document: sagemaker_read.read(document, "fraud-retrain", _asked),
        problems=sagemaker_read.problems,
    ),
}


def _document(form: str) -> Document:
    return FORMS[form].load(FORMS[form].text(meaning()))


@pytest.mark.parametrize("form", FORMS)
def test_a_form_says_what_the_meaning_says(form: str) -> None:
    document = _document(form)
    assert FORMS[form].read(document) == seen_of(meaning())
    assert FORMS[form].problems(document) == ()


@pytest.mark.parametrize("form", FORMS)
def test_the_same_bytes_twice(form: str) -> None:
    assert FORMS[form].text(meaning()) == FORMS[form].text(meaning())


def test_kfp_finds_edges_from_nowhere() -> None:
    """Each of these kfp's own loader accepts."""
    document = _document("kfp")

    def broken(change: Callable[[Document], object]) -> str:
        copied = copy.deepcopy(document)
        change(copied)
        return "\n".join(kfp_read.problems(copied))

    def tasks(of: Document) -> Document:
        return of["root"]["dag"]["tasks"]

    assert "waits for nobody" in broken(lambda d: tasks(d)["train"]["dependentTasks"].append("nobody"))
    assert "evaluate: model comes from train.model" in broken(lambda d: tasks(d).pop("train"))
    assert "no executor exec-train" in broken(lambda d: d["deploymentSpec"]["executors"].pop("exec-train"))
    assert "train: waits for itself" in broken(lambda d: tasks(d)["train"]["dependentTasks"].append("evaluate"))
    assert "learningRate is the pipeline's parameter" in broken(lambda d: d["root"].pop("inputDefinitions"))
    assert "rows is declared and not given" in broken(lambda d: tasks(d)["train"]["inputs"]["artifacts"].pop("rows"))
    assert "its condition reads" in broken(
        lambda d: tasks(d)["gate"]["triggerPolicy"].update(condition="inputs.parameter_values['x'] >= 1.0")
    )


def test_what_waits_for_a_step_left_out_is_left_out() -> None:
    """Kubeflow's local runner fails on the missing output otherwise."""
    tasks = _document("kfp")["root"]["dag"]["tasks"]
    assert tasks["register"]["triggerPolicy"] == tasks["gate"]["triggerPolicy"]
    assert "triggerPolicy" not in tasks["evaluate"]


def test_sagemaker_finds_edges_from_nowhere() -> None:
    """The service refuses these only when somebody sends the definition."""
    document = _document("sagemaker")

    def broken(change: Callable[[Document], object]) -> str:
        copied = copy.deepcopy(document)
        change({step["Name"]: step for step in copied["Steps"]} | {"all": copied})
        return "\n".join(sagemaker_read.problems(copied))

    def outputs(of: Document) -> list[Document]:
        return of["ingest"]["Arguments"]["ProcessingOutputConfig"]["Outputs"]

    assert "waits for nobody" in broken(lambda d: d["train"]["DependsOn"].append("nobody"))
    assert "each waits for another" in broken(lambda d: d["ingest"].update(DependsOn=["train"]))
    assert "S3Output.S3Uri is nowhere" in broken(lambda d: outputs(d).clear())
    assert "ModelArtifacts.S3ModelArtifacts is nowhere" in broken(lambda d: d["train"].update(Type="Processing"))
    assert "PropertyFiles.metrics is nowhere" in broken(lambda d: d["evaluate"].pop("PropertyFiles"))
    assert "learningRate is no parameter" in broken(lambda d: d["all"]["Parameters"].pop(0))
    assert "two steps of this name" in broken(lambda d: d["all"]["Steps"].append(d["ingest"]))
    assert sagemaker_read.problems(document, "x" * (sagemaker.LONGEST + 1))


@pytest.mark.parametrize("text", ["x" * 1000, "a 'quoted' \"word\" $HOME * = +", ""])
def test_a_long_word_reaches_a_program_on_sagemaker_as_it_was(text: str) -> None:
    words = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.argv[1:]))", text, "x" * 300, text, "=+"]
    entrypoint, rest = sagemaker_words.arguments(words)
    pieces = [str(each) for each in (*entrypoint, *(rest or ()))]
    assert max(map(len, pieces)) <= sagemaker_words.LONGEST_WORD
    printed = subprocess.run(pieces, check=True, capture_output=True, text=True).stdout
    assert json.loads(printed) == words[3:]
