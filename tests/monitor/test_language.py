"""Monitors of language models: what is found in prompts and answers, and that no text is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlplatform.monitor.capture import CapturedExchange
from mlplatform.monitor.chats import AnswerText, answer_of, prompt_of
from mlplatform.monitor.collect import Collector, Labels
from mlplatform.monitor.findings import MonitorReport
from mlplatform.monitor.language import answer_kind, language_of, predicted_of, signals_of, with_signals
from mlplatform.monitor.program import run
from mlplatform.monitor.speed import empty_speed
from mlplatform.monitor.summary import RowSummary
from mlplatform.spec.monitor_job import MonitorSettings
from mlplatform.spec.monitor_questions import LANGUAGE_SIGNALS

NOW = datetime(2026, 11, 29, 8, 20, tzinfo=UTC)
COMMON = "the and of to in is my was a card payment account why how charge bank this for it please".split()  # noqa: SIM905
OTHER = "loan mortgage interest rate house contract years monthly repayment fixed".split()  # noqa: SIM905
GERMAN = "der die und ist nicht meine karte konto warum wie zahlung bitte eine von mit".split()  # noqa: SIM905
SECRET = "zanzibar4711"


def texts(rows: int, seed: int, words: Sequence[str], extra: Sequence[str] = (), share: float = 0.0) -> list[str]:
    draw = np.random.default_rng([seed, rows])
    made: list[str] = []
    for length in draw.integers(6, 40, rows):
        own = [str(each) for each in draw.choice(list(words), length)]
        if extra and draw.random() < share:
            own[::2] = [str(each) for each in draw.choice(list(extra), len(own[::2]))]
        made.append(" ".join(own))
    return made


class Asked:
    """A monitor of a language model, and its folders."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.folder = folder
        self.settings: dict[str, Any] = {"endpoint": "explainer", "model": "explainer", "task": "language"}
        (folder / "reference").mkdir(parents=True)
        self.reference(texts(600, seed, COMMON), texts(600, seed + 1, COMMON))

    def reference(self, prompts: Sequence[str], answers: Sequence[str], **more: Sequence[object]) -> None:
        columns = {"prompt": prompts, "answer": answers, "finish_reason": ["stop"] * len(prompts), **more}
        pq.write_table(pa.table(columns), self.folder / "reference/part.parquet")

    def look(
        self, prompts: Sequence[str], answers: Sequence[object], labels: Sequence[object] | None = None, code: int = 0
    ) -> MonitorReport:
        """Answers are texts, or whole bodies."""
        lines: list[str] = []
        for at, (prompt, answer) in enumerate(zip(prompts, answers, strict=True)):
            body = chat(answer) if isinstance(answer, str) else answer
            sides = {
                "endpointInput": {"data": json.dumps(asked(prompt)), "encoding": "JSON"},
                "endpointOutput": {"data": json.dumps(body), "encoding": "JSON"},
            }
            about = {"eventId": f"e{at}", "inferenceTime": "2026-11-29T05:10:00Z"}
            lines.append(json.dumps({"captureData": sides, "eventMetadata": about}))
        hour = self.folder / "capture/2026/11/29/05"
        hour.mkdir(parents=True, exist_ok=True)
        (hour / "part.jsonl").write_text("\n".join(lines), encoding="utf-8")
        (self.folder / "settings.json").write_text(json.dumps(self.settings), encoding="utf-8")
        places = ["reference", "capture", "output"]
        if labels is not None:
            places.append("labels")
            (self.folder / "labels").mkdir(exist_ok=True)
            table = pa.table({"id": [f"e{at}" for at in range(len(labels))], "label": labels})
            pq.write_table(table, self.folder / "labels/part.parquet")
        words = [word for name in places for word in (f"--{name}", str(self.folder / name))]
        assert run(["--settings", str(self.folder / "settings.json"), *words], now=NOW) == code
        return MonitorReport.model_validate_json((self.folder / "output/monitor.json").read_text("utf-8"))


def asked(prompt: str) -> Mapping[str, object]:
    return {"messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": prompt}]}


def chat(text: str | None, finish: str = "stop", **more: object) -> Mapping[str, object]:
    message = {"role": "assistant", "content": text, **more}
    return {"choices": [{"index": 0, "message": message, "finish_reason": finish}]}


@pytest.fixture
def monitor(tmp_path: Path) -> Asked:
    return Asked(tmp_path / "m")


