"""Which released version a pipeline compares its candidates with."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import cast

import pytest
from pydantic import ValidationError

from mlplatform import PlatformSpec, discovery
from mlplatform.components.record_copy import compares
from mlplatform.pipelines.meaning import FromStore, Task
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.reading.parity import cloud_problems
from mlplatform.spec.releases import ReleaseRecord

from .fraud import ENDPOINTS, Data, pipeline, platform, step

BACKEND = discovery.backend("aws")


def _record(**endpoints: dict[str, Data]) -> ReleaseRecord:
    targets = {"aws": {name.replace("_", "-"): releases for name, releases in endpoints.items()}}
    return ReleaseRecord.model_validate({"platform": "acme-ml", "environment": "dev", "targets": targets})


def _release(version: str, model: str = "fraud") -> Data:
    return {
        "model": model,
        "version": version,
        "artifact": f"s3://acme-ml-dev-models/models/{model}/{version}",
        "approver": "ana",
    }


def _evaluate(spec: PlatformSpec, record: ReleaseRecord | None) -> Task:
    narrowed = spec.with_record(record).on("aws")
    return meaning_on(BACKEND, narrowed, narrowed.pipelines[0]).task("evaluate")


def _shown(task: Task) -> tuple[object, object]:
    """What it reads as the released model, and the word for its version."""
    return task.inputs.get("released"), task.command[task.command.index(("--released-version",)) + 1]


def test_a_step_reads_what_the_record_released() -> None:
    found = _evaluate(platform("aws", pipelines=(pipeline(),)), _record(fraud_scorer={"main": _release("7")}))
    assert _shown(found) == (FromStore("s3://acme-ml-dev-models/models/fraud/7/"), ("7",))


def test_before_the_first_release_both_words_are_empty() -> None:
    for record in (None, _record(), _record(fraud_scorer={"main": _release("3", "vision")})):
        found = _evaluate(platform("aws", pipelines=(pipeline(),)), record)
        assert _shown(found) == (None, ())
        assert found.command[found.command.index(("--released",)) + 1] == ()


def test_of_several_variants_the_one_with_the_most_traffic_counts_and_a_shadow_never() -> None:
    variants = [
        {"name": "old", "model": "fraud", "traffic_percent": 20},
        {"name": "new", "model": "fraud", "traffic_percent": 80},
    ]
    endpoints = [{"name": "fraud-scorer", "variants": variants, "shadow": {"name": "next", "model": "fraud"}}]
    spec = platform("aws", pipelines=(pipeline(),), endpoints=endpoints)
    every = {"old": _release("7"), "new": _release("8"), "next": _release("9")}
    assert _shown(_evaluate(spec, _record(fraud_scorer=every)))[1] == ("8",)
    assert _shown(_evaluate(spec, _record(fraud_scorer={"old": _release("7")})))[1] == ("7",)
    assert _shown(_evaluate(spec, _record(fraud_scorer={"next": _release("9")})))[1] == ()


@pytest.mark.parametrize(
    ("cloud", "address"),
    [
        ("aws", r"s3://acme-ml-dev-models-\S+/_released/record\.json\?region=us-east-1"),
        ("gcp", r"gs://\S+-models\S*/_released/record\.json"),
        ("azure", r"https://\w+\.blob\.core\.windows\.net/models/_released/record\.json"),
    ],
)
def test_a_gate_is_told_where_the_copy_of_the_record_is(cloud: str, address: str) -> None:
    spec = platform(cloud, pipelines=(pipeline(),)).on(cloud)
    command = meaning_on(discovery.backend(cloud), spec, spec.pipelines[0]).task("gate").command
    ((found,),) = [command[command.index(("--record",)) + 1]]
    assert isinstance(found, str)
    assert re.fullmatch(address, found), found


def with_champion(data: Data) -> Data:
    """The pipeline, whose evaluating step reads what a step of kind `champion` fetches."""
    changed = deepcopy(data)
    steps = cast("list[Data]", changed["steps"])
    steps.insert(0, {"name": "champion", "kind": "champion", "after": ["train"]})
    evaluate = step(changed, "evaluate")
    cast("Data", evaluate["inputs"])["released"] = {"step": "champion", "output": "released"}
    command = cast("list[str]", evaluate["command"])
    at = command.index("--released-version")
    evaluate["command"] = command[:at] + command[at + 2 :]
    return changed


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_the_step_asks_when_it_runs_and_knows_what_was_released_before(cloud: str) -> None:
    backend = discovery.backend(cloud)
    spec = platform(cloud, pipelines=(with_champion(pipeline(cloud)),))
    targets = {cloud: {"fraud-scorer": {"main": _release("7")}}}
    record = ReleaseRecord.model_validate({"platform": "acme-ml", "environment": "dev", "targets": targets})
    narrowed = spec.with_record(record).on(cloud)
    task = meaning_on(backend, narrowed, narrowed.pipelines[0]).task("champion")
    words = [word[0] if word else "" for word in task.command]
    assert words[words.index("--record") + 1] == backend.record_uri(narrowed)
    assert words[words.index("--version") + 1] == "7"
    assert words[words.index("--artifact") + 1] == "s3://acme-ml-dev-models/models/fraud/7"
    assert list(task.outputs) == ["released"]
    assert compares(narrowed), "CI copies the record for it"


def test_a_step_that_fetches_the_released_model_reads_nothing_else_and_is_never_used_again() -> None:
    data = with_champion(pipeline())
    step(data, "champion").update(cache_days=3, inputs={"model": {"step": "train", "output": "model"}})
    with pytest.raises(ValidationError) as refused:
        platform("aws", pipelines=(data,))
    assert "steps[0].cache_days" in str(refused.value)
    assert "steps[0].inputs.model" in str(refused.value)


def test_a_gate_that_compares_with_nothing_reads_no_record() -> None:
    data = deepcopy(pipeline())
    gate = step(data, "gate")["gate"]
    assert isinstance(gate, dict)
    del gate["champion"]
    spec = platform("aws", pipelines=(data,)).on("aws")
    assert ("--record",) not in meaning_on(BACKEND, spec, spec.pipelines[0]).task("gate").command
    # a copy could not be replaced in a place that is written once
    store = {"models": {"worm": {"days": 30}}}
    kept = platform("aws", pipelines=(pipeline(),), artifact_store=store).on("aws")
    assert ("--record",) not in meaning_on(BACKEND, kept, kept.pipelines[0]).task("gate").command


def test_with_several_endpoints_the_pipeline_says_which() -> None:
    endpoints = [*ENDPOINTS, {"name": "fraud-batch", "model": "fraud/6"}]
    data = {**pipeline(), "endpoint": "fraud-batch"}
    record = _record(fraud_scorer={"main": _release("7")}, fraud_batch={"main": _release("6")})
    assert _shown(_evaluate(platform("aws", pipelines=(data,), endpoints=endpoints), record))[1] == ("6",)


def _fewer(data: Data) -> Data:
    """The same pipeline without a step that reads what is released."""
    changed = deepcopy(data)
    evaluate = step(changed, "evaluate")
    inputs, command = evaluate["inputs"], evaluate["command"]
    assert isinstance(inputs, dict)
    assert isinstance(command, list)
    del inputs["released"]
    evaluate["command"] = [word for word in command if "released" not in word]
    return changed


TWO = [*ENDPOINTS, {"name": "fraud-batch", "model": "fraud"}]
SHADOWED = [{"name": "vision", "model": "vision", "shadow": {"name": "next", "model": "fraud"}}]


@pytest.mark.parametrize(
    ("change", "endpoints", "words"),
    [
        ({}, TWO, ("pipelines[0].endpoint", "fraud-scorer, fraud-batch", "write for example fraud-scorer")),
        ({}, SHADOWED, ("pipelines[0].endpoint", "there is none", "add the endpoint, or read no released model")),
        ({"endpoint": "fraud-scorr"}, ENDPOINTS, ("'fraud-scorr'", "write fraud-scorer")),
        ({"endpoint": "vision"}, SHADOWED, ("'vision'", "set model: fraud there")),
    ],
    ids=["two could be meant", "a shadow alone", "misspelt", "of another model"],
)
def test_nobody_could_tell_which_is_meant(change: Data, endpoints: list[Data], words: tuple[str, ...]) -> None:
    spec = platform("aws", pipelines=({**pipeline(), **change},), endpoints=endpoints)
    said = "\n".join(map(str, BACKEND.problems(spec.on("aws"))))
    assert all(word in said for word in words), said


def test_a_pipeline_that_compares_nothing_needs_no_endpoint() -> None:
    spec = platform("aws", pipelines=(_fewer(pipeline()),), endpoints=[])
    assert not [problem for problem in BACKEND.problems(spec.on("aws")) if "endpoint" in str(problem)]


def test_another_endpoint_may_be_released_first() -> None:
    endpoints = [*ENDPOINTS, {"name": "churn", "model": "churn"}]
    spec = platform("aws", "gcp", pipelines=({**pipeline(), "on": "aws"},), endpoints=endpoints)
    for record in (_record(churn={"main": _release("1", "churn")}), _record()):
        given = spec.with_record(record)
        found = [problem for target in given.targets for _, problem in cloud_problems(given, target)]
        assert not [problem for problem in found if problem.path.startswith("pipelines")], found
