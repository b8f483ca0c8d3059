"""Every form says what the meaning says: tasks, edges, words, parameters, machines, conditions."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest

from mlplatform.pipelines.forms import kfp, kfp_read
from mlplatform.pipelines.forms.seen import Seen, seen_of
from mlplatform.pipelines.meaning import Meaning

from .example import meaning

Document: TypeAlias = "dict[str, Any]"

SERVICE = kfp.KfpService(
    device=lambda asked: (f"NVIDIA_{asked[0].partition(':')[0]}", int(asked[0].partition(":")[2])),
    folder=lambda uri: uri.replace("gs://", "/gcs/"),
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
