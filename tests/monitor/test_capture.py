"""Each capture format gives the same rows, and what is wrong in a file is named."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mlplatform.monitor.bodies import rows_of
from mlplatform.monitor.capture import NO_VARIANT, NOT_JSON, TWICE, CapturedExchange, CaptureReader
from mlplatform.monitor.collect import Collector, Labels, read_labels
from mlplatform.monitor.look import count_window
from mlplatform.monitor.places import MonitorPlace
from mlplatform.monitor.summary import RowSummary
from mlplatform.spec.monitor_job import MonitorSettings

from .worlds import SETTINGS as WORLD
from .worlds import known, world

SETTINGS = MonitorSettings.model_validate(
    {
        "endpoint": "e",
        "model": "m",
        "task": "classification",
        "inputs": [{"name": "amount"}, {"name": "country", "kind": "category"}],
    }
)
ROWS = [{"id": "a", "amount": 1.5, "country": "DE"}, {"id": "b", "amount": 2.0, "country": "FR"}]
REQUEST, ANSWER = {"instances": ROWS}, {"predictions": [0.1, 0.8]}
TIME = "2026-11-29T05:10:00Z"


def sagemaker(request: str, answer: str, encoding: str = "JSON", key: str = "e1") -> str:
    def side(data: str) -> dict[str, str]:
        return {"observedContentType": "application/json", "mode": "INPUT", "data": data, "encoding": encoding}

    about = {"eventId": key, "inferenceTime": TIME}
    sides = {"endpointInput": side(request), "endpointOutput": side(answer)}
    return json.dumps({"captureData": sides, "eventMetadata": about, "eventVersion": "0"})


def event(kind: str, data: object, key: str = "e1", **more: object) -> str:
    about = {"specversion": "1.0", "id": kind, "type": f"azureml.inference.{kind}", "time": TIME, "correlationid": key}
    return json.dumps({**about, "data": data, **more})


def envoy(request: object, answer: object, status: str = "200", *, cut: bool = False) -> str:
    def side(body: object, *headers: tuple[str, str]) -> dict[str, Any]:
        coded = base64.b64encode(json.dumps(body).encode()).decode()
        pairs = [{"key": key, "value": value} for key, value in headers]
        return {"headers": pairs, "body": {"truncated": cut, "as_bytes": coded}, "trailers": []}

    date = ("date", "Sun, 29 Nov 2026 05:10:00 GMT")
    trace = {"request": side(request, ("x-request-id", "e1")), "response": side(answer, (":status", status), date)}
    # over several lines, as Envoy writes it
    return json.dumps({"http_buffered_trace": trace}, indent=1)


def read(*lines: str, settings: MonitorSettings = SETTINGS, labels: Iterable[tuple[object, object]] = ()):
    summary = RowSummary("p")
    truths = read_labels([one for one, _ in labels], [other for _, other in labels], summary)
    collector = Collector(settings, summary, truths)
    reader = CaptureReader(summary.problem)

    def exchanges() -> Iterable[CapturedExchange]:
        yield from reader.read(line for text in lines for line in text.splitlines(keepends=True))
        reader.end()

    return list(collector.batches(exchanges())), summary


GOOD = {
    "SageMaker": [sagemaker(json.dumps(REQUEST), json.dumps(ANSWER))],
    "SageMaker, CSV": [sagemaker("1.5,DE\n2.0,FR", "0.1\n0.8", "CSV")],
    "SageMaker, base64": [
        sagemaker(*(base64.b64encode(json.dumps(each).encode()).decode() for each in (REQUEST, ANSWER)), "BASE64")
    ],
    "Azure": [event("request", REQUEST), event("response", ANSWER)],
    "Azure, answer first": [event("response", ANSWER), event("request", REQUEST)],
    "Azure, collector": [event("model_inputs", ROWS), event("model_outputs", [{"score": 0.1}, {"score": 0.8}])],
    "router": [envoy(REQUEST, ANSWER)],
    "router, tensors": [
        envoy(
            {
                "inputs": [
                    {"name": "amount", "shape": [2], "datatype": "FP64", "data": [1.5, 2.0]},
                    {"name": "country", "shape": [2], "datatype": "BYTES", "data": ["DE", "FR"]},
                ]
            },
            {"outputs": [{"name": "score", "shape": [2], "datatype": "FP64", "data": [0.1, 0.8]}]},
        )
    ],
}


@pytest.mark.parametrize("form", GOOD)
def test_every_format_gives_the_same_rows(form: str) -> None:
    (batch,), summary = read(*GOOD[form])
    assert [column.tolist() for column in batch.inputs] == [[1.5, 2.0], ["DE", "FR"]]
    assert batch.score is not None
    assert batch.score.tolist() == [0.1, 0.8]
    assert not summary.problems
    assert summary.first == summary.last == 1795929000.0


BAD = {
    "cut off": ([GOOD["router"][0][:80]], "cut off, or no JSON"),
    "another format": (['{"a": 1}', "[1]"], "no known format"),
    "written twice": (GOOD["SageMaker"] * 2, "written twice"),
    "no answer": ([event("request", REQUEST)], "without an answer"),
    "in another file": ([event("request", "https://x/blob", datainblob="true")], "file of their own"),
    "an error": ([envoy(REQUEST, {"error": "x"}, "500")], "answered by an error"),
    "a cut body": ([envoy(REQUEST, ANSWER, cut=True)], "the capture cut off"),
    "other rows": ([envoy(REQUEST, {"predictions": [0.1]})], "another number of rows"),
    "another schema": ([envoy({"instances": [[1, "DE", 3]]}, {"predictions": [0.1]})], "another number of values"),
    "no table": ([envoy({"prompt": "hello"}, {"predictions": [0.1]})], "unknown form"),
    "null": ([sagemaker("null", "null")], "unknown form"),
    "null of the router": ([envoy(None, None)], "unknown form"),
    "no text": ([sagemaker("gA==", "gA==", "BASE64")], "no text"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_named(case: str) -> None:
    lines, words = BAD[case]
    _, summary = read(*lines)
    assert any(words in each for each in summary.problems), summary.problems


@pytest.mark.parametrize("order", ["one after the other", "in a file of each side"])
def test_events_that_are_sent_again_are_no_requests_without_an_answer(order: str) -> None:
    """A collector sends at least once: all of it may come twice, also after both sides were joined."""
    asked, answered = event("request", REQUEST), event("response", ANSWER)
    lines = [asked, answered] * 2 if order == "one after the other" else [asked, asked, answered, answered]
    (batch,), summary = read(*lines)
    assert len(batch.inputs[0]) == 2
    assert summary.problems == {TWICE: 1}


def test_labels_join_by_row_and_contradictions_are_named() -> None:
    labels = [("a", 1), ("b", 0), ("b", 1), ("zzz", 1), (None, 1)]
    (batch,), summary = read(*GOOD["SageMaker"], labels=labels)
    assert batch.label is not None
    assert batch.label.tolist() == [1, None]
    assert summary.problems == {"rows with two different labels": 1, "labels without a row id or a value": 1}


def test_a_field_that_is_missing_is_missing_and_not_the_next_one() -> None:
    (batch,), _ = read(envoy({"instances": [{"country": "DE", "extra": 9}]}, {"predictions": [0.5]}))
    assert [column.tolist() for column in batch.inputs] == [[None], ["DE"]]


FORMS = {
    "named columns": {"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2], [3, 4]]}},
    "with index": {"input_data": {"columns": ["a", "b"], "index": [0, 1], "data": [[1, 2], [3, 4]]}},
    "records": {"dataframe_records": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]},
    "lines": '{"a": 1, "b": 2}\n{"a": 3, "b": 4}',
    "CSV with names": "a,b\n1,2\n3,4",
}


@pytest.mark.parametrize("form", FORMS)
def test_rows_of_a_body(form: str) -> None:
    assert rows_of(FORMS[form], ["a", "b"]) == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]


@pytest.mark.parametrize(
    "body", [None, "", [], {}, {"a": []}, [[]], [None, {}], {"inputs": [{"name": 1, "data": 2}]}, "x"]
)
def test_no_body_ends_the_run(body: object) -> None:
    _, summary = read(envoy(body, body))
    assert isinstance(summary.problems, dict)


def test_an_exchange_of_the_router_that_is_cut_off_is_named() -> None:
    text = envoy(REQUEST, ANSWER)
    batches, summary = read(text[: len(text) // 2])
    assert not batches
    assert summary.problems == {NOT_JSON: 1}


def test_answers_of_other_variants_are_not_judged(tmp_path: Path) -> None:
    """The router says in a header which variant answered, Azure by the deployment; SageMaker has folders for them."""
    names = [each.name for each in WORLD.inputs]
    row = dict.fromkeys(names, 0.5)

    def by(variant: str) -> str:
        said = json.loads(envoy({"instances": [row]}, [0.5]))
        trace = said["http_buffered_trace"]
        trace["request"]["headers"] = [{"key": "x-request-id", "value": f"of {variant}"}]
        trace["response"]["headers"] += [{"key": "x-mlplatform-variant", "value": variant}] if variant else []
        return json.dumps(said)

    def on(deployment: str) -> list[str]:
        source = f"/subscriptions/s/onlineEndpoints/e/deployments/{deployment}"
        return [
            event(kind, data, key=deployment, source=source)
            for kind, data in (("request", {"instances": [row]}), ("response", [0.5]))
        ]

    lines = [by("stable"), by("next"), by(""), *on("stable-1a2b3c4d"), *on("next-1a2b3c4d"), *on("unknown")]
    lines.append(sagemaker(json.dumps({"instances": [row]}), "[0.5]"))
    folder = tmp_path / "2026/11/29/05"
    folder.mkdir(parents=True)
    (folder / "part.jsonl").write_text("\n".join(lines), "utf-8")
    there = known(world(400, 1))
    start, end = datetime(2026, 11, 29, 5, tzinfo=UTC), datetime(2026, 11, 29, 6, tzinfo=UTC)
    for variant, rows, unsaid in (("stable", 3, 2), (None, 7, 0)):
        settings = WORLD.overlay(variant=variant)
        found = count_window(settings, there.profile, [MonitorPlace(str(tmp_path))], Labels(), start, end)
        assert found.rows == rows
        assert found.problems.get(NO_VARIANT, 0) == unsaid
