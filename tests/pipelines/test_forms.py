"""Every form says what the meaning says: tasks, edges, words, parameters, machines, conditions."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

import pytest

from mlplatform.cluster.objects.argo import GcsLocation, StoreLocation
from mlplatform.cluster.objects.containers import Container, Resources
from mlplatform.cluster.objects.jobs import JobSet
from mlplatform.cluster.objects.pods import PodSpec, PodTemplate
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.components.champion import Champion
from mlplatform.pipelines.forms import (
    airflow,
    airflow_read,
    argo,
    argo_read,
    kfp,
    kfp_read,
    sagemaker,
    sagemaker_read,
    sagemaker_words,
)
from mlplatform.pipelines.forms.seen import Seen, seen_of
from mlplatform.pipelines.meaning import Meaning, Task
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.spec.pipelines import PipelineSpec

from .example import NOW, PIPELINE, STEPS, STORE, meaning

Document: TypeAlias = "dict[str, Any]"


def _device(task: Task) -> tuple[str, int]:
    model, _, count = (task.resources.accelerator or ("",))[0].partition(":")
    return f"NVIDIA_{model}", int(count)


SERVICE = kfp.KfpService(
    device=_device,
    folder=lambda uri: uri.replace("gs://", "/gcs/"),
)


def test_a_folder_of_data_is_a_data_set_of_vertex_ml_metadata() -> None:
    """The schema's title is what Vertex ML Metadata and kfp call a data set; other folders stay plain artefacts."""
    plain = json.dumps(kfp.emit(meaning(), SERVICE), sort_keys=True)
    listed = kfp.emit(meaning(), replace(SERVICE, data=("gs://acme-data/",)))
    text = json.dumps(listed, sort_keys=True)
    executors = cast("dict[str, dict[str, Any]]", cast("dict[str, Any]", listed["deploymentSpec"])["executors"])
    imported = {
        each["importer"]["artifactUri"]["constant"]: each["importer"]["typeSchema"]["schemaTitle"]
        for each in executors.values()
        if "importer" in each
    }
    assert imported
    assert all((kind == "system.Dataset") == uri.startswith("gs://acme-data/") for uri, kind in imported.items())
    assert "system.Dataset" in imported.values()
    # what gives, what it is handed to and what reads it agree
    count = sum(uri.startswith("gs://acme-data/") for uri in imported)
    assert text.count('"system.Dataset"') == plain.count('"system.Dataset"') + 3 * count


DEVICES = "devices.example/"


def pod(task: Task) -> PodTemplate:
    """A pod of the task's size; a real one is made of the pool's facts."""
    asked = task.resources
    model, _, count = (asked.accelerator[0] if asked.accelerator else "").partition(":")
    limits = {f"{DEVICES}{model}": count} if model else None
    requests = {"cpu": str(asked.vcpus), "memory": f"{asked.memory_gib}Gi"}
    container = Container(name="base", image=task.image, resources=Resources(requests=requests, limits=limits))
    return PodTemplate(spec=PodSpec(containers=(container,), service_account_name="training"))


def _devices(made: Document) -> str | None:
    limits = made["spec"]["containers"][0]["resources"].get("limits", {})
    found = [f"{key.removeprefix(DEVICES)}:{value}" for key, value in limits.items()]
    return found[0] if found else None


AIRFLOW = airflow.AirflowService(
    namespace="training",
    pod=pod,
    folder=lambda uri: uri.replace("gs://acme-", "/mnt/"),
    runs="/mnt/pipelines/runs",
)


def _location(uri: str) -> StoreLocation:
    bucket, _, key = uri.removeprefix("gs://").partition("/")
    return StoreLocation(gcs=GcsLocation(bucket=bucket, key=key))


def _no_gang(task: Task, command: argo.Command) -> JobSet:
    """The example has no step of several nodes; tests/pipelines/test_gangs.py has."""
    raise AssertionError(f"{task.name}: {command}")


