"""Reads a definition of SageMaker Pipelines back, and finds edges from nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from mlplatform.pipelines.forms.sagemaker import CHECKPOINT, LONGEST, RUN
from mlplatform.pipelines.forms.sagemaker_nodes import without_launch
from mlplatform.pipelines.forms.sagemaker_words import JOINED
from mlplatform.pipelines.forms.seen import Seen, SeenTask
from mlplatform.pipelines.meaning import FromStep, FromStore, Slot, When, Word
from mlplatform.spec.pipeline_parameters import value_text

_Node = Mapping[str, Any]
Size = tuple[int, int, str | None]

_PROCESSED = re.compile(r"Steps\.([a-z0-9-]+)\.ProcessingOutputConfig\.Outputs\['([a-z0-9_]+)'\]\.S3Output\.S3Uri")
_TRAINED = re.compile(r"Steps\.([a-z0-9-]+)\.ModelArtifacts\.S3ModelArtifacts")
_METRIC = re.compile(r"Steps\.([a-z0-9-]+)\.PropertyFiles\.([a-z0-9_]+)")
_FOLDER = re.compile(r"/opt/ml/(?:processing/(input|output)|(input)/data|(model))/([a-z0-9_]+)(?:/([a-z0-9_]+))?")


def job_steps(document: _Node) -> Iterator[tuple[_Node, _Node | None]]:
    """Every job with the condition that it is behind."""
    for step in document["Steps"]:
        if step["Type"] == "Condition":
            for inner in step["Arguments"]["IfSteps"]:
                yield inner, step
        else:
            yield step, None


def problems(document: _Node, text: str = "") -> tuple[str, ...]:
    """References to what is not there, repeated names, circles and excessive length, one sentence each."""
    return tuple(_problems(document, text))


def _problems(document: _Node, text: str) -> Iterator[str]:
    steps = {step["Name"]: step for step, _ in job_steps(document)}
    names = [step["Name"] for step, _ in job_steps(document)]
    names += [step["Name"] for step in document["Steps"] if step["Type"] == "Condition"]
    yield from (f"{name}: two steps of this name" for name in sorted({n for n in names if names.count(n) > 1}))
    parameters = {each["Name"] for each in document["Parameters"]}
    for step in document["Steps"]:
        for path in _gets(step):
            group, _, rest = path.partition(".")
            if group == "Parameters" and rest not in parameters:
                yield f"{step['Name']}: {rest} is no parameter"
            if group == "Steps" and not _is_there(path, steps):
                yield f"{step['Name']}: {path} is nowhere"
    for step, _ in job_steps(document):
        yield from (
            f"{step['Name']}: waits for {each}, which is not there"
            for each in step.get("DependsOn", ())
            if each not in steps
        )
    yield from _circle(steps)
    if len(text) > LONGEST:
        yield f"{len(text)} characters: at most {LONGEST}"


def _circle(steps: Mapping[str, _Node]) -> Iterator[str]:
    waiting = {name: set(step.get("DependsOn", ())) & steps.keys() for name, step in steps.items()}
    while ready := [name for name, needed in waiting.items() if not needed & waiting.keys()]:
        for name in ready:
            del waiting[name]
    if waiting:
        yield f"{', '.join(sorted(waiting))}: each waits for another"


def _is_there(path: str, steps: Mapping[str, _Node]) -> bool:
    if match := _PROCESSED.fullmatch(path):
        step = steps.get(match[1])
        outputs = step["Arguments"].get("ProcessingOutputConfig", {}).get("Outputs", ()) if step else ()
        return any(each["OutputName"] == match[2] for each in outputs)
    if match := _TRAINED.fullmatch(path):
        return match[1] in steps and steps[match[1]]["Type"] == "Training"
    if match := _METRIC.fullmatch(path):
        files = steps[match[1]].get("PropertyFiles", ()) if match[1] in steps else ()
        return any(each["PropertyFileName"] == match[2] for each in files)
    return False


def _gets(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in cast("_Node", value).items():
            if key == "Get":
                yield each
            else:
                yield from _gets(each)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            yield from _gets(each)


def read(document: _Node, name: str, size: Callable[[str], Size]) -> Seen:
    """What a definition means.

    Args:
        document: the definition.
        name: the pipeline's name, which is not in it.
        size: what a step asked for that got an instance type.
    """
    tasks = {step["Name"]: _task(step, branch, size) for step, branch in job_steps(document)}
    return Seen(
        name=name,
        parameters={each["Name"]: value_text(each["DefaultValue"]) for each in document["Parameters"]},
        tasks=tuple(
            replace(task, conditions=_inherited(task, tasks)) for task in sorted(tasks.values(), key=lambda t: t.name)
        ),
    )


def _inherited(task: SeenTask, tasks: Mapping[str, SeenTask]) -> frozenset[When]:
    found = set(task.conditions)
    for before in task.after:
        found |= _inherited(tasks[before], tasks)
    return frozenset(found)


def _task(step: _Node, branch: _Node | None, size: Callable[[str], Size]) -> SeenTask:
    given = step["Arguments"]
    if step["Type"] == "Processing":
        app, cluster = given["AppSpecification"], given["ProcessingResources"]["ClusterConfig"]
        image = app["ImageUri"]
        uris = {each["InputName"]: each["S3Input"]["S3Uri"] for each in given.get("ProcessingInputs", ())}
        outputs = {each["OutputName"] for each in given.get("ProcessingOutputConfig", {}).get("Outputs", ())}
    else:
        app, cluster = given["AlgorithmSpecification"], given["ResourceConfig"]
        image, outputs = app["TrainingImage"], set[str]()
        channels = given.get("InputDataConfig", ())
        uris = {each["ChannelName"]: each["DataSource"]["S3DataSource"]["S3Uri"] for each in channels}
    command, inside = _command(app)
    texts = ("".join(part for part in word if isinstance(part, str)) for word in command)
    command = command[without_launch(texts) if step["Type"] == "Training" else 0 :]
    if step["Type"] == "Training":
        outputs = {part.name for word in command for part in word if isinstance(part, Slot) and part.group == "outputs"}
    vcpus, memory_gib, accelerator = size(cluster["InstanceType"])
    return SeenTask(
        name=step["Name"],
        image=image,
        command=command,
        env={key: _word(_parts(value), {}) for key, value in given.get("Environment", {}).items()},
        inputs={key: _source(uri, inside.get(key)) for key, uri in uris.items()},
        outputs=frozenset(outputs),
        after=frozenset(step.get("DependsOn", ())),
        conditions=frozenset(map(_when, branch["Arguments"]["Conditions"])) if branch else frozenset(),
        vcpus=vcpus,
        memory_gib=memory_gib,
        accelerator=accelerator,
        retries=max((each["MaxAttempts"] for each in step.get("RetryPolicies", ())), default=0),
        timeout_minutes=given["StoppingCondition"]["MaxRuntimeInSeconds"] // 60,
        nodes=cluster["InstanceCount"],
    )


def _command(app: _Node) -> tuple[tuple[Word, ...], dict[str, str]]:
    """The words, and the folder inside each input that a training job wrote."""
    entry, rest = list(app["ContainerEntrypoint"]), list(app.get("ContainerArguments", ()))
    inside: dict[str, str] = {}
    if tuple(entry) != JOINED:
        return tuple(_word(_parts(each), inside) for each in [*entry, *rest]), inside
    words: list[list[object]] = []
    for first, *others in map(_parts, rest):
        text = str(first)
        if text[0] == "=":
            words.append([])
        words[-1] += [text[1:], *others]
    return tuple(_word(each, inside) for each in words), inside


def _parts(value: object) -> list[object]:
    if isinstance(value, Mapping):
        node = cast("_Node", value)
        return list(node["Std:Join"]["Values"]) if "Std:Join" in node else [node]
    return [value]


def _word(parts: Sequence[object], inside: dict[str, str]) -> Word:
    found: list[str | Slot] = []

    def add(text: str) -> None:
        if text and found and isinstance(found[-1], str):
            found[-1] += text
        elif text:
            found.append(text)

    for part in parts:
        if isinstance(part, Mapping):
            path = str(cast("_Node", part)["Get"])
            found.append(Slot("run") if path == RUN else Slot("parameters", path.removeprefix("Parameters.")))
            continue
        text, at = str(part), 0
        for match in re.finditer(rf"{_FOLDER.pattern}|({CHECKPOINT})", text):
            add(text[at : match.start()])
            if match[6]:
                found.append(Slot("checkpoint"))
            else:
                group = "outputs" if "output" in (match[1], match[2]) or match[3] else "inputs"
                found.append(Slot(group, match[4]))
                if match[5]:
                    inside[match[4]] = match[5]
            at = match.end()
        add(text[at:])
    return tuple(found)


def _source(uri: object, inside: str | None) -> FromStep | FromStore:
    if isinstance(uri, str):
        return FromStore(uri)
    path = str(cast("_Node", uri)["Get"])
    if match := _PROCESSED.fullmatch(path):
        return FromStep(match[1], match[2])
    match = _TRAINED.fullmatch(path)
    if match is None or inside is None:
        raise ValueError(f"{path} is no output of a step")
    return FromStep(match[1], inside)


def _when(condition: _Node) -> When:
    found = condition["LeftValue"]["Std:JsonGet"]
    match = _METRIC.fullmatch(found["PropertyFile"]["Get"])
    if match is None:
        raise ValueError(f"{found} reads no metric")
    bound, least = condition["RightValue"], condition["Type"] == "GreaterThanOrEqualTo"
    return When(FromStep(match[1], match[2]), found["Path"], bound if least else None, None if least else bound)
