"""A pipeline for Argo Workflows on the training cluster: a template from which runs are made.

Folders are Argo's artefacts, in the store as plain files; metrics are its values. A step waits for the success of those
before it, so that what waits for a step left out is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from mlplatform.cluster.objects import argo
from mlplatform.cluster.objects.base import Metadata
from mlplatform.cluster.objects.containers import EnvVar, Mount
from mlplatform.cluster.objects.jobs import JobSet
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.cluster.objects.volumes import EmptyDir, Volume
from mlplatform.cluster.objects.wire import Wire, wire_value
from mlplatform.fast.record import record
from mlplatform.pipelines.forms.argo_gang import (
    PLACE,
    RUN,
    archive_path,
    gang_script,
    gang_template,
    handed_as_archive,
    is_gang,
)
from mlplatform.pipelines.forms.entry import MetricFile, entry_script
from mlplatform.pipelines.forms.seen import metric_outputs
from mlplatform.pipelines.meaning import FromStep, FromStore, Meaning, Slot, Task, When, Word
from mlplatform.spec.pipeline_parameters import value_text

MAIN = "main"
"""Name of the graph's template, and of the container that computes."""


@record(kw_only=True)
class Command:
    """What each pod of a step of several nodes runs."""

    words: tuple[str, ...]
    """Program and arguments."""

    env: Mapping[str, str]
    """The step's own variables."""


@record(kw_only=True)
class ArgoService:
    """What the template must know of the cluster."""

    namespace: str
    """Namespace of the runs."""

    account: str
    """Service account of the pods."""

    pod: Callable[[Task], PodTemplate]
    """The pod of a task; its first container is the task's."""

    location: Callable[[str], argo.StoreLocation]
    """A folder of the store as Argo reads it."""

    folder: Callable[[str], str]
    """The path at which pods see an address of the store, for checkpoints and for steps of several nodes."""

    pipelines: str
    """Address of the store's place of pipelines, without a slash at its end."""

    gang: Callable[[Task, Command], JobSet]
    """The JobSet of a step of several nodes, with its program and variables."""


def emit(meaning: Meaning, service: ArgoService) -> argo.WorkflowTemplate:
    """The template.

    Args:
        meaning: the pipeline.
        service: the cluster that it runs on.
    """
    archived = handed_as_archive(meaning)
    parameters = tuple(
        argo.ArgoParameter(name=each.name, value=value_text(each.default), description=each.type)
        for each in meaning.parameters
    )
    graph = argo.ArgoDag(tasks=tuple(_dag_task(meaning, task) for task in meaning.tasks))
    return argo.WorkflowTemplate(
        metadata=Metadata(name=meaning.name, namespace=service.namespace),
        spec=argo.WorkflowSpec(
            entrypoint=MAIN,
            templates=(
                argo.ArgoTemplate(name=MAIN, dag=graph),
                *(
                    _gang(meaning, task, service) if is_gang(task) else _template(meaning, task, service, archived)
                    for task in meaning.tasks
                ),
            ),
            arguments=argo.ArgoGiven(parameters=parameters) if parameters else None,
            service_account_name=service.account,
            active_deadline_seconds=meaning.timeout_hours * 3600,
        ),
    )


def metric_key(output: str, metric: str) -> str:
    """Name of a metric as a value of its step."""
    return f"{output}-{metric}"


def template_name(task: str) -> str:
    """Name of a task's template: not that of the graph."""
    return f"step-{task}"


def _dag_task(meaning: Meaning, task: Task) -> argo.ArgoDagTask:
    # what a step of several nodes reads or writes has a known address
    handed = (
        ()
        if is_gang(task)
        else tuple(
            argo.ArgoArtifact(name=name, from_=f"{{{{tasks.{source.step}.outputs.artifacts.{source.output}}}}}")
            for name, source in task.inputs.items()
            if isinstance(source, FromStep) and not is_gang(meaning.task(source.step))
        )
    )
    return argo.ArgoDagTask(
        name=task.name,
        template=template_name(task.name),
        depends=" && ".join(f"{name}.Succeeded" for name in task.after) or None,
        when=_condition(task.when) if task.when else None,
        arguments=argo.ArgoGiven(artifacts=handed) if handed else None,
    )


def _condition(when: When) -> str:
    key = metric_key(when.source.output, when.metric)
    sign, bound = (">=", when.at_least) if when.at_least is not None else ("<=", when.at_most)
    value = f"asFloat(tasks['{when.source.step}'].outputs.parameters['{key}'])"
    return f"{{{{={value} {sign} {float(bound or 0.0)!r}}}}}"


def _gang(meaning: Meaning, task: Task, service: ArgoService) -> argo.ArgoTemplate:
    sources = [source.uri for source in task.inputs.values() if isinstance(source, FromStore)]
    script = gang_script(
        meaning,
        task,
        pipelines=service.folder(service.pipelines),
        folder={uri: service.folder(uri).rstrip("/") for uri in sources},
    )
    command = Command(
        words=("sh", "-c", script, "step", *(_word(task, word, service) for word in task.command)),
        env={key: _word(task, word, service) for key, word in task.env.items()},
    )
    return gang_template(template_name(task.name), service.gang(task, command))


