"""The Azure ML form is written again as azure-ai-ml's YAML; that library validates it, and would send what we send.

It reads and writes without a workspace. Clusters and environments are not in what it makes of a run: those requests
stay as the management API's description has them.
"""

from __future__ import annotations

import copy
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import yaml  # noqa: E402
from azure.ai.ml import load_component, load_job  # noqa: E402

ROOT = Path(__file__).parent.parent.parent.parent
EXAMPLE = ROOT / "examples" / "pipelines" / "fraud.yaml"
NAME = "fraud-retrain"
TARGET = {
    "cloud": "azure",
    "subscription_id": "00000000-1111-4222-8333-444444444444",
    "tenant_id": "55555555-6666-4777-8888-999999999999",
    "location": "eastus",
}

IMAGES = "acmemldevimagese2c00d.azurecr.io/training"
"""The platform's own repository: no image of another registry can be pulled."""

Node = dict[str, Any]
DISTRIBUTIONS = {"PyTorch": "pytorch", "TensorFlow": "tensorflow", "Mpi": "mpi"}
MODES = {"Upload": "upload", "ReadWriteMount": "rw_mount", "ReadOnlyMount": "ro_mount"}


def written(change: Callable[[Node], object]) -> list[Node]:
    """The requests as the command writes them, of the example on Azure with a change of its steps."""
    spec = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    pipeline = spec["pipelines"][0]
    pipeline |= {"image": f"{IMAGES}:fraud-7", "programs_image": f"{IMAGES}:mlplatform-step-1"}
    steps = {step["name"]: step for step in pipeline["steps"]}
    change(steps)
    pipeline["steps"] = list(steps.values())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "platform.yaml"
        file.write_text(yaml.safe_dump({**spec, "targets": [TARGET]}), encoding="utf-8")
        command = [os.environ["MLPLATFORM_PYTHON"], "-m", "mlplatform", "render", "pipeline", NAME, str(file)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def loaded(document: Node, load: Callable[[str], Any]) -> Any:  # noqa: ANN401
    """The library's object of a document; it refuses what it does not know."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "document.yml"
        file.write_text(yaml.safe_dump(document), encoding="utf-8")
        found = load(str(file))
    result = found._validate()
    if not result.passed:
        raise ValueError(str(result.error_messages))
    return found


def component_sent(spec: Node) -> Node:
    """What the library sends for a component."""
    sent = loaded(spec, load_component)._to_rest_object().as_dict()["properties"]["componentSpec"]
    return {key: value for key, value in sent.items() if key != "_source"}


def seconds(duration: str) -> int:
    """Of `PT90M`."""
    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", duration)
    if found is None or duration == "PT":
        raise ValueError(duration)
    return 3600 * int(found[1] or 0) + 60 * int(found[2] or 0)


def node_document(node: Node) -> Node:
    """A step of a run as the library's YAML."""
    document: Node = {
        "type": node["type"],
        "component": f"azureml:{node['componentId']}",
        "compute": f"azureml:{node['computeId']}",
        "inputs": {key: each["value"] for key, each in node["inputs"].items()},
        "outputs": {
            key: {"type": each["job_output_type"], "mode": MODES[each["mode"]]}
            | ({"path": each["uri"]} if "uri" in each else {})
            for key, each in node["outputs"].items()
        },
        "limits": {"timeout": seconds(node["limits"]["timeout"])},
        "resources": node["resources"],
        "identity": {"type": node["identity"]["identity_type"].lower()},
    }
    if "environment_variables" in node:
        document["environment_variables"] = node["environment_variables"]
    if "distribution" in node:
        document["distribution"] = {"type": DISTRIBUTIONS[node["distribution"]["distribution_type"]]}
    return document


def job_document(properties: Node) -> Node:
    """A run as the library's YAML."""
    inputs = {
        key: {"type": each["jobInputType"], "path": each["uri"], "mode": MODES[each["mode"]]}
        if "uri" in each
        else each["value"]
        for key, each in properties["inputs"].items()
    }
    return {
        "type": "pipeline",
        "name": "run",
        "display_name": properties["displayName"],
        "experiment_name": properties["experimentName"],
        "tags": properties["tags"],
        "settings": {
            "continue_on_step_failure": properties["settings"]["continue_on_step_failure"],
            "default_datastore": f"azureml:{properties['settings']['default_datastore']}",
        },
        "inputs": inputs,
        "jobs": {key: node_document(node) for key, node in properties["jobs"].items()},
    }


def normal(node: Node) -> Node:
    """A step of a run with its time in seconds, which has several spellings."""
    return {**node, "limits": {**node["limits"], "timeout": seconds(node["limits"]["timeout"])}}


def problems(requests: list[Node]) -> list[str]:
    """Where the library would send something else."""
    found: list[str] = []
    for each in requests:
        properties = each["body"].get("properties", {})
        if "componentSpec" in properties and component_sent(properties["componentSpec"]) != properties["componentSpec"]:
            found.append(f"{each['path']}: {component_sent(properties['componentSpec'])}")
    ours = requests[-1]["body"]["properties"]
    theirs = loaded(job_document(ours), load_job)._to_rest_object().as_dict()["properties"]
    for name, node in ours["jobs"].items():
        other = theirs["jobs"][name]
        if normal(other) != normal(node):
            found.append(f"{name}: {json.dumps(other, default=str)}\n  we send {json.dumps(node)}")
    for key in ("inputs", "jobType", "experimentName", "displayName", "settings", "tags"):
        if theirs[key] != ours[key]:
            found.append(f"{key}: {theirs[key]}\n  we send {ours[key]}")
    return found


def more(steps: Node) -> None:
    """What else a step may have."""
    steps["train"] |= {"retries": 2, "checkpoint": True, "distribution": "torch"}
    steps["train"]["resources"] = {"accelerator": "T4:1", "nodes": 2}
    steps["train"]["timeout_minutes"] = 10
    steps["train"]["command"] += ["--checkpoint", "{{checkpoint}}"]
    steps["train"]["env"] = {"RATE": "{{parameters.learningRate}}", "PLAIN": "it's"}


def champion(steps: Node) -> None:
    """A step that fetches the released model, for the evaluating one."""
    steps["champion"] = {"name": "champion", "kind": "champion", "after": ["train"]}
    steps["evaluate"]["inputs"]["released"] = {"step": "champion", "output": "released"}


def planted(requests: list[Node], name: str, change: Callable[[list[Node]], object]) -> None:
    """A mistake must be found: a library that accepts everything proves nothing."""
    broken = copy.deepcopy(requests)
    change(broken)
    try:
        found = problems(broken)
    except Exception as refused:
        found = [str(refused)]
    if not found:
        raise SystemExit(f"{name} is not found")


def main() -> int:
    """Prove the form."""
    documents = [written(lambda _: None), written(more), written(champion)]
    found = [each for document in documents for each in problems(document)]
    if found:
        print("\n".join(found))
        return 1
    job: Callable[[list[Node]], Node] = lambda r: r[-1]["body"]["properties"]  # noqa: E731
    first = documents[0]
    spec = next(each["body"]["properties"] for each in first if "/components/" in each["path"])["componentSpec"]
    index = next(i for i, each in enumerate(first) if each["body"].get("properties", {}).get("componentSpec") == spec)
    planted(first, "a name with a hyphen", lambda r: r[index]["body"]["properties"]["componentSpec"].update(name="a-b"))
    planted(first, "an unknown type", lambda r: job(r)["jobs"]["train"].update(type="container"))
    planted(
        first,
        "an unknown kind of output",
        lambda r: job(r)["jobs"]["train"]["outputs"]["model"].update(job_output_type="uri_disk"),
    )
    planted(first, "a name in camel case", lambda r: job(r)["jobs"]["train"].update(instanceCount=2))
    print(f"{sum(len(each) for each in documents)} requests of {len(documents)} pipelines, 4 planted mistakes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
