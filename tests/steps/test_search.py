"""A search on one machine: trials as real processes, with values from a list in place of Optuna's.

`make prove ONE=kfp` runs it with Optuna.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from mlplatform.spec.tune import TuneSpec
from mlplatform.steps.search import Search, SearchFailed, keep_best, run_search
from mlplatform.steps.trial_records import SearchRecord, TrialRecord, TrialValues

PROGRAM = """
    import json, os, pathlib, sys, time
    rate, model, metrics = float(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    said = {"rate": rate, "device": os.environ.get("CUDA_VISIBLE_DEVICES"), "to": sys.argv[2]}
    with open(os.environ["STARTED"], "a") as log:
        log.write(json.dumps(said) + "\\n")
    if rate == 0.666:
        sys.exit(7)
    (model / "weights").mkdir(exist_ok=True)
    (model / "weights" / "w.txt").write_text(str(rate))
    (metrics / "metrics.json").write_text(json.dumps({"loss": (rate - 0.3) ** 2} if rate != 0.5 else {"other": 1}))
    if rate == 0.9:
        time.sleep(60)
"""


class Listed:
    """Chooses what a list says."""

    def __init__(self, *rates: float, bad: Sequence[float] = ()) -> None:
        self.rates, self.bad, self.learnt = list(rates), bad, list[TrialRecord]()

    def choose(self, number: int) -> TrialValues:
        return {"rate": self.rates.pop(0)}

    def is_bad(self, number: int, point: int, value: float) -> bool:
        return any(abs(value - (rate - 0.3) ** 2) < 1e-9 for rate in self.bad)

    def learn(self, trial: TrialRecord) -> None:
        self.learnt.append(trial)


def tune(**more: object) -> TuneSpec:
    given = {"parameters": [{"name": "rate", "at_least": 0.0, "at_most": 1.0}], "metric": "loss", "goal": "minimize"}
    return TuneSpec.model_validate({**given, "trials": 3, "trial_minutes": 1, **more})


@pytest.fixture
def search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Search:
    program = tmp_path / "train.py"
    program.write_text(textwrap.dedent(PROGRAM), encoding="utf-8")
    monkeypatch.setenv("STARTED", str(tmp_path / "started"))
    monkeypatch.setattr("mlplatform.steps.search.PAUSE_SECONDS", 0.01)
    words = [sys.executable, "-S", str(program), "<tune.rate>", "<outputs.model>", "<outputs.scores>"]
    return Search(
        tune=tune(),
        command=words,
        kept=("model", "scores"),
        metrics="scores",
        models=("model",),
        folders={name: tmp_path / "out" / name for name in ("model", "scores", "search")},
    )


def _with(search: Search, **changes: object) -> Search:
    from dataclasses import replace

    return replace(search, **changes)  # type: ignore[arg-type]


def _started(tmp_path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (tmp_path / "started").read_text("utf-8").splitlines()]


def test_the_best_trials_files_are_the_outputs_and_its_values_stand_beside_the_model(
    search: Search, tmp_path: Path
) -> None:
    record = run_search(search, Listed(0.1, 0.25, 0.8))
    out = tmp_path / "out"
    assert record.best == (0, 1)
    assert (out / "model" / "weights" / "w.txt").read_text("utf-8") == "0.25"
    assert json.loads((out / "model" / "training.json").read_text("utf-8")) == {"parameters": {"rate": 0.25}}
    assert json.loads((out / "scores" / "metrics.json").read_text("utf-8"))["loss"] == pytest.approx(0.0025)
    assert SearchRecord.model_validate_json((out / "search" / "search.json").read_bytes()) == record
    assert not (out / "scores" / "training.json").exists()
    # each trial had folders of its own
    assert len({str(each["to"]) for each in _started(tmp_path)}) == 3


def test_a_failed_trial_is_left_out_and_said(search: Search) -> None:
    record = run_search(search, Listed(0.666, 0.1, 0.2))
    assert [trial.outcome for trial in record.machines[0]] == ["failed", "complete", "complete"]
    assert record.machines[0][0].why == "the program ended with 7"


def test_a_broken_program_ends_the_search_before_its_trials_are_paid(search: Search, tmp_path: Path) -> None:
    with pytest.raises(SearchFailed, match="3 of 3 trials failed: the program ended with 7"):
        run_search(_with(search, tune=tune(trials=5)), Listed(*[0.666] * 5))
    assert len(_started(tmp_path)) == 3
    assert not (tmp_path / "out" / "model").exists()


def test_a_trial_without_the_number_failed(search: Search) -> None:
    record = run_search(search, Listed(0.5, 0.1, 0.2))
    assert record.machines[0][0].why == "metrics.json has no number loss"


def test_side_by_side_each_has_its_part_of_the_accelerators(search: Search, tmp_path: Path) -> None:
    run_search(_with(search, tune=tune(trials=4, parallel=2), devices=4), Listed(0.1, 0.2, 0.3, 0.4))
    assert {each["device"] for each in _started(tmp_path)} == {"0,1", "2,3"}
    assert len({str(each["to"]) for each in _started(tmp_path)}) == 4


def test_it_ends_when_nothing_gets_better(search: Search) -> None:
    record = run_search(_with(search, tune=tune(trials=6, without_gain=2)), Listed(0.3, 0.1, 0.2, 0.4, 0.5, 0.6))
    assert [trial.values["rate"] for trial in record.machines[0]] == [0.3, 0.1, 0.2]


def test_a_bad_trial_is_stopped_and_never_the_best(search: Search) -> None:
    begun = time.monotonic()
    record = run_search(_with(search, tune=tune(stop_trials=True)), Listed(0.9, 0.1, 0.2, bad=[0.9]))
    assert time.monotonic() - begun < 20
    assert [trial.outcome for trial in record.machines[0]] == ["stopped", "complete", "complete"]
    assert record.best == (0, 2)


def test_a_further_attempt_goes_on_with_the_trials_of_the_former(search: Search, tmp_path: Path) -> None:
    kept = _with(search, checkpoint=tmp_path / "kept")
    run_search(_with(kept, tune=tune(trials=2)), Listed(0.29, 0.1))
    # a third one was cut off while it was written
    (tmp_path / "kept" / "trials" / "trial-0002.json").write_text("{", encoding="utf-8")
    chooser = Listed(0.8)
    record = run_search(kept, chooser)
    assert [trial.values["rate"] for trial in record.machines[0]] == [0.29, 0.1, 0.8]
    assert [trial.number for trial in chooser.learnt] == [0, 1, 2]
    assert (tmp_path / "out" / "model" / "weights" / "w.txt").read_text("utf-8") == "0.29"


def test_a_best_trial_whose_files_are_lost_runs_again(search: Search, tmp_path: Path) -> None:
    kept = _with(search, checkpoint=tmp_path / "kept", tune=tune(trials=2))
    run_search(kept, Listed(0.29, 0.1))
    for file in sorted((tmp_path / "kept").glob("best-*/**/*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    (tmp_path / "kept" / "best-0000").rmdir()
    run_search(kept, Listed(0.31))
    assert (tmp_path / "out" / "model" / "weights" / "w.txt").read_text("utf-8") == "0.31"


def test_of_several_machines_the_best_is_kept(search: Search, tmp_path: Path) -> None:
    parts: dict[str, Path] = {}
    for machine, rates in enumerate(([0.1, 0.9], [0.4, 0.28])):
        parts[f"search{machine + 1}"] = folder = tmp_path / f"part{machine}"
        two = tune(trials=4, machines=2, stop_trials=True)
        run_search(_with(search, tune=two, machine=machine, folders={"search": folder}), Listed(*rates, bad=[0.9]))
    folders = {name: tmp_path / "all" / name for name in ("model", "scores", "search")}
    record = keep_best("minimize", parts, folders)
    assert record.best == (1, 1)
    assert (folders["model"] / "weights" / "w.txt").read_text("utf-8") == "0.28"
    assert json.loads((folders["model"] / "training.json").read_text("utf-8"))["parameters"] == {"rate": 0.28}


@pytest.mark.thorough
def test_a_machine_that_is_taken_away_ends_its_trials(search: Search, tmp_path: Path) -> None:
    """The signal reaches what runs; nothing goes on without its machine."""
    code = f"""
        import sys
        from pathlib import Path
        from mlplatform.steps.search import Search, run_search
        from tests.steps.test_search import Listed, tune
        run_search(Search(tune=tune(), command={list(search.command)!r}, kept=("model", "scores"), metrics="scores",
            folders={{"search": Path({str(tmp_path / "s")!r})}}), Listed(0.9, 0.9, 0.9))
    """
    root = Path(__file__).parent.parent.parent
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], cwd=root)
    try:
        until = time.monotonic() + 20
        started = tmp_path / "started"
        while time.monotonic() < until and not (started.exists() and started.read_text("utf-8")):
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 128 + signal.SIGTERM
    finally:
        process.kill()
    folder = str(_started(tmp_path)[0]["to"])
    assert not Path(folder).exists()
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert folder not in running, os.getpid()
