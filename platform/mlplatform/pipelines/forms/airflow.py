"""A pipeline as a file that Airflow loads: a graph of pods on the training cluster.

Pods share the store's places as folders, below `RUN` of each run. A condition is a small pod before the step:
it ends with a code that Airflow takes as left out, and so does everything behind it. The file is for Airflow 3.
"""

from __future__ import annotations

import pprint
import re
from collections.abc import Callable
from dataclasses import replace

from mlplatform.cluster.airflow.operator import BY_CONNECTION, PodOperator
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.cluster.objects.wire import Wire, wire_value
from mlplatform.fast.record import record
from mlplatform.pipelines.forms.entry import LEFT_OUT, MetricFile, check_script, entry_script
from mlplatform.pipelines.forms.seen import metric_outputs
from mlplatform.pipelines.meaning import FromStep, FromStore, Meaning, Slot, Task, When, Word
from mlplatform.spec.base import default
from mlplatform.spec.pipeline_parameters import value_text
from mlplatform.spec.pipeline_steps import StepResources

RUN = "{{ run_id | replace(':', '-') | replace('+', '-') }}"
"""Name of the run, as a folder's name."""

CONTAINER = "base"
"""Name of the container whose program, image and variables the operator sets."""

_WIDTH = 110


@record(kw_only=True)
class AirflowService:
    """What the file must know of the cluster."""

    namespace: str
    """Namespace of the pods."""

    pod: Callable[[Task], PodTemplate]
    """The pod of a task, with a container called `CONTAINER`."""

    folder: Callable[[str], str]
    """The path at which pods see an address of the store."""

    runs: str
    """Folder of the runs' outputs, as pods see it."""

    operator: PodOperator = BY_CONNECTION
    """What makes the pods."""


def emit(meaning: Meaning, service: AirflowService) -> str:
    """The file.

    Args:
        meaning: the pipeline.
        service: the cluster that it runs on.
    """
    tasks: dict[str, Wire] = {}
    for task in meaning.tasks:
        before = list(task.after)
        if task.when:
            checked = f"{task.name}.when"
            tasks[checked] = _check(meaning, task, task.when, service, before)
            before.append(checked)
        tasks[task.name] = _task(meaning, task, service, before)
    parameters: dict[str, Wire] = {each.name: value_text(each.default) for each in meaning.parameters}
    return _FILE.format(
        name=meaning.name,
        model=meaning.model,
        hours=meaning.timeout_hours,
        namespace=service.namespace,
        module=service.operator.module,
        operator=service.operator.name,
        pod_name=service.operator.pod_name,
        reaches="".join(f"\n            {name}={_quoted(value)}," for name, value in service.operator.reaches.items()),
        left_out=LEFT_OUT,
        container=CONTAINER,
        parameters=_literal(parameters),
        tasks=_literal(tasks),
    )


def _literal(value: Wire) -> str:
    return pprint.pformat(value, width=_WIDTH, sort_dicts=True)


def _quoted(value: str | bool | None) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _task(meaning: Meaning, task: Task, service: AirflowService, before: list[str]) -> Wire:
    def word(word: Word) -> str:
        return "".join(_plain(part) if isinstance(part, str) else slot(part) for part in word)

    def slot(slot: Slot) -> str:
        match slot.group:
            case "inputs":
                match task.inputs[slot.name]:
                    case FromStep(step=step, output=output):
                        return _output(meaning, service, step, output)
                    case FromStore(uri=uri):
                        return service.folder(uri).rstrip("/")
            case "outputs":
                return _output(meaning, service, task.name, slot.name)
            case "parameters":
                return f"{{{{ params.{slot.name} }}}}"
            case "checkpoint":
                return f"{service.folder(task.checkpoint or '').rstrip('/')}/{RUN}"
            case "run":
                return RUN

    script = entry_script(
        folders=[_output(meaning, service, task.name, name) for name in task.outputs],
        metrics=[
            MetricFile(folder=_output(meaning, service, task.name, name), metric=metric, file="/dev/null")
            for name, metric in metric_outputs(task)
        ],
        timeout_minutes=task.timeout_minutes,
        # they are in the store: half a model of a former attempt would be registered with the whole one
        emptied=True,
    )
    return {
        "after": list[Wire](before),
        "arguments": [script, "step", *(word(each) for each in task.command)],
        "env": {key: word(value) for key, value in task.env.items()},
        "image": task.image,
        "pod": _pod(service, task),
        "reads": {name: slot(Slot("inputs", name)) for name in task.inputs},
        "retries": task.retries,
        "writes": {name: slot(Slot("outputs", name)) for name in task.outputs},
    }


def _check(meaning: Meaning, task: Task, when: When, service: AirflowService, before: list[str]) -> Wire:
    """A small pod with the image of the step that wrote the metric: it has been pulled before."""
    source = meaning.task(when.source.step)
    small = replace(source, name=f"{task.name}-when", resources=default(StepResources), distribution=None)
    script = check_script(
        folder=_output(meaning, service, when.source.step, when.source.output),
        metric=when.metric,
        at_least=when.at_least,
        at_most=when.at_most,
    )
    return {
        "after": list[Wire](before),
        "arguments": [script, "step"],
        "env": {},
        "image": source.image,
        "pod": _pod(service, small),
        "reads": {when.source.output: _output(meaning, service, when.source.step, when.source.output)},
        "retries": 2,
        "writes": {},
    }


def _pod(service: AirflowService, task: Task) -> Wire:
    body = wire_value(service.pod(task))
    return {"apiVersion": "v1", "kind": "Pod", **(body if isinstance(body, dict) else {})}


def _output(meaning: Meaning, service: AirflowService, step: str, output: str) -> str:
    return f"{service.runs}/{meaning.name}/{RUN}/{step}/{output}"


def _plain(text: str) -> str:
    """Text that Airflow's templates leave as it is."""
    return re.sub(r"\{\{|\{%|\{#", lambda match: f"{{{{ '{match[0]}' }}}}", text)


_FILE = '''\
"""{name}: trains {model}. Written by `mlplatform render pipeline`: change the spec, and write it again."""

from __future__ import annotations

import json
from datetime import timedelta

from {module} import {operator}
from airflow.sdk import DAG, Param

PARAMETERS = {parameters}

TASKS = {tasks}

with DAG(
    dag_id="{name}",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours={hours}),
    params={{name: Param(value, type="string") for name, value in PARAMETERS.items()}},
    tags=["mlplatform", "model:{model}"],
) as dag:
    steps = {{
        name: {operator}(
            task_id=name,
            {pod_name}=name.replace(".", "-"),{reaches}
            namespace="{namespace}",
            pod_template_dict=task["pod"],
            base_container_name="{container}",
            image=task["image"],
            cmds=["sh", "-c"],
            arguments=task["arguments"],
            env_vars=task["env"],
            doc_json=json.dumps({{"reads": task["reads"], "writes": task["writes"]}}),
            # a pod waits in the queue for as long as the run may take
            startup_timeout_seconds={hours} * 3600,
            skip_on_exit_code={left_out},
            retries=task["retries"],
            retry_delay=timedelta(minutes=1),
            retry_exponential_backoff=True,
            max_retry_delay=timedelta(hours=1),
        )
        for name, task in TASKS.items()
    }}
    for name, task in TASKS.items():
        for before in task["after"]:
            steps[before] >> steps[name]
'''
