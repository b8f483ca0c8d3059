"""Each job of the SageMaker form is held against the request of the API that starts it, as botocore describes it.

What is known only in a run is replaced by a value of its type, and the job gets the name that the service makes. The
description's check lets unknown values of a list pass, so that machines are looked up in it as well.
"""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import botocore.session
import yaml
from botocore.validate import ParamValidator

ROOT = Path(__file__).parent.parent.parent.parent
EXAMPLE = ROOT / "examples" / "pipelines" / "fraud.yaml"
NAME = "fraud-retrain"
OPERATIONS = {"Processing": "CreateProcessingJob", "Training": "CreateTrainingJob"}
MODEL = botocore.session.get_session().get_service_model("sagemaker")

Node = dict[str, Any]
Part: TypeAlias = Any
"""Any value of JSON, or a shape of botocore, which has no types."""


def written(change: Callable[[Node], object] | None = None) -> Node:
    """The definition as the command writes it, of the example or a change of its steps."""
    spec = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    if change:
        steps = {step["name"]: step for step in spec["pipelines"][0]["steps"]}
        change(steps)
        spec["pipelines"][0]["steps"] = list(steps.values())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "platform.yaml"
        file.write_text(yaml.safe_dump(spec), encoding="utf-8")
        command = [os.environ["MLPLATFORM_PYTHON"], "-m", "mlplatform", "render", "pipeline", NAME, str(file)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def jobs(definition: Node) -> Iterator[Node]:
    """Every job, those behind conditions too."""
    for step in definition["Steps"]:
        yield from step["Arguments"]["IfSteps"] if step["Type"] == "Condition" else (step,)


def known(value: Part) -> Part:
    """The same with a value in place of what only a run knows."""
    if isinstance(value, dict):
        if set(value) == {"Get"}:
            return "s3://bucket/folder"
        if set(value) == {"Std:Join"}:
            return "".join(map(str, map(known, value["Std:Join"]["Values"])))
        return {key: known(each) for key, each in value.items()}
    return [known(each) for each in value] if isinstance(value, list) else value


def problems(definition: Node) -> list[str]:
    """What the API's description refuses."""
    found: list[str] = []
    for step in jobs(definition):
        operation = OPERATIONS[step["Type"]]
        shape = MODEL.operation_model(operation).input_shape
        request = {**known(step["Arguments"]), operation.removeprefix("Create") + "Name": "pipelines-x-y"}
        report = ParamValidator().validate(request, shape)
        if report.has_errors():
            found.append(f"{step['Name']}: {report.generate_report()}")
            continue
        found += [f"{step['Name']}: {each}" for each in outside(request, shape)]
    return found


def outside(value: Part, shape: Part) -> Iterator[str]:
    """Texts that are not in their list, or do not have their pattern; texts, lists and maps that are too long."""
    match shape.type_name:
        case "structure":
            for key, each in value.items():
                if key in shape.members:
                    yield from outside(each, shape.members[key])
        case "list":
            if len(value) > shape.metadata.get("max", len(value)):
                yield f"{shape.name} has {len(value)} entries"
            for each in value:
                yield from outside(each, shape.member)
        case "map":
            if len(value) > shape.metadata.get("max", len(value)):
                yield f"{shape.name} has {len(value)} entries"
            for key, each in value.items():
                yield from outside(key, shape.key)
                yield from outside(each, shape.value)
        case "string":
            if shape.enum and value not in shape.enum:
                yield f"{value} is no {shape.name}"
            pattern = shape.metadata.get("pattern")
            if pattern and "\\p{" not in pattern and not re.fullmatch(pattern, value):
                yield f"{value[:60]!r} does not have the pattern of {shape.name}"
            if len(value) > shape.metadata.get("max", len(value)):
                yield f"{shape.name} has {len(value)} characters"
        case "integer" | "long":
            if not shape.metadata.get("min", value) <= value <= shape.metadata.get("max", value):
                yield f"{value} is out of the range of {shape.name}"
        case _:
            pass


def spot(steps: Node) -> None:
    """A step that only a training job can run, and one behind a condition."""
    steps["train"]["resources"] = {"vcpus": 4, "memory_gib": 16, "accelerator": "T4:1", "capacity": "spot"}
    steps["train"] |= {"retries": 3, "checkpoint": True}
    steps["train"]["command"] += ["--checkpoint", "{{checkpoint}}"]
    steps["score"]["when"] = {"step": "evaluate", "output": "metrics", "metric": "auc", "at_least": 0.7}


def large(steps: Node) -> None:
    """A machine that only training jobs have, and a gate that fits into no argument."""
    steps["train"]["resources"] = {"accelerator": "A100-40GB:8", "vcpus": 8, "memory_gib": 32}
    steps["train"]["timeout_minutes"] = 10
    steps["gate"]["gate"]["slices"] = [
        {"column": f"column_{index}", "metric": "auc", "at_least": 0.7} for index in range(12)
    ]


def several(steps: Node) -> None:
    """A training job of several nodes, and a search on several machines."""
    steps["train"]["resources"] = {"accelerator": "T4:4", "vcpus": 8, "memory_gib": 32, "nodes": 2}
    steps["train"] |= {"distribution": "torch", "timeout_minutes": 60}
    steps["features"] |= {
        "command": [
            "shape",
            "{{inputs.rows}}",
            "{{outputs.train}}",
            "{{outputs.test}}",
            "{{outputs.fit}}",
            "{{tune.width}}",
        ],
        "outputs": {"train": {}, "test": {}, "fit": {"kind": "metrics", "metrics": ["loss"]}},
        "tune": {
            "parameters": [{"name": "width", "type": "integer", "at_least": 1, "at_most": 9}],
            "metric": "loss",
            "goal": "minimize",
            "trials": 12,
            "trial_minutes": 5,
            "machines": 3,
        },
        "checkpoint": True,
    }


def champion(steps: Node) -> None:
    """A step that fetches the released model, for the evaluating one."""
    steps["champion"] = {"name": "champion", "kind": "champion", "after": ["train"]}
    steps["evaluate"]["inputs"]["released"] = {"step": "champion", "output": "released"}


def planted(name: str, change: Callable[[Node], object]) -> None:
    """A mistake must be found: a check that accepts everything proves nothing."""
    broken = copy.deepcopy(written())
    change(next(step for step in jobs(broken) if step["Name"] == "train")["Arguments"])
    if not problems(broken):
        raise SystemExit(f"{name} is not found")


def main() -> int:
    """Prove the forms."""
    definitions = [written(), written(spot), written(large), written(several), written(champion)]
    found = [each for definition in definitions for each in problems(definition)]
    if found:
        print("\n".join(found))
        return 1
    kinds = [step["Type"] for definition in definitions for step in jobs(definition)]
    if set(kinds) != set(OPERATIONS):
        raise SystemExit(f"only {set(kinds)} were looked at")
    planted("an unknown member", lambda job: job.update(Images="x"))
    planted("a wrong type", lambda job: job["StoppingCondition"].update(MaxRuntimeInSeconds="1"))
    planted("an unknown machine", lambda job: job["ProcessingResources"]["ClusterConfig"].update(InstanceType="ml.x"))
    planted("a long argument", lambda job: job["AppSpecification"].update(ContainerArguments=["x" * 257]))
    planted("many arguments", lambda job: job["AppSpecification"].update(ContainerArguments=["x"] * 101))
    planted("many variables", lambda job: job.update(Environment={f"V{number}": "x" for number in range(101)}))
    planted("a long run", lambda job: job["StoppingCondition"].update(MaxRuntimeInSeconds=777_601))
    print(f"{len(kinds)} requests of {len(definitions)} definitions, 7 planted mistakes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