ARGO = argo.ArgoService(
    namespace="pipelines",
    account="pipelines",
    pod=pod,
    location=_location,
    folder=lambda uri: uri.replace("gs://acme-", "/mnt/"),
    pipelines="gs://acme-pipelines",
    gang=_no_gang,
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
    "airflow": Form(
        text=lambda what: airflow.emit(what, AIRFLOW),
        load=airflow_read.load,
        read=lambda document: airflow_read.read(
            document, lambda path: f"{path.replace('/mnt/', 'gs://acme-')}/", _devices
        ),
        problems=airflow_read.problems,
    ),
    "argo": Form(
        text=lambda what: json.dumps(wire_object(argo.emit(what, ARGO)), indent=1),
        load=json.loads,
        read=lambda document: argo_read.read(
            document,
            lambda artifact: f"gs://{artifact['gcs']['bucket']}/{artifact['gcs']['key']}",
            lambda container: _devices({"spec": {"containers": [container]}}),
        ),
        problems=argo_read.problems,
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


RELEASED = Champion("7", f"{STORE}-models/models/fraud/7")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("released", [None, RELEASED], ids=["nothing-released", "released"])
def test_a_form_says_what_the_meaning_says(form: str, released: Champion | None) -> None:
    """Where nothing is released, both words about it stay in the command, and are empty."""
    said = meaning(released=released)
    document = FORMS[form].load(FORMS[form].text(said))
    assert FORMS[form].read(document) == seen_of(said)
    assert FORMS[form].problems(document) == ()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("released", [None, RELEASED], ids=["nothing-released", "released"])
def test_a_form_fetches_the_released_model_before_it_evaluates(form: str, released: Champion | None) -> None:
    said = meaning(PipelineSpec.model_validate(NOW), released=released)
    document = FORMS[form].load(FORMS[form].text(said))
    seen = FORMS[form].read(document)
    assert seen == seen_of(said)
    (task,) = [each for each in seen.tasks if each.name == "champion"]
    assert (("7",) in task.command) == (released is not None)
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


def test_the_api_server_takes_argos_template() -> None:
    """By the definition in the chart that the add-on installs."""
    document = _document("argo")
    token = "kubernetes:argoproj.io/v1alpha1:WorkflowTemplate"
    assert check_kubernetes_object(token, document) == []
    document["spec"]["templates"][1]["retryStrateg"] = {}
    assert [refusal.path for refusal in check_kubernetes_object(token, document)] == ["spec.templates[1].retryStrateg"]


def test_argo_finds_edges_from_nowhere() -> None:
    text = FORMS["argo"].text(meaning())

    def broken(old: str, new: str) -> str:
        assert old in text
        return "\n".join(argo_read.problems(json.loads(text.replace(old, new, 1))))

    assert "evaluate: waits for trainer" in broken(
        '"depends": "ingest.Succeeded && train', '"depends": "ingest.Succeeded && trainer'
    )
    assert "reads train.modell" in broken("train.outputs.artifacts.model}}", "train.outputs.artifacts.modell}}")
    assert "no template step-gates" in broken('"template": "step-gate"', '"template": "step-gates"')
    assert "parameter learningRat," in broken(
        "{{workflow.parameters.learningRate}}", "{{workflow.parameters.learningRat}}"
    )
    assert "reads evaluate.metrics-auk" in broken("['metrics-auc'])", "['metrics-auk'])")
    assert "ingest: waits for itself" in broken(
        '"name": "ingest",\n', '"name": "ingest", "depends": "train.Succeeded",\n'
    )
    assert "ingest: claims comes from nowhere" in broken('"gcs"', '"gcp"')


def test_airflow_finds_edges_from_nowhere() -> None:
    document = airflow_read.load(FORMS["airflow"].text(meaning()))

    def broken(change: Callable[[Document], object]) -> str:
        copied = copy.deepcopy(dict(document))
        change(copied["tasks"])
        return "\n".join(airflow_read.problems(copied))

    assert "train: waits for nobody" in broken(lambda tasks: tasks["train"]["after"].append("nobody"))
    assert "ingest: waits for itself" in broken(lambda tasks: tasks["ingest"]["after"].append("train"))
    assert "evaluate: reads from train, which it does not wait for" in broken(
        lambda tasks: tasks["evaluate"].update(after=["ingest"])
    )
    assert "reads the parameter rate" in broken(lambda tasks: tasks["train"]["arguments"].append("{{ params.rate }}"))


def test_airflow_leaves_its_own_signs_in_texts_alone() -> None:
    changed = copy.deepcopy(PIPELINE)
    changed["steps"] = [{**STEPS[0], "env": {"FORMAT": "{% raw %}{#"}}]
    one = meaning(PipelineSpec.model_validate({**changed, "parameters": []}))
    document = airflow_read.load(airflow.emit(one, AIRFLOW))
    assert document["tasks"]["ingest"]["env"]["FORMAT"] == "{{ '{%' }} raw %}{{ '{#' }}"
    assert FORMS["airflow"].read(document) == seen_of(one)


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
