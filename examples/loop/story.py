"""`make loop`: trains a model, serves it, changes the world, and lets the platform notice, explain and retrain.

    make loop
    make loop ARGS=--no-shift          the world stays as it is: nothing is trained again
    make loop ARGS="--margin 0.6"      the new model must be much better: it is not, and the old one stays
    make loop ARGS="--fault labels-late"

It uses the platform's own parts: the pipeline as `mlplatform render pipeline` compiles it, run by kfp's local runner;
the steps' gate and registration with a real MLflow; `mlplatform promote` and the record; the router's captures; the
monitor's program; the decision of the platform's door. Folders stand for a cloud's buckets and queue.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "examples" / "pipelines")]
# a double of Docker's SDK: kfp's local runner starts processes instead of containers
sys.path[:0] = [str(ROOT / "tests" / "proofs" / "kfp" / "double")]

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
from examples.loop.door import LocalDoor  # noqa: E402
from examples.loop.page import write_page  # noqa: E402
from examples.loop.repository import ENDPOINT, NEWEST, PIPELINE, Repository  # noqa: E402
from examples.loop.serving import ROWS, endpoint  # noqa: E402
from examples.loop.world import claims, store  # noqa: E402
from pyarrow import parquet  # noqa: E402
from tests.proofs.mlflow_server import QUIET, server  # noqa: E402

from mlplatform.spec.endpoints import EndpointSpec  # noqa: E402
from mlplatform.steps.door.rules import Value, read_rules  # noqa: E402

SERVED = 2000
"""Claims that the endpoint answers in a day."""

ASKED = (
    {"id": "a", "amount": 1900.0, "hour": 3, "earlier": 3, "country": "DE"},
    {"id": "b", "amount": 900.0, "hour": 7, "earlier": 1, "country": "FR"},
    {"id": "c", "amount": 420.0, "hour": 14, "earlier": 1, "country": "US"},
    {"id": "d", "amount": 180.0, "hour": 21, "earlier": 3, "country": "DE"},
)
"""Claims that are asked for before and after: large ones at night, and small ones in the evening."""

FIRST_DAY = date(2026, 12, 1)

Fault = Literal["labels-late", "gate-refuses", "event-twice", "monitor-dies"]
FAULTS: Mapping[Fault, str] = {
    "labels-late": "the truth of the changed day's claims does not arrive",
    "gate-refuses": "the truth of the changed day's claims is mixed up on its way: nothing can be learnt from it",
    "event-twice": "the queue delivers the monitor's event twice",
    "monitor-dies": "the monitor is killed while it looks",
}

SETTINGS = {
    "endpoint": ENDPOINT,
    "model": "fraud",
    "task": "classification",
    "inputs": [{"name": "amount"}, {"name": "hour"}, {"name": "earlier"}, {"name": "country", "kind": "category"}],
    "label": "fraud",
    "metrics": [{"metric": "auc"}],
    "pipeline": PIPELINE,
}


@dataclass(kw_only=True)
class Story:
    """What happened: for the page, and for who tests it."""

    said: list[tuple[str, list[str]]] = field(default_factory=list[tuple[str, list[str]]])
    """Headings, each with its lines."""

    looks: dict[int, Mapping[str, Any]] = field(default_factory=dict[int, Mapping[str, Any]])
    """The monitor's reports, by day."""

    runs: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Runs of the pipeline, in order: id, and the gate's outcome."""

    versions: list[str] = field(default_factory=list[str])
    """Versions that were released, in order."""

    answers: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    """Scores of the same claims, asked over HTTP, by version of the model that answered."""

    asked: Sequence[Mapping[str, object]] = ASKED
    """These claims."""

    decisions: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    """The door's record."""

    def chapter(self, heading: str, line: str) -> None:
        """Begin a chapter."""
        self.said.append((heading, []))
        print(f"\n{heading}", flush=True)
        self.tell(line)

    def tell(self, line: str) -> None:
        """Say one thing."""
        self.said[-1][1].append(line)
        print(f"  {line}", flush=True)