def test_a_day_like_the_reference_is_no_change_and_no_text_is_kept(
    monitor: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    prompts = [f"{each} {SECRET}" if at % 40 == 0 else each for at, each in enumerate(texts(400, 8, COMMON))]
    report = monitor.look(prompts, texts(400, 9, COMMON))
    written = "".join(file.read_text("utf-8") for file in (monitor.folder / "output").iterdir())
    assert (report.conclusion, report.rows) == ("no change found", 400), report.words
    assert SECRET not in written + capsys.readouterr().out


def test_another_topic_is_found_as_a_change_of_what_is_asked(monitor: Asked) -> None:
    report = monitor.look(texts(400, 8, COMMON, OTHER, 0.6), texts(400, 9, COMMON))
    assert [each.kind for each in report.findings] == ["covariate"]
    assert report.findings[0].shifts[0].what.startswith("prompt_topic")
    assert "What the model is asked changed" in report.words


def test_another_language_is_named(monitor: Asked) -> None:
    prompts = [*texts(250, 8, COMMON), *texts(150, 9, GERMAN)]
    report = monitor.look(prompts, texts(400, 9, COMMON))
    words = {each.what: each.words for finding in report.findings for each in finding.shifts}
    assert report.findings[0].kind == "covariate"
    assert "now" in words["prompt_language"]


def test_refusals_are_a_change_of_the_answers(monitor: Asked) -> None:
    answers = texts(400, 9, COMMON)
    answers[:50] = [f"I\u2019m sorry, but {each}" for each in answers[:50]]
    report = monitor.look(texts(400, 8, COMMON), answers)
    assert [each.kind for each in report.findings] == ["prediction"]
    assert "refuses more often: 0.0% before, 12.5% now" in report.words


def test_empty_answers_are_broken_data(monitor: Asked) -> None:
    answers: list[object] = [*texts(360, 9, COMMON), *[chat(None)] * 20, *[chat(" \n")] * 20]
    report = monitor.look(texts(400, 8, COMMON), answers)
    assert [each.kind for each in report.findings] == ["quality"]
    assert "the answers: 10.0% of rows" in report.words


def test_answers_that_are_cut_off_are_a_change_of_the_answers(monitor: Asked) -> None:
    answers = [chat(each, "length") if at % 3 == 0 else each for at, each in enumerate(texts(400, 9, COMMON))]
    report = monitor.look(texts(400, 8, COMMON), answers)
    assert [each.kind for each in report.findings] == ["prediction"]
    assert "cut off" in report.words or "answered" in report.words


def test_fewer_grounded_answers_are_a_worse_metric_and_no_other_world(monitor: Asked) -> None:
    reference = [int(at % 10 != 0) for at in range(600)]
    monitor.reference(texts(600, 1, COMMON), texts(600, 2, COMMON), label=reference)
    good = [int(at % 10 != 0) for at in range(400)]
    assert monitor.look(texts(400, 8, COMMON), texts(400, 9, COMMON), good).conclusion == "no change found"
    worse = [int(at % 10 > 2) for at in range(400)]
    report = monitor.look(texts(400, 8, COMMON), texts(400, 9, COMMON), worse)
    assert [each.kind for each in report.findings] == ["performance"]
    assert "grounded" in report.words
    assert [round(each.value, 2) for each in report.measured] == [0.7]


def test_labels_other_than_one_and_zero_are_refused(monitor: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    monitor.reference(texts(300, 1, COMMON), texts(300, 2, COMMON), label=["good", "bad", "1"] * 100)
    with pytest.raises(FileNotFoundError):
        monitor.look(texts(300, 8, COMMON), texts(300, 9, COMMON), ["1"] * 300, code=2)
    assert "bad, good" in capsys.readouterr().err


@pytest.mark.thorough
def test_false_alarms_are_as_rare_as_they_are_said_to_be(tmp_path: Path) -> None:
    alarms = 0
    for seed in range(40):
        one = Asked(tmp_path / str(seed), 100 * seed + 50)
        one.settings |= {"false_alarms_per_year": 5, "runs_per_year": 100}
        report = one.look(texts(400, 100 * seed + 90, COMMON), texts(400, 100 * seed + 91, COMMON))
        alarms += report.conclusion == "changed"
    assert alarms <= 5


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}, "a"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url"}]}]}, "a"),
        ({"messages": [{"role": "user", "content": None}]}, ""),
        ({"messages": []}, None),
        ({"messages": "no list"}, None),
        ({"prompt": "a"}, "a"),
        ({"prompt": ["a", "b"]}, "a"),
        ({"prompt": [1, 2, 3]}, None),
        ({"inputs": "a", "parameters": {}}, "a"),
        ({"instances": [{"prompt": "a"}]}, "a"),
        ({"text_input": "a"}, "a"),
        ([], None),
        ("GET", None),
        (None, None),
    ],
)
def test_prompts_of_every_form_are_read_and_others_are_unknown(body: object, expected: str | None) -> None:
    assert prompt_of(body) == expected


