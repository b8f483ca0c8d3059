"""What a pipeline may say: every bad input is refused with its place and what to do, before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from pydantic import ValidationError

from mlplatform import discovery
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.problem import Problem

from ..conftest import CLOUDS
from .fraud import Data, fraud, pipeline, platform, step

Change = Callable[[Data], object]


def _step(name: str, /, **changes: object) -> Change:
    return lambda data: step(data, name).update(changes)


def _set(**changes: object) -> Change:
    return lambda data: data.update(changes)


def _inputs(name: str, /, **inputs: object) -> Change:
    return lambda data: cast("Data", step(data, name)["inputs"]).update(inputs)


def _words(name: str, /, *words: str) -> Change:
    return lambda data: cast("list[str]", step(data, name)["command"]).extend(words)


def _gate(**changes: object) -> Change:
    return lambda data: cast("Data", step(data, "gate")["gate"]).update(changes)


def _look(**checks: object) -> Change:
    """The step that looks at data, as the platform's own program."""

    def change(data: Data) -> None:
        look = step(data, "check-data")
        for field in ("command", "outputs"):
            look.pop(field)
        if "inputs" in checks:
            look["inputs"] = checks.pop("inputs")
        look["data_checks"] = {"columns": [{"name": "amount", "type": "number"}], **checks}

    return change


def _add(**new: object) -> Change:
    return lambda data: cast("list[Data]", data["steps"]).append(new)


