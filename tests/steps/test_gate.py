"""What a gate passes, refuses and cannot judge."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from mlplatform.spec.gates import GateSpec
from mlplatform.steps.evidence import read_evidence
from mlplatform.steps.judge import judge
from mlplatform.steps.program import run
from mlplatform.steps.verdict import GateVerdict, card_of

from .conftest import Rows, columns, finding

CHAMPION = {"champion": {"metric": "auc", "test": "delong"}}
TESTS = [("auc", "delong"), ("accuracy", "mcnemar"), ("log_loss", "bootstrap")]


def test_a_candidate_within_its_bounds_passes(rows: Rows) -> None:
    verdict = rows.judge({}, values=columns())
    assert verdict.outcome == "passed"
    assert finding(verdict, "recall").words == "recall at least 0.8: it is 0.9"
    assert verdict.rows == 600


@pytest.mark.parametrize(("metric", "test"), TESTS)
def test_a_better_candidate_passes_and_an_equal_one_does_not(rows: Rows, metric: str, test: str) -> None:
    gate = {"champion": {"metric": metric, "test": test}}
    better = rows.judge(gate, values=columns(candidate=3.0, released=0.8))
    assert better.outcome == "passed", better.findings
    assert (better.compared, better.released) == (True, "7")
    same = columns()
    equal = rows.judge(gate, values={**same, "released_score": same["score"]})
    assert equal.outcome == "refused"
    assert (finding(equal, metric).p_value or 0) > 0.05
    assert rows.judge(gate, values=columns(candidate=0.8, released=3.0)).outcome == "refused"


@pytest.mark.parametrize(("metric", "test"), [("auc", "delong"), ("accuracy", "bootstrap"), ("log_loss", "bootstrap")])
def test_a_negative_margin_is_a_test_that_it_is_not_worse(rows: Rows, metric: str, test: str) -> None:
    same = columns()
    same["released_score"] = [score * 0.98 for score in same["score"]]
    gate = {"champion": {"metric": metric, "test": test, "margin": -0.05}}
    assert rows.judge(gate, values=same).outcome == "passed"
    assert rows.judge(gate, values=columns(candidate=0.5, released=3.0)).outcome == "refused"


def test_a_margin_asks_for_more(rows: Rows) -> None:
    values = columns(candidate=3.0, released=0.8)
    gate = {"champion": {"metric": "auc", "test": "delong", "margin": 0.5}}
    assert rows.judge(gate, values=values).outcome == "refused"


def test_the_order_of_the_rows_changes_nothing(rows: Rows) -> None:
    values = columns(candidate=1.7)
    order = list(range(600))
    random.Random(3).shuffle(order)
    gate = {"champion": {"metric": "brier", "test": "bootstrap"}}
    one = rows.judge(gate, values=values)
    other = rows.judge(gate, values={name: [column[row] for row in order] for name, column in values.items()})
    assert one.findings == other.findings


def test_a_first_model_is_judged_by_the_thresholds(rows: Rows) -> None:
    verdict = rows.judge(CHAMPION, values=columns(released=None), released='{"version": null}')
    assert verdict.outcome == "passed"
    assert "nothing is released, so the thresholds alone decide" in finding(verdict, "auc").words
    assert (verdict.compared, verdict.released) == (True, None)


NAN = float("nan")


@pytest.mark.parametrize(
    ("gate", "given", "words"),
    [
        # nobody says what is released, or the answers contradict each other
        (CHAMPION, {"values": columns(), "released": None}, "nobody says which model is released"),
        (CHAMPION, {"values": columns(), "released": "{}"}, "has no version"),
        (CHAMPION, {"values": columns(), "released": "[1]"}, "has no version"),
        (CHAMPION, {"values": columns(), "released": '{"version": 7}'}, "is no version"),
        (CHAMPION, {"values": columns(), "released": "{"}, "cannot be read"),
        (CHAMPION, {"values": columns(), "released": '{"version": null}'}, "and yet there are predictions"),
        (CHAMPION, {"values": columns(released=None)}, "neither released_score nor"),
        (CHAMPION, {"values": {**columns(), "released_score": [None] * 600}}, "neither released_score nor"),
        (CHAMPION, {"values": {**columns(), "released_score": [0.5] * 599 + [None]}}, "1 of 600 labelled rows"),
        (CHAMPION, {"values": {**columns(), "released_score": [0.5] * 599 + [NAN]}}, "1 of 600 labelled rows"),
        # rows that cannot be trusted
        (CHAMPION, {"values": {**columns(), "id": ["a"] * 600}}, "would count twice"),
        (CHAMPION, {"values": {**columns(), "id": [None, *range(599)]}}, "no id"),
        (CHAMPION, {"values": {**columns(), "score": ["high"] * 600}}, "other values than numbers"),
        (CHAMPION, {"values": {**columns(), "label": ["yes", "no"] * 300}}, "other values than 0 and 1"),
        (CHAMPION, {"values": {**columns(), "label": [0] * 600}}, "all of these rows have the label 0"),
        (CHAMPION, {"values": {**columns(), "label": [1] * 5 + [0] * 595}}, "DeLong's test needs 10"),
        (CHAMPION, {}, "no input has predictions.parquet"),
        ({"champion": {"metric": "log_loss"}}, {"values": {**columns(), "score": [2.0] * 600}}, "no probabilities"),
        # too few labels
        ({}, {"values": columns(400)}, "there are 400"),
        ({}, {"values": {**columns(), "label": [None] * 300 + [0, 1] * 150}}, "300, and 300 without a label"),
        ({}, {"metrics": {"recall": 0.9}}, "nobody says how many"),
        ({}, {"metrics": {"recall": 0.9, "rows": 499}}, "there are 499"),
        ({}, {"values": {**columns(), "id": ["a"] * 600}, "metrics": {"recall": 0.9, "rows": 600}}, "count twice"),
        # metrics that are none
        ({}, {"values": columns(), "metrics": {"auc": 1}}, "no input has recall"),
        ({}, {"values": columns(), "metrics": '{"recall": NaN}'}, "cannot be read"),
        ({}, {"values": columns(), "metrics": "[0.9]"}, "no object"),
        ({}, {"values": columns(), "metrics": {"recall": "0.9"}}, "is no number"),
        ({}, {"values": columns(), "metrics": {"recall": True}}, "is no number"),
        (
            {"thresholds": [{"metric": "auc", "at_least": 0.8}]},
            {"values": columns(), "metrics": {"auc": 0.99}},
            "they are not of one model",
        ),
        # parts
        (
            {"slices": [{"column": "region", "metric": "auc", "at_least": 0.1}]},
            {"values": columns()},
            "no column region",
        ),
        (
            {"slices": [{"column": "country", "metric": "auc", "at_least": 0.1, "least_rows": 400}]},
            {"values": columns()},
            "DE has 300 rows, and 400 are needed",
        ),
        (
            {"slices": [{"column": "country", "metric": "auc", "at_least": 0.1}]},
            {"values": {**columns(), "label": [row % 2 for row in range(600)]}},
            "auc is not defined for",
        ),
        (
            {"slices": [{"column": "country", "metric": "auc", "most_difference": 0.5}]},
            {"values": {**columns(), "country": ["DE"] * 600}},
            "all rows are in one part",
        ),
    ],
)
def test_what_it_cannot_judge_does_not_pass(
    rows: Rows, gate: dict[str, Any], given: dict[str, Any], words: str
) -> None:
    verdict = rows.judge(gate, **given)
    assert verdict.outcome == "could not judge", verdict.findings
    assert any(words in each.words for each in verdict.findings if each.outcome == "could not judge"), verdict.findings


def test_each_part_is_held_to_its_bound(rows: Rows) -> None:
    values = columns(candidate=3.0)
    # the candidate knows nothing about one country
    values["score"] = [0.5 if row % 2 else score for row, score in enumerate(values["score"])]
    gate = {"slices": [{"column": "country", "metric": "auc", "at_least": 0.8, "most_difference": 0.1}]}
    verdict = rows.judge(gate, values=values)
    assert verdict.outcome == "refused"
    each, apart = finding(verdict, "in each part"), finding(verdict, "apart")
    assert (each.outcome, apart.outcome) == ("refused", "refused")
    assert "FR has 0.5" in each.words
    assert (each.value, each.bound, each.parts[0].part) == (0.5, 0.8, "FR")
    passed = rows.judge(gate, values=columns(candidate=3.0))
    assert passed.outcome == "passed", passed.findings


def test_rows_without_a_value_are_a_part(rows: Rows) -> None:
    values = {**columns(candidate=3.0), "country": [None, "DE"] * 300}
    verdict = rows.judge({"slices": [{"column": "country", "metric": "auc", "at_least": 0.5}]}, values=values)
    assert {part.part for part in finding(verdict, "in each").parts} == {"(no value)", "DE"}


def test_classes_of_any_name_are_compared(rows: Rows) -> None:
    label = ["cat", "dog", "bird"] * 200
    values = {
        "id": list(range(600)),
        "label": label,
        "predicted": [*label[:560], *(["fish"] * 40)],
        "released_predicted": [*label[:400], *(["fish"] * 200)],
    }
    verdict = rows.judge({"champion": {"metric": "accuracy", "test": "mcnemar"}}, values=values)
    assert verdict.outcome == "passed", verdict.findings
    found = finding(verdict, "accuracy")
    assert (found.value, found.released) == (560 / 600, 400 / 600)
    verdict = rows.judge({"champion": {"metric": "auc", "test": "delong"}}, values=values)
    assert verdict.outcome == "could not judge"


def test_the_card_shows_data_as_text(rows: Rows) -> None:
    values = {**columns(), "country": ["<img src=x>|", "DE\n# head"] * 300}
    card = card_of(rows.judge({"slices": [{"column": "country", "metric": "auc", "at_least": 0.1}]}, values=values))
    assert "<img" not in card
    assert "\n# head" not in card
    assert "\\|" in card
    assert card.startswith("## Gate: passed\n")


def _run(folder: Path, gate: dict[str, Any], **given: Any) -> int:  # noqa: ANN401
    inputs = Rows(folder).write(**given)
    return run(
        [
            *("gate", "--pipeline", "retrain", "--model", "fraud", "--run", "r1"),
            *(word for name, where in inputs.items() for word in ("--input", f"{name}={where}")),
            *("--output", f"verdict={folder / 'verdict'}", "--gate", json.dumps(gate)),
        ]
    )


@pytest.mark.parametrize(("recall", "rows", "code"), [(0.9, 600, 0), (0.7, 600, 3), (0.9, 10, 4), (0.7, 10, 3)])
def test_the_program_ends_with_a_code_and_writes_the_verdict(
    tmp_path: Path, recall: float, rows: int, code: int
) -> None:
    gate = GateSpec.model_validate({"thresholds": [{"metric": "recall", "at_least": 0.8}]})
    given = json.loads(gate.model_dump_json(exclude_defaults=True))
    assert _run(tmp_path, given, metrics={"recall": recall, "rows": rows}, released=None) == code
    verdict = GateVerdict.model_validate_json((tmp_path / "verdict/verdict.json").read_bytes())
    assert verdict.gate == gate
    assert (verdict.outcome == "passed") == (code == 0)
    assert (tmp_path / "verdict/card.md").read_text("utf-8").startswith("## Gate: ")


def test_bad_arguments_are_told_all_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = ["gate", "--pipeline", "p", "--model", "m", "--run", "r"]
    assert run([*start, "--gate", '{"threshold": []}']) == 2
    assert "threshold: Extra inputs" in capsys.readouterr().err
    given = ["--input", "a", "--input", f"b={tmp_path}/none", "--input", f"c={tmp_path}", "--input", f"c={tmp_path}"]
    assert run([*start, *given, "--gate", '{"thresholds": [{"metric": "a", "at_least": 1}]}']) == 2
    said = capsys.readouterr().err
    assert "got 'a', expected NAME=DIR" in said
    assert "which is no folder" in said
    assert "c is given twice" in said


def test_two_inputs_that_contradict_each_other_are_no_evidence(tmp_path: Path) -> None:
    for name, rows in (("a", 600), ("b", 700)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "metrics.json").write_text(json.dumps({"recall": 0.9, "rows": rows}), encoding="utf-8")
    gate = GateSpec.model_validate({"thresholds": [{"metric": "recall", "at_least": 0.8}]})
    evidence = read_evidence(gate, {"a": tmp_path / "a", "b": tmp_path / "b"})
    assert evidence.rows is None
    assert judge(gate, evidence, pipeline="p", model="m", run="r").outcome == "could not judge"


def test_what_cannot_be_written_or_imported_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    words = ["gate", "--pipeline", "p", "--model", "m", "--run", "r", "--output", f"verdict={tmp_path}/file/below"]
    words += ["--gate", '{"thresholds": [{"metric": "a", "at_least": 1}]}']
    assert run(words) == 2
    assert "Not a directory" in capsys.readouterr().err


def test_a_released_value_is_shown_beside_one_that_is_measured_alike(rows: Rows) -> None:
    values = columns()
    own = rows.judge({}, values=values, metrics={"recall": 0.99})
    assert finding(own, "recall").released is None, "the evaluating step has a cutoff of its own"
    hits = [(label, score) for label, score in zip(values["label"], values["score"], strict=True) if label]
    recall = sum(score >= 0.5 for _, score in hits) / len(hits)
    gate = {"thresholds": [{"metric": "recall", "at_least": 0.1}]}
    assert finding(rows.judge(gate, values=values, metrics={"recall": recall}), "recall").released is not None
