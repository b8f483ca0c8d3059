"""TFX writes the specification that `render pipeline` writes: what TFX 1.16 made of the example says the same.

examples/pipelines/fraud/in_tfx.json is what it wrote; TFX itself is not installed here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from mlplatform import discovery
from mlplatform.pipelines.forms import kfp_read

from ..conftest import ROOT
from .fraud import platform

Node = Mapping[str, Any]
WRITTEN = ROOT / "examples" / "pipelines" / "fraud" / "in_tfx.json"
IMAGE = "us-central1-docker.pkg.dev/acme-ml/acme-ml-dev-training/training:fraud-7"
_PLACE = re.compile(r"\{\{\$\.(inputs|outputs)\.(artifacts|parameters)\['([^']+)'\]\.?(?:uri|path)?\}\}")


def _ours() -> Node:
    """The same two steps, as the platform writes them for Vertex AI."""
    pipeline = {
        "name": "fraud-retrain",
        "model": "fraud",
        "image": IMAGE,
        "parameters": [
            {"name": "since", "type": "string", "default": "2026-11-01"},
            {"name": "rounds", "type": "integer", "default": 200},
        ],
        "steps": [
            {
                "name": "ingest",
                "command": ["python", "-m", "fraud.ingest", "{{parameters.since}}", "{{outputs.rows}}"],
                "outputs": {"rows": {}},
            },
            {
                "name": "train",
                "kind": "train",
                "command": [
                    *("python", "-m", "fraud.train", "{{inputs.rows}}", "{{parameters.rounds}}"),
                    "{{outputs.model}}",
                ],
                "inputs": {"rows": {"step": "ingest", "output": "rows"}},
                "outputs": {"model": {"kind": "model"}},
            },
        ],
    }
    spec = platform("gcp", pipelines=(pipeline,)).on("gcp")
    form = next(
        each for each in discovery.backend("gcp").pipeline_forms(spec, spec.pipelines[0]) if "vertex" in each.name
    )
    found = json.loads(form.text)
    return cast("Node", found.get("pipelineSpec", found))


def _said(document: Node) -> dict[str, object]:
    """Name, parameters, and of each step image, words, edges and what it waits for; not where its files are."""
    tasks: dict[str, object] = {}
    for name, task in document["root"]["dag"]["tasks"].items():
        component = document["components"][task["componentRef"]["name"]]
        container = document["deploymentSpec"]["executors"][component["executorLabel"]]["container"]
        words = [*container.get("command", ()), *container.get("args", ())]
        start = words.index("python")
        given = task.get("inputs", {}).get("parameters", {})
        tasks[name] = {
            "image": container["image"],
            "words": [_word(each, given) for each in words[start:]],
            "reads": {
                key: (source["taskOutputArtifact"]["producerTask"], source["taskOutputArtifact"]["outputArtifactKey"])
                for key, source in task.get("inputs", {}).get("artifacts", {}).items()
            },
            "writes": sorted(component.get("outputDefinitions", {}).get("artifacts", {})),
            "after": sorted(task.get("dependentTasks", ())),
        }
    parameters = document["root"]["inputDefinitions"]["parameters"]
    return {"name": document["pipelineInfo"]["name"], "parameters": sorted(parameters), "tasks": tasks}


def _word(text: str, given: Node) -> tuple[str, str] | str:
    """A word, or what stands for it: a parameter by its name in the pipeline, which a task may call otherwise."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return text
    if found[2] == "parameters":
        return "parameters", str(given[found[3]]["componentInputParameter"])
    return found[1], found[3]


def test_tfx_writes_the_same_steps_edges_and_words() -> None:
    written = json.loads(WRITTEN.read_text("utf-8"))["pipelineSpec"]
    assert _said(written) == _said(_ours())
    assert kfp_read.problems(written) == (), "no edge of it comes from nowhere"