REFUSED: dict[str, tuple[Change, str]] = {
    "a cycle": (_step("ingest", after=["score"]), "without a cycle: ingest waits for score"),
    "a step after itself": (_step("ingest", after=["ingest"]), "the step itself"),
    "an edge from nowhere": (_step("train", after=["featurs"]), "write features"),
    "an input from nowhere": (_inputs("train", train={"step": "featurs", "output": "train"}), "write features"),
    "an output that nobody makes": (_inputs("train", train={"step": "features", "output": "trian"}), "write train"),
    "an input from two sources": (
        _inputs("train", train={"step": "features", "output": "train", "place": "data", "path": "x"}),
        "a step and its output, a place and a path, released, or a base model",
    ),
    "a place that is not there": (_inputs("ingest", claims={"place": "date", "path": "claims"}), "'data'"),
    "a path out of its place": (_inputs("ingest", claims={"place": "data", "path": "../models"}), "path"),
    "two steps of a name": (_add(name="train", command=["x"]), "no other step has"),
    "a slice twice": (_step("score", slices=["eu", "eu"]), "no other slice has"),
    "a metric twice": (
        _step("evaluate", outputs={"metrics": {"kind": "metrics", "metrics": ["auc", "auc"]}, "rows": {}}),
        "no other metric has",
    ),
    "no image's name": (_set(image="fraud 7"), "image"),
    "an empty image": (_set(programs_image=""), "programs_image"),
    "a variable that ends in the middle": (_step("train", env={"A": "x\0y"}), "the character U+0000"),
    "an argument that ends in the middle": (_words("train", "x\0y"), "the character U+0000"),
    "a slice with another step's name": (_add(name="score-eu", command=["x"]), "runs as score-eu too"),
    "a name beyond the services' limits": (_step("train", name="t" * 33), "32"),
    "a pipeline's name beyond the services' limits": (_set(name="p" * 33), "32"),
    "a parameter with an underscore": (_set(parameters=[{"name": "learning_rate", "default": "1"}]), "name"),
    "a parameter of the wrong type": (
        _set(parameters=[{"name": "since", "type": "integer", "default": "today"}]),
        "a value of type integer",
    ),
    "a parameter that is no number of JSON": (
        _set(parameters=[{"name": "since", "type": "float", "default": float("nan")}]),
        "finite",
    ),
    "a parameter that is not declared": (_words("train", "{{parameters.round}}"), "write {{parameters.rounds}}"),
    "a placeholder that is not there": (_words("train", "{{outputs.modle}}"), "write {{outputs.model}}"),
    "a slice without slices": (_words("train", "{{slice}}"), "placeholders of this step"),
    "an input that the command never reads": (
        _step("train", command=["train", "{{outputs.model}}"]),
        "nothing names {{inputs.train}}",
    ),
    "a step without a command": (_step("train", command=[]), "program and arguments"),
    "a step without an image": (_set(image=None), "an image, here or of the pipeline"),
    "a gate without the image of its program": (_set(programs_image=None), "mlplatform-step"),
    "a variable of the platform's own": (_step("train", env={"MLPLATFORM_RUN_IMAGE": "x"}), "the platform's own"),
    "a secret in a variable": (_step("train", env={"DB_PASSWORD": "hunter2-hunter2"}), "no secret"),
    "a gate on a metric that no step writes": (
        _gate(thresholds=[{"metric": "acu", "at_least": 0.5}]),
        "write auc",
    ),
    "a threshold without a bound": (_gate(thresholds=[{"metric": "auc"}]), "at_least or at_most"),
    "a threshold that is no number": (_gate(thresholds=[{"metric": "auc", "at_least": float("nan")}]), "finite"),
    "a champion without a floor": (_gate(thresholds=[]), "the first model has none"),
    "a test of another metric": (_gate(champion={"metric": "recall", "test": "delong"}), "use bootstrap"),
    "a comparison by a metric of the evaluating step alone": (
        _gate(champion={"metric": "revenue"}),
        "a metric that the gate computes, and that can be better",
    ),
    "a comparison by a metric that is neither good nor bad": (
        _gate(champion={"metric": "positive_rate"}),
        "can be better",
    ),
    "a margin that the test does not know": (
        _gate(champion={"metric": "accuracy", "test": "mcnemar", "margin": 0.1}),
        "remove margin, or use bootstrap",
    ),
    "parts by a metric that the gate does not compute": (
        _gate(slices=[{"column": "country", "metric": "acuracy", "at_least": 0.5}]),
        "write accuracy",
    ),
    "parts without a bound": (_gate(slices=[{"column": "country", "metric": "auc"}]), "at_most or most_difference"),
    "parts with bounds the wrong way round": (
        _gate(slices=[{"column": "country", "metric": "auc", "at_least": 0.9, "at_most": 0.5}]),
        "raise at_most",
    ),
    "parts by the scores": (_gate(slices=[{"column": "score", "metric": "auc", "at_least": 0.5}]), "names parts"),
    "a difference that is no number": (
        _gate(slices=[{"column": "country", "metric": "auc", "most_difference": float("inf")}]),
        "finite",
    ),
    "a champion without predictions": (
        lambda data: cast("Data", step(data, "gate")["inputs"]).pop("predictions"),
        "the predictions of each test row",
    ),
    "a size without the model": (_gate(most_model_mib=10), "an input from an output of kind model"),
    "a licence without the model": (_gate(licences=["MIT"]), "an input from an output of kind model"),
    "a licence that is a sentence": (_gate(licences=["all rights reserved"]), "licences"),
    "a licence twice": (_gate(licences=["MIT", "MIT"]), "no other licence"),
    "a role twice": (_gate(sign_off=["risk", "risk"]), "no other role"),
    "a role with spaces": (_gate(sign_off=["the boss"]), "sign_off"),
    "a gate in a step of another kind": (_step("train", gate={"thresholds": [{"metric": "a", "at_least": 1}]}), "gate"),
    "a candidate that nothing judged": (
        lambda data: cast("Data", step(data, "register")["inputs"]).pop("verdict"),
        "nothing judged",
    ),
    "a condition on what is no metric": (
        _step("train", when={"step": "check-data", "output": "report", "metric": "row", "at_least": 1}),
        "write rows",
    ),
    "a condition without a bound": (
        _step("train", when={"step": "check-data", "output": "report", "metric": "rows"}),
        "one of at_least and at_most",
    ),
    "spot without a further attempt": (_step("train", resources={"capacity": "spot"}), "a spot node ends at any time"),
    "nodes that do not find each other": (_step("train", resources={"nodes": 2}), "how the nodes find each other"),
    "a checkpoint that no program is told": (_step("train", checkpoint=True), "{{checkpoint}}"),
    "a step longer than the run": (_set(timeout_hours=3), "at most timeout_hours, 180 minutes"),
    "an accelerator that nobody makes": (_step("train", resources={"accelerator": "H1000"}), "accelerator"),
    "a pool of a managed service": (_step("train", resources={"pool": "gpu"}), "machines of its own"),
    "a target that is not there": (_set(on="awss"), "write aws"),
    "a cluster that is not there": (_set(engine="cluster"), "add `training`"),
    "checks of data in a step of another kind": (
        _step("train", data_checks={"columns": [{"name": "a", "type": "number"}]}),
        "none in a step of kind train",
    ),
    "checks of data beside a command": (
        _step("check-data", data_checks={"columns": [{"name": "a", "type": "number"}]}),
        "a step of kind validate with data_checks is the platform's own program",
    ),
    "neither checks of data nor a command": (_step("check-data", command=[], outputs={}), "or data_checks"),
    "checks of data without columns": (_look(columns=[]), "columns"),
    "a range of text": (_look(columns=[{"name": "a", "type": "string", "at_least": 1}]), "only numbers have a range"),
    "a range of data the wrong way round": (
        _look(columns=[{"name": "a", "type": "number", "at_least": 2, "at_most": 1}]),
        "raise at_most",
    ),
    "a list of numbers": (_look(columns=[{"name": "a", "type": "number", "one_of": ["1"]}]), "only strings"),
    "a column twice": (_look(columns=[{"name": "a", "type": "number"}] * 2), "no other column has"),
    "age by a column that nobody named": (_look(fresh={"column": "day", "most_hours": 1}), "add day to columns"),
    "age by a number": (_look(fresh={"column": "amount", "most_hours": 1}), "of type date or timestamp"),
    "rows told apart by a column that nobody named": (_look(unique_together=["id"]), "add id to columns"),
    "fewer rows than least": (_look(least_rows=5, most_rows=4), "raise it, or lower least_rows"),
    "rows of an input that is not there": (_look(input="row"), "write rows"),
    "rows compared with themselves": (
        _look(input="rows", change={"input": "rows", "most_share": 0.5}),
        "compared with itself",
    ),
    "rows compared with nothing": (_look(change={"input": "last", "most_share": 0.5}), "or add last to inputs"),
    "data without an input": (_look(inputs={}), "an input with the rows"),
    "a look at data without the image of its program": (
        lambda data: (_look()(data), data.update(programs_image=None, steps=cast("list[Data]", data["steps"])[:2])),
        "mlplatform-step",
    ),
    "a condition on what the look at data does not write": (
        lambda data: (
            _look()(data),
            step(data, "train").update(
                when={"step": "check-data", "output": "validation", "metric": "data_pased", "at_least": 1}
            ),
        ),
        "write data_passed",
    ),
    "a slice read by a step without slices": (
        _add(
            name="sum", command=["sum", "{{inputs.scores}}"], inputs={"scores": {"step": "score", "output": "scores"}}
        ),
        "give it the same slices",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_pipeline_is_refused(name: str) -> None:
    change, words = REFUSED[name]
    data = pipeline()
    change(data)
    with pytest.raises((ValidationError, Unacceptable)) as refused:
        platform("aws", pipelines=(data,))
    assert words in str(refused.value), refused.value


def test_the_pipeline_of_the_example_is_accepted_on_every_cloud() -> None:
    for cloud in CLOUDS:
        spec, _ = fraud(cloud)
        assert not discovery.backend(cloud).problems(spec), cloud


def test_a_gate_reads_the_metrics_of_all_its_inputs() -> None:
    data = pipeline()
    _look()(data)
    cast("Data", step(data, "gate")["inputs"])["data"] = {"step": "check-data", "output": "validation"}
    _gate(thresholds=[{"metric": "auc", "at_least": 0.5}, {"metric": "data_null_share", "at_most": 0.1}])(data)
    _step("train", when={"step": "check-data", "output": "validation", "metric": "data_passed", "at_least": 1})(data)
    (found,) = platform("aws", pipelines=(data,)).pipelines
    assert found.step("check-data").own
    assert found.image_of(found.step("check-data")) == found.programs_image


def test_a_pipeline_names_its_target_where_there_are_several() -> None:
    with pytest.raises(ValidationError, match="trained in one place: aws, gcp"):
        platform("aws", "gcp", pipelines=(pipeline(),))
    spec = platform("aws", "gcp", pipelines=({**pipeline(), "on": "aws"},))
    assert [p.name for p in spec.on("aws").pipelines] == ["fraud-retrain"]
    assert not spec.on("gcp").pipelines


def _cloud_problems(cloud: str, change: Change) -> tuple[Problem, ...]:
    data = pipeline(cloud)
    change(data)
    return discovery.backend(cloud).problems(platform(cloud, pipelines=(data,)).on(cloud))


_SPOT = _step("train", resources={"vcpus": 8, "memory_gib": 32, "capacity": "spot"}, retries=3)
_WHEN = _step("train", when={"step": "check-data", "output": "report", "metric": "rows", "at_least": 1})
BY_CLOUD: dict[str, tuple[Change, dict[str, str]]] = {
    "spot": (_SPOT, {"azure": "low-priority ones ended"}),
    "a condition": (_WHEN, {"azure": "no conditions"}),
    "a machine that no service has": (
        _step("train", resources={"accelerator": "T4G:1"}),
        {"aws": "T4G", "gcp": "T4G", "azure": "T4G"},
    ),
    "more than any machine": (
        _step("train", resources={"vcpus": 96, "memory_gib": 768}),
        {"aws": "the largest is", "gcp": "the largest is", "azure": "the largest is"},
    ),
    "a ceiling below one run's price": (
        _set(max_usd_per_run=0.5),
        {"aws": "at least", "gcp": "at least", "azure": "at least"},
    ),
    "ten days": (
        lambda data: (
            data.update(timeout_hours=260, max_usd_per_run=None),
            step(data, "train").update(timeout_minutes=14400),
        ),
        {"aws": "at most 12960 minutes", "gcp": "at most 10080 minutes"},
    ),
    "a week on spot": (
        lambda data: (
            data.update(timeout_hours=200, max_usd_per_run=None),
            _SPOT(data),
            step(data, "train").update(timeout_minutes=10080),
        ),
        {"azure": "low-priority ones ended", "gcp": "at most 8640 minutes"},
    ),
    "an image of a public registry": (
        _set(image="docker.io/acme/fraud:7"),
        {"aws": "jobs pull from ECR alone", "azure": "the workspace's network reaches no other"},
    ),
    "a value that looks like a reference": (
        lambda data: cast("list[Data]", data["parameters"])[2].update(default="${{inputs.model}}"),
        {"azure": "a value without `${{`"},
    ),
    "lines in an argument": (_words("train", "a\nb"), {"aws": "no line breaks"}),
    "a long variable": (_step("train", env={"LIST": "x" * 300}), {"aws": "at most 256 characters"}),
    "a command of many words": (_words("train", *("--flag", "x") * 46), {"aws": "at most 100 words and pieces"}),
    "a word of many pieces": (_words("train", "x" * 24_000), {"aws": "at most 100 words and pieces"}),
    "many words of a training job": (
        lambda data: (_SPOT(data), _words("train", *("x",) * 95)(data)),
        {"aws": "at most 100 words and pieces", "azure": "low-priority ones ended"},
    ),
    "many variables": (
        _step("train", env={f"OPTION_{number}": "x" for number in range(101)}),
        {"aws": "at most 100 variables"},
    ),
    "many inputs of a training job": (
        lambda data: (
            _SPOT(data),
            _inputs("train", **{f"more_{n}": {"place": "data", "path": f"more/{n}"} for n in range(20)})(data),
            _words("train", *(f"{{{{inputs.more_{n}}}}}" for n in range(20)))(data),
        ),
        {"aws": "at most 20 inputs", "azure": "low-priority ones ended"},
    ),
    "a condition on what a training job wrote": (
        lambda data: (
            step(data, "evaluate").update(resources={"capacity": "spot"}, retries=1),
            _step("score", when={"step": "evaluate", "output": "metrics", "metric": "auc", "at_least": 0.5})(data),
        ),
        {"aws": "runs as a processing job", "azure": "no conditions"},
    ),
}


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("name", BY_CLOUD)
def test_what_a_cloud_cannot_run_is_refused_there(name: str, cloud: str) -> None:
    change, words = BY_CLOUD[name]
    problems = _cloud_problems(cloud, change)
    if cloud not in words:
        # a limit is a refusal only where the value is one
        assert not problems, problems
        return
    assert any(words[cloud] in problem.expected for problem in problems), problems
    assert all(problem.path.startswith("pipelines[0]") and problem.fix for problem in problems)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_set(engine="cluster"), "add argo-workflows to cluster.addons"),
        (_step("train", resources={"pool": "gpus"}), "write gpu"),
        (_step("train", resources={"accelerator": "H100"}), "gpu: T4:1, on-demand"),
        (_step("train", resources={"accelerator": "T4:1", "capacity": "spot"}, retries=1), "gpu: T4:1, on-demand"),
        (_step("train", resources={"accelerator": "T4:1", "nodes": 9}, distribution="torch"), "at most 4, max_nodes"),
    ],
)
def test_a_step_on_the_cluster_needs_a_pool_that_is_there(change: Change, words: str) -> None:
    data = {**pipeline(), "engine": "airflow"}
    change(data)
    training = {
        "pools": [{"name": "gpu", "accelerator": "T4:1", "max_nodes": 4}],
        "cpu_pools": [{"name": "cpu", "vcpus": 8, "memory_gib": 32, "max_nodes": 4}],
    }
    with pytest.raises(ValidationError) as refused:
        platform("aws", pipelines=(data,), training=training, cluster={})
    assert words in str(refused.value), refused.value
