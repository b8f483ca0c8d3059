"""The form is loaded by kfp, and kfp's own local runner runs it, with processes in place of containers.

Graph, conditions, arguments, variables, folders and metrics are proven so; images are not. A condition that the runner
cannot resolve counts as false there, with a warning and a run that succeeds: the warning fails this proof.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
HERE = Path(__file__).parent
PROGRAMS = ROOT / "tests" / "pipelines" / "programs.py"
ALWAYS = {"ingest", "look", "shape-north", "shape-south", "train", "evaluate"}
BEHIND = {"gate", "register"}


class Warned(logging.Handler):
    """Every warning of the runner."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def emitted(store: str, bound: str, form: str = "kfp") -> str:
    """The form, as the project writes it."""
    command = [os.environ["MLPLATFORM_PYTHON"], "-m", "tests.pipelines.emit", form, store, bound]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def shims(folder: Path) -> None:
    """The programs of the images: `python` runs the example's, `mlplatform-step` the platform's."""
    folder.mkdir(parents=True)
    own = f"export PYTHONPATH={ROOT / 'platform'}"
    for name, words in {"python": str(PROGRAMS), "mlplatform-step": STEPS}.items():
        file = folder / name
        file.write_text(f'#!/bin/sh\n{own}\nexec "{sys.executable}" {words} "$@"\n', encoding="utf-8")
        file.chmod(0o755)


STEPS = '-c "from mlplatform.steps.program import main; main()"'
"""The platform's own programs."""


def run(work: Path, bound: str, form: str = "kfp") -> tuple[set[str], list[str], Path]:
    """Run a pipeline: the steps that ended well, the warnings, and the folder of outputs."""
    from kfp import components, local

    work.mkdir()
    store = work / "store"
    rows = Path(f"{store}-data") / "claims" / "2026"
    rows.mkdir(parents=True)
    subprocess.run([sys.executable, str(PROGRAMS.with_name("rows.py")), str(rows / "rows.csv")], check=True)
    shims(work / "bin")
    os.environ |= {
        "STEP_PATH": f"{work / 'bin'}:/usr/bin:/bin",
        "STEP_FOLDER": str(work),
        "STEP_LOG": str(work / "started.txt"),
    }
    warned = Warned()
    logging.getLogger().addHandler(warned)
    local.init(runner=local.DockerRunner(), pipeline_root=str(work / "outputs"), raise_on_error=True)
    try:
        components.load_component_from_text(emitted(str(store), bound, form))()
    finally:
        logging.getLogger().removeHandler(warned)
    ended = {path.parent.name for path in (work / "outputs").glob("*/*/executor_output.json")}
    return ended, warned.texts, work / "outputs"


def searched(work: Path) -> list[str]:
    """Run the search: Optuna chooses, on two machines; the best trial of both is registered, with its values."""
    failures: list[str] = []
    ended, warnings, outputs = run(work, "", "search")
    failures += [f"warning: {each}" for each in warnings]
    if ended != {"train-search1", "train-search2", "train", "gate", "register"}:
        failures.append(f"of the search these steps ended: {sorted(ended)}")
        return failures

    def read(name: str) -> dict[str, object]:
        (file,) = outputs.glob(f"*/{name}")
        return json.loads(file.read_text(encoding="utf-8"))

    search, model = read("train/search/search.json"), read("train/model/model.json")
    trials = [trial for machine in search["machines"] for trial in machine]  # type: ignore[union-attr]
    if [len(machine) for machine in search["machines"]] != [8, 8]:  # type: ignore[arg-type, union-attr]
        failures.append(f"the machines ran {search['machines']}")
    if len({trial["values"]["rate"] for trial in trials}) != 16:
        failures.append("two trials had the same values")
    best = max(trials, key=lambda trial: trial["value"] or 0)
    if best["values"] != model or read("train/metrics/metrics.json")["auc"] != best["value"]:
        failures.append(f"the best trial is {best}, and the model {model}")
    parameters = read("register/candidate/candidate.json")["training"]["parameters"]  # type: ignore[index]
    if parameters != best["values"]:
        failures.append(f"the candidate says {parameters}")
    if not failures:
        print(f"16 trials on two machines; the best has {best['value']:.3f} at {best['values']}")
    return failures


def tfx_unread() -> list[str]:
    """Why the newest Kubeflow Pipelines would not read what TFX wrote of the example; TFX has a proof of its own."""
    from google.protobuf import json_format
    from kfp.pipeline_spec.pipeline_spec_pb2 import PipelineSpec

    written = json.loads((ROOT / "examples" / "pipelines" / "fraud" / "in_tfx.json").read_text(encoding="utf-8"))
    try:
        read = json_format.ParseDict(written["pipelineSpec"], PipelineSpec())
    except json_format.ParseError as error:
        return [f"what TFX wrote: {error}"]
    tasks = read.root.dag.tasks
    edge = tasks["train"].inputs.artifacts["rows"].task_output_artifact
    found = sorted(tasks), edge.producer_task, edge.output_artifact_key
    return [] if found == (["ingest", "train"], "ingest", "rows") else [f"what TFX wrote is read as {found}"]


def main() -> int:
    """Load, refuse, run twice: with the condition true and false."""
    sys.path.insert(0, str(HERE / "double"))
    from google.protobuf import json_format
    from kfp import components

    work = Path(tempfile.mkdtemp())
    failures: list[str] = []
    text = emitted(str(work / "store"), "0.7")
    components.load_component_from_text(text)
    components.load_component_from_text(emitted("", "", "jobs"))
    try:
        components.load_component_from_text(text.replace("executorLabel", "executorLabell"))
    except json_format.ParseError:
        pass
    else:
        failures.append("kfp's loader accepts a field that is not there")
    failures += tfx_unread()

    passed, warnings, outputs = run(work / "passes", "0.7")
    failures += [f"warning: {each}" for each in warnings]
    if passed != ALWAYS | BEHIND:
        failures.append(f"these steps ended: {sorted(passed)}")
    candidates = list(outputs.glob("*/register/candidate/candidate.json"))
    verdicts = [json.loads(path.read_text(encoding="utf-8")) for path in outputs.glob("*/gate/verdict/verdict.json")]
    if len(candidates) != 1 or [verdict["outcome"] for verdict in verdicts] != ["passed"]:
        failures.append(f"{len(candidates)} candidates, verdicts {verdicts}")
    left_out, warnings, _ = run(work / "fails", "0.99")
    failures += [f"warning: {each}" for each in warnings]
    if left_out != ALWAYS:
        failures.append(f"with a condition that does not hold these ended: {sorted(left_out)}")
    failures += searched(work / "search")
    print("\n".join(failures))
    shutil.rmtree(work)
    print(
        f"the loader refuses a typo; {len(passed)} steps ran to a candidate, {len(left_out)} where the condition fails"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
