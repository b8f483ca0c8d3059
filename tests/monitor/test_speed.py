"""How fast a language model answered and what its server counted, from what each endpoint captures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from mlplatform.components.envoy_capture import capture_filter
from mlplatform.components.model_servers import server_container
from mlplatform.monitor.capture import CapturedExchange, CaptureReader
from mlplatform.monitor.chats import TokenUse, tokens_of
from mlplatform.monitor.collect import Collector, Labels
from mlplatform.monitor.findings import MonitorReport, ServedFigure
from mlplatform.monitor.language import with_signals
from mlplatform.monitor.speed import count_speed, empty_speed, speed_of
from mlplatform.monitor.summary import RowSummary
from mlplatform.monitor.tell import page_of, prometheus_text
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import ModelMonitorSpec
from mlplatform.spec.monitor_job import MonitorSettings

START = datetime(2026, 11, 29, 5, tzinfo=UTC)
SETTINGS = with_signals(
    MonitorSettings.model_validate({"endpoint": "explainer", "model": "explainer", "task": "language"})
)
QUESTION = {"messages": [{"role": "user", "content": "why is the sky blue?"}]}


def answer(tokens: int, *, cached: int | None = None) -> dict[str, object]:
    details = {} if cached is None else {"prompt_tokens_details": {"cached_tokens": cached}}
    use = {"prompt_tokens": 40, "completion_tokens": tokens, **details}
    choice = {"index": 0, "message": {"role": "assistant", "content": "of air"}, "finish_reason": "stop"}
    return {"choices": [choice], "usage": use}


def stream(tokens: int) -> str:
    piece = {"choices": [{"index": 0, "delta": {"content": "of air"}, "finish_reason": "stop"}]}
    use = {"choices": [], "usage": {"prompt_tokens": 40, "completion_tokens": tokens}}
    return "".join(f"data: {json.dumps(each)}\n\n" for each in (piece, use)) + "data: [DONE]\n\n"


def routed(key: str, seconds: float, body: object) -> Iterable[str]:
    text = body if isinstance(body, str) else json.dumps(body)
    moments = [f"{START + timedelta(seconds=each):%Y-%m-%dT%H:%M:%S.%fZ}" for each in (0, seconds)]
    request = {"headers": [{"key": "x-request-id", "value": key}], "body": {"as_string": json.dumps(QUESTION)}}
    response = {"headers": [{"key": ":status", "value": "200"}], "body": {"as_string": text}}
    trace = {
        "request": {**request, "headers_received_time": moments[0]},
        "response": {**response, "headers_received_time": moments[1]},
    }
    yield json.dumps({"http_buffered_trace": trace})


def collected(key: str, seconds: float, body: object) -> Iterable[str]:
    for kind, data, late in (("request", QUESTION, 0.0), ("response", body, seconds)):
        about = {"specversion": "1.0", "type": f"azureml.inference.{kind}", "correlationid": key}
        yield json.dumps({**about, "time": (START + timedelta(seconds=late)).isoformat(), "data": data})


def figures(lines: Iterable[str]) -> Mapping[str, ServedFigure]:
    summary = RowSummary("p", {"speed": empty_speed()})
    collector = Collector(SETTINGS, summary, Labels())

    def exchanges() -> Iterable[CapturedExchange]:
        reader = CaptureReader(summary.problem)
        yield from reader.read(f"{line}\n" for line in lines)
        reader.end()

    assert list(collector.batches(exchanges()))
    assert not summary.problems
    return {each.name: each for each in speed_of(summary.counts["speed"])}


@pytest.mark.parametrize("write", [routed, collected])
def test_seconds_and_tokens_are_read_of_each_capture_that_has_them(
    write: Callable[[str, float, object], Iterable[str]],
) -> None:
    lines = [line for at in range(100) for line in write(f"k{at}", 1.0 + at / 100, answer(50, cached=10))]
    found = figures(lines)
    assert {name: each.exchanges for name, each in found.items()} == dict.fromkeys(found, 100)
    assert found["answer_seconds"].mean == pytest.approx(1.495, abs=1e-3)
    assert found["answer_seconds"].median == pytest.approx(1.495, rel=0.045)
    assert found["answer_seconds"].high == pytest.approx(1.945, rel=0.045)
    assert found["seconds_per_token"].mean == pytest.approx(1.495 / 50, abs=1e-3)
    assert found["answer_tokens"].mean == 50
    assert found["cached_share"].mean == 0.25


def test_a_stream_has_tokens_and_no_seconds() -> None:
    """Its headers come before its text: they would tell of an answer in no time."""
    found = figures(routed("k", 0.001, stream(7)))
    assert set(found) == {"prompt_tokens", "answer_tokens"}
    assert found["answer_tokens"].mean == 7


def test_what_nobody_says_is_no_figure() -> None:
    plain = {"choices": [{"message": {"content": "of air"}, "finish_reason": "stop"}]}
    (line,) = routed("k", 1, plain)
    untimed = json.loads(line)
    for side in untimed["http_buffered_trace"].values():
        del side["headers_received_time"]
    assert figures([json.dumps(untimed)]) == {}


def test_a_clock_that_goes_back_measures_nothing() -> None:
    assert "answer_seconds" not in figures(routed("k", -3, answer(5)))


@pytest.mark.parametrize(
    "body",
    [
        None,
        "data: {",
        {"usage": 3},
        {"usage": {"prompt_tokens": True, "completion_tokens": -1}},
        {"usage": {"completion_tokens": 10**400, "prompt_tokens_details": []}},
        [{"usage": {"prompt_tokens": "7"}}],
    ],
)
def test_tokens_of_another_form_are_none(body: object) -> None:
    assert tokens_of(body) == TokenUse()


def test_parts_add_up_to_the_whole() -> None:
    exchanges = [CapturedExchange(f"k{at}", 0.0, QUESTION, answer(at), seconds=at / 7) for at in range(1, 90)]
    whole, parts = empty_speed(), [empty_speed() for _ in range(8)]
    for at, each in enumerate(exchanges):
        count_speed(whole, each)
        count_speed(parts[at * at % 8], each)
    assert list(speed_of(sum(parts[::-1], start=empty_speed()))) == list(speed_of(whole))


def test_the_report_shows_them_and_prometheus_reads_them() -> None:
    served = (ServedFigure(name="answer_seconds", exchanges=9, mean=1.5, median=1.4, high=2.25),)
    report = MonitorReport(
        endpoint="e", model="m", version="7", window="w", first=None, last=None, rows=9, labelled=0, reference_rows=1,
        alpha=0.01, conclusion="no change found", words="", served=served,
    )  # fmt: skip
    assert '<td class="n">2.25</td>' in page_of(report)
    text = prometheus_text(report)
    assert 'mlplatform_monitor_served{endpoint="e",model="m",figure="answer_seconds",statistic="p95"} 2.25' in text
    assert "served" not in prometheus_text(report.model_copy(update={"served": ()}))


def test_vllm_tells_what_was_in_its_cache_where_somebody_reads_it() -> None:
    watch = ModelMonitorSpec(task="language", image="docker.io/acme/monitor:1")
    alone = EndpointSpec(name="writer", server="vllm", model="writer/1", accelerator="L4:1", capture_percent=10)
    watched = alone.overlay(monitor=watch)
    flag = "--enable-prompt-tokens-details"
    assert [flag in server_container(each, None).args for each in (alone, watched)] == [False, True]


def test_the_router_is_told_to_write_the_times() -> None:
    """Without this field of the filter, Envoy's files have none."""
    told = json.dumps(capture_filter(10, "/health"))
    assert '"record_headers_received_time": true' in told