def stream(*pieces: Mapping[str, object], end: str = "data: [DONE]") -> str:
    return "\n\n".join([*(f"data: {json.dumps(each)}" for each in pieces), end])


def delta(text: str, finish: str | None = None) -> Mapping[str, object]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (chat("a"), AnswerText("a", "stop")),
        (chat(None, refusal="no"), AnswerText("no", "stop", refused=True)),
        ({"choices": [{"text": "a", "finish_reason": "length"}]}, AnswerText("a", "length")),
        ({"choices": []}, None),
        ([{"generated_text": "a"}], AnswerText("a")),
        ({"generated_text": "a", "details": {"finish_reason": "length"}}, AnswerText("a", "length")),
        ({"predictions": [{"text_output": "a"}]}, AnswerText("a")),
        (stream(delta("a"), delta("b", "stop"), {"choices": [], "usage": {}}), AnswerText("ab", "stop")),
        # a caller that hung up: half of an answer says nothing of its length
        (stream(delta("a"), end="data: {"), None),
        ({"data": [{"embedding": [0.1]}]}, None),
        ({"error": "x"}, None),
        ("Internal Server Error", None),
    ],
)
def test_answers_of_every_form_are_read_and_others_are_unknown(body: object, expected: AnswerText | None) -> None:
    assert answer_of(body) == expected


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (AnswerText("yes", "stop"), "answered"),
        (AnswerText("", "tool_calls"), "tool call"),
        (AnswerText("", "length"), "cut off"),
        (AnswerText("yes", "length"), "cut off"),
        (AnswerText("", "stop"), ""),
        (AnswerText("x", "content_filter"), "refused"),
        (AnswerText("As an AI I do not do this", "stop"), "refused"),
        (AnswerText("He said: I can't", "stop"), "answered"),
    ],
)
def test_kinds_of_answers(answer: AnswerText, kind: str) -> None:
    assert answer_kind(answer) == kind
    assert predicted_of(answer) == ("1" if kind else None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How can I see what the card was charged for?", "en"),
        ("Warum ist die Zahlung nicht auf dem Konto?", "de"),
        ("Pourquoi est-ce que la carte ne marche pas avec vous?", "fr"),
        ("¿Por qué no se puede pagar con la tarjeta en el banco?", "es"),
        ("カードの支払いはなぜですか", "ja"),
        ("为什么我的卡被拒绝了", "zh"),
        ("Почему карта отклонена", "cyrillic"),
        ("xylophone", "other"),
        ("4711 😀\x00", "none"),
        ("", "none"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "\ud800 lone", "a" * 2_000_000, "\x00\x07", "ก" * 100, "́" * 50])
def test_no_text_ends_the_run(text: str) -> None:
    found = signals_of(text, AnswerText(text))
    assert len(found) == len(LANGUAGE_SIGNALS)
    numbers = [0.0, *(each for each in found if isinstance(each, float))]
    assert np.isfinite(numbers).all()


def test_bodies_that_are_no_prompts_are_told(monitor: Asked) -> None:
    answers: list[object] = [*texts(380, 9, COMMON), *[{"data": [{"embedding": [0.5]}]}] * 20]
    report = monitor.look(texts(400, 8, COMMON), answers)
    assert "no prompt and its answer (20 times)" in report.words


def test_settings_are_read_by_hand_too() -> None:
    assert (
        MonitorSettings.model_validate(
            {"endpoint": "e", "model": "m", "task": "language", "slices": ["prompt_language"]}
        )
        .watched[0]
        .metric
        == "grounded"
    )


def test_prompts_that_were_batched_are_as_many_rows() -> None:
    settings = with_signals(MonitorSettings.model_validate({"endpoint": "e", "model": "m", "task": "language"}))
    together = CapturedExchange("k", None, [asked("one"), asked("two")], [chat("first"), chat("second")])
    alone = CapturedExchange("l", None, [asked("three")], [chat("third")])
    collector = Collector(settings, RowSummary("p", {"speed": empty_speed()}), Labels())
    assert sum(len(batch) for batch in collector.batches([together, alone])) == 3