def _template(
    meaning: Meaning, task: Task, service: ArgoService, archived: frozenset[tuple[str, str]]
) -> argo.ArgoTemplate:
    pod = service.pod(task)
    metrics = list(metric_outputs(task))
    script = entry_script(
        folders=[_output(name) for name in task.outputs],
        metrics=[
            MetricFile(folder=_output(name), metric=metric, file=_value(metric_key(name, metric)))
            for name, metric in metrics
        ],
        timeout_minutes=task.timeout_minutes,
    )
    own = tuple(EnvVar(name=key, value=_word(task, word, service)) for key, word in task.env.items())
    container = pod.spec.containers[0]
    # an image's own user cannot make folders at the root; what is written counts as the pod's disk
    made = [
        (Volume(name=name, empty_dir=EmptyDir()), Mount(name=name, mount_path=f"{PLACE}/{name}"))
        for name, needed in (("outputs", task.outputs), ("values", metrics))
        if needed
    ]
    container = replace(
        container,
        name=MAIN,
        image=task.image,
        command=("sh", "-c", script, "step"),
        args=tuple(_word(task, word, service) for word in task.command),
        env=(*(container.env or ()), *own) or None,
        volume_mounts=(*(container.volume_mounts or ()), *(mount for _, mount in made)) or None,
    )
    return argo.ArgoTemplate(
        name=template_name(task.name),
        container=container,
        inputs=_given(tuple(_input(meaning, name, source, service) for name, source in task.inputs.items()), ()),
        outputs=_given(
            tuple(
                _archive(meaning, task.name, name, service, _output(name))
                if (task.name, name) in archived
                else argo.ArgoArtifact(name=name, path=_output(name), archive=argo.ArgoArchive(none=argo.NoArchive()))
                for name in task.outputs
            ),
            tuple(
                argo.ArgoParameter(name=key, value_from=argo.ArgoValueFrom(path=_value(key)))
                for key in (metric_key(*each) for each in metrics)
            ),
        ),
        metadata=argo.ArgoPodMarks(labels=pod.metadata.labels, annotations=pod.metadata.annotations)
        if pod.metadata
        else None,
        node_selector=pod.spec.node_selector,
        tolerations=pod.spec.tolerations,
        volumes=(*(pod.spec.volumes or ()), *(volume for volume, _ in made)) or None,
        service_account_name=pod.spec.service_account_name,
        # a pod that is taken away has not failed, but ended with an error
        retry_strategy=argo.ArgoRetryStrategy(
            limit=task.retries, retry_policy="Always", backoff=argo.ArgoBackoff(duration="60s", factor=2, cap="1h")
        )
        if task.retries
        else None,
        pod_spec_patch=_patch(pod),
    )


def _patch(pod: PodTemplate) -> str | None:
    """What a template has no field for: the time to save, claims of devices, and containers beside the step's."""
    spec = pod.spec
    found: dict[str, Wire] = {
        "terminationGracePeriodSeconds": spec.termination_grace_period_seconds,
        "resourceClaims": wire_value(spec.resource_claims),
        "initContainers": wire_value(spec.init_containers),
    }
    kept = {key: value for key, value in found.items() if value}
    return json.dumps(kept, sort_keys=True) if kept else None


def _given(
    artifacts: tuple[argo.ArgoArtifact, ...], parameters: tuple[argo.ArgoParameter, ...]
) -> argo.ArgoGiven | None:
    if not artifacts and not parameters:
        return None
    return argo.ArgoGiven(artifacts=artifacts or None, parameters=parameters or None)


def _input(meaning: Meaning, name: str, source: FromStep | FromStore, service: ArgoService) -> argo.ArgoArtifact:
    path = f"{PLACE}/inputs/{name}"
    if isinstance(source, FromStore):
        return _at(name, path, service.location(source.uri))
    if is_gang(meaning.task(source.step)):
        found = _archive(meaning, source.step, source.output, service, path)
        return replace(found, name=name)
    return argo.ArgoArtifact(name=name, path=path)


def _archive(meaning: Meaning, step: str, output: str, service: ArgoService, path: str) -> argo.ArgoArtifact:
    return _at(output, path, service.location(f"{service.pipelines}/{archive_path(meaning.name, step, output)}"))


def _at(name: str, path: str, place: argo.StoreLocation) -> argo.ArgoArtifact:
    return argo.ArgoArtifact(name=name, path=path, s3=place.s3, gcs=place.gcs, azure=place.azure)


def _output(name: str) -> str:
    return f"{PLACE}/outputs/{name}"


def _value(key: str) -> str:
    return f"{PLACE}/values/{key}"


def _word(task: Task, word: Word, service: ArgoService) -> str:
    return "".join(part if isinstance(part, str) else _slot(task, part, service) for part in word)


def _slot(task: Task, slot: Slot, service: ArgoService) -> str:
    match slot.group:
        case "inputs":
            return f"{PLACE}/inputs/{slot.name}"
        case "outputs":
            return _output(slot.name)
        case "parameters":
            return f"{{{{workflow.parameters.{slot.name}}}}}"
        case "checkpoint":
            return f"{service.folder(task.checkpoint or '').rstrip('/')}/{RUN}"
        case "run":
            return RUN