class Loop:
    """One run of the story.

    Args:
        folder: an empty folder.
        tracking: address of the MLflow server.
        shift: whether the world changes on the second day.
        margin: by how much a new model must be better to be released.
        faults: what goes wrong.
    """

    def __init__(self, folder: Path, tracking: str, *, shift: bool, margin: float, faults: Sequence[Fault]) -> None:
        self.folder = folder
        self.shift = shift
        self.faults = faults
        self.story = Story()
        self.repository = Repository(folder / "platform", tracking, margin)
        (bucket,) = set(re.findall(r"gs://([^/\"]+)/claims", self.repository.definition()))
        self.data = self.repository.buckets / bucket / "claims"
        self.door = LocalDoor(
            read_rules(self.repository.door_rules()), folder / "cloud" / "door", self._run, datetime.now(UTC)
        )
        os.environ |= {
            **{key: value for key, value in QUIET.items() if key.startswith("MLFLOW_")},
            "STEP_PATH": f"{self.repository.folder / 'bin'}:/usr/bin:/bin",
            "STEP_FOLDER": str(self.repository.folder),
            "STEP_BUCKETS": str(self.repository.buckets),
            "STEP_LOG": str(folder / "started.txt"),
        }

    def play(self) -> Story:
        """All of it."""
        story = self.story
        story.chapter("A first model", f"{NEWEST} claims lie in the store; Ana asks for a run of {PIPELINE}")
        store(claims(NEWEST, 1, FIRST_DAY - timedelta(days=90), 90, changed=False), self.data, "claims-0")
        self.door.look()
        self._ask_door({"pipeline": PIPELINE, "reason": "manual", "key": "first", "by": "ana"})
        self._day(1, changed=False)
        self._look(1)
        self._day(2, changed=self.shift)
        self._look(2)
        if len(story.versions) > 1:
            self._day(3, changed=self.shift)
            self._look(3)
        story.decisions = [json.loads(text) for text in self.door.decisions()]
        return story

    def _run(self, run: str, parameters: Mapping[str, Value]) -> bool:
        """Run the compiled pipeline; release what its gate let pass. Whether it succeeded."""
        story = self.story
        story.chapter("The pipeline runs", f"as compiled for Vertex AI Pipelines, by kfp's local runner: {run}")
        outputs = self.folder / "runs" / run
        with _printed_to(self.folder / f"{run}.log"):
            _run_locally(self.repository.definition(), outputs, parameters)
        (verdict,) = [json.loads(file.read_text("utf-8")) for file in outputs.glob("*/gate/verdict/verdict.json")]
        story.runs.append((run, verdict["outcome"]))
        story.tell(f"the gate: {verdict['outcome']}")
        for file in outputs.glob("*/gate/verdict/card.md"):
            for line in file.read_text("utf-8").splitlines():
                if line.startswith("- "):
                    story.tell(line.replace("\\", ""))
        candidates = list(outputs.glob("*/register/candidate/candidate.json"))
        if not candidates:
            story.tell("nothing is registered, and the record stays as it is")
            return False
        self.repository.promote(candidates[0])
        version = self.repository.released()["version"]
        story.versions.append(version)
        story.tell(f"`mlplatform promote --candidate`: fraud/{version} is in MLflow, and the record releases it")
        return True

    def _ask_door(self, *messages: Mapping[str, object]) -> None:
        """Put messages into the queue, and let the door look until nothing is left to do."""
        for message in messages:
            self.door.inbox.send(json.dumps(message))
        for _ in range(3):
            # the quiet period of the triggers passes
            self.door.look(later=timedelta(minutes=35))
            self.door.runner.work()

    def _day(self, number: int, *, changed: bool) -> None:
        """A day of traffic, and the truth of it at its end."""
        story = self.story
        self.door.look(later=timedelta(days=1))
        table = claims(NEWEST, 100 + number, FIRST_DAY + timedelta(days=number), 1, changed=changed)
        released = self.repository.released()
        spec = EndpointSpec.model_validate({"name": ENDPOINT, "model": "fraud", "capture_percent": 100})
        habits = "fraud is cheap now, and comes in the evening" if changed else "the world is as it was"
        story.chapter(f"Day {number}", f"{SERVED} claims are sent to {ENDPOINT}; {habits}")
        with endpoint(spec, self.repository.file_of(released["artifact"]), self.folder / "router") as running:
            story.answers[released["version"]] = running.ask(ASKED)
            before = len(list((running.folder / "taps").iterdir()))
            running.serve(table.slice(0, SERVED))
            running.collect(self._captures(number), SERVED // ROWS + before)
        story.tell(f"fraud/{released['version']} answered, and the router captured every exchange")
        if changed and "labels-late" in self.faults:
            story.tell("fault: their truth does not arrive")
            return
        if changed and "gate-refuses" in self.faults:
            story.tell("fault: their truth is mixed up on its way")
            mixed = np.random.default_rng(0).permutation(table["fraud"].to_numpy())
            table = table.set_column(table.column_names.index("fraud"), "fraud", pa.array(mixed))
        labels = self.folder / "cloud" / "labels"
        labels.mkdir(parents=True, exist_ok=True)
        parquet.write_table(table.select(["id", "fraud"]).slice(0, SERVED), labels / f"day-{number}.parquet")
        store(table, self.data, f"claims-{number}")
        story.tell("their truth arrives, and the day's claims lie in the store")

    def _captures(self, day: int) -> Path:
        return self.folder / "cloud" / "monitoring" / f"day-{day}"

    def _look(self, day: int) -> None:
        """The monitor looks at the day; what it asks for goes to the door."""
        story = self.story
        story.chapter(f"The monitor looks at day {day}", "the program of the monitor's image, with its settings")
        output = self.folder / "reports" / f"day-{day}"
        if "monitor-dies" in self.faults and day == 2:
            code = self._monitor(day, output, killed=True)
            story.tell(f"fault: it was killed (exit code {code}). There is no report: its silence is an alarm")
            assert not (output / "monitor.json").exists()
        code = self._monitor(day, output, killed=False)
        if code not in (0, 4):
            raise SystemExit(f"the monitor ended with {code}")
        report = json.loads((output / "monitor.json").read_text("utf-8"))
        story.looks[day] = report
        story.tell(f"{report['conclusion']}. {report['words']}")
        for line in report["not_judged"]:
            story.tell(f"not judged: {line}")
        event = output / "event.json"
        if not event.is_file():
            story.tell("it asks for no run")
            return
        message = json.loads(event.read_text("utf-8"))
        story.tell(f"its event for the door: {json.dumps(message)}")
        self._ask_door(*[message] * (2 if "event-twice" in self.faults else 1))

    def _monitor(self, day: int, output: Path, *, killed: bool) -> int:
        """Run the monitor's entry point in a process of its own: its exit code."""
        settings = self.folder / "monitor.json"
        released = self.repository.released()
        settings.write_text(json.dumps({**SETTINGS, "version": released["version"]}), encoding="utf-8")
        reference = self.repository.file_of(released["artifact"]) / "reference"
        said = json.dumps({"version": released["version"]})
        (reference / "reference.json").write_text(said, encoding="utf-8")
        until = datetime.now(UTC) + timedelta(hours=1)
        command = [sys.executable, "-c", "from mlplatform.monitor.program import main; main()"]
        command += ["--settings", str(settings), "--reference", str(reference)]
        command += ["--capture", str(self._captures(day)), "--labels", str(self.folder / "cloud" / "labels")]
        command += ["--output", str(output), "--hours", "24", "--until", until.isoformat()]
        env = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if killed:
            time.sleep(0.2)
            process.kill()
        said, _ = process.communicate()
        if process.returncode not in (0, 4) and not killed:
            print(said)
        return process.returncode


def _run_locally(definition: str, outputs: Path, parameters: Mapping[str, Value]) -> None:
    from kfp import components, local

    local.init(runner=local.DockerRunner(), pipeline_root=str(outputs), raise_on_error=False)
    components.load_component_from_text(definition)(**parameters)


@contextmanager
def _printed_to(file: Path) -> Iterator[None]:
    """What this process and those that it starts print goes to a file."""
    sys.stdout.flush()
    kept = [os.dup(number) for number in (1, 2)]
    with file.open("w", encoding="utf-8") as log:
        for number in (1, 2):
            os.dup2(log.fileno(), number)
        try:
            yield
        finally:
            sys.stdout.flush()
            for number, former in zip((1, 2), kept, strict=True):
                os.dup2(former, number)
                os.close(former)


def played(folder: Path, *, shift: bool = True, margin: float = 0.0, faults: Sequence[Fault] = ()) -> Story:
    """Play the story in a folder."""
    with server(folder) as tracking:
        return Loop(folder, tracking, shift=shift, margin=margin, faults=faults).play()


def main() -> None:
    """Play it, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-shift", action="store_true", help="the world stays as it is")
    parser.add_argument("--margin", type=float, default=0.0, help="by how much a new model must be better (0 to 1)")
    faults = "; ".join(f"{name}: {words}" for name, words in FAULTS.items())
    parser.add_argument(
        "--fault", action="append", default=[], choices=get_args(Fault), help=f"may be repeated. {faults}"
    )
    parser.add_argument("--out", type=Path, default=ROOT / ".loop", help="folder of the page; omitted: .loop")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    work = Path(tempfile.mkdtemp(prefix="loop-"))
    try:
        story = played(work, shift=not given.no_shift, margin=given.margin, faults=given.fault)
        page = write_page(asdict(story), work / "reports", given.out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"\n{page}")


if __name__ == "__main__":
    main()
