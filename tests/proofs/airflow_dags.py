"""What both proofs of Airflow do: load the file, find no error, and run it with processes in place of pods.

`airflow dags test` really runs the graph: order, conditions, templates, retries and arguments are proven so; pods and
images are not.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.proofs.mlflow_server import QUIET, server  # noqa: E402

TESTS = ROOT / "tests" / "pipelines"
STEPS = '-c "from mlplatform.steps.program import main; main()"'
"""The platform's own programs."""

ALWAYS = {"ingest", "look", "shape-north", "shape-south", "train", "evaluate", "gate.when"}
BEHIND = {"gate", "register"}

DOUBLE = '''\
"""Runs `airflow` with a pod operator whose pods are processes here; folders below /mnt are in the proof's own."""

import os, subprocess, sys

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator

try:
    from airflow.sdk.exceptions import AirflowSkipException
except ImportError:
    from airflow.exceptions import AirflowSkipException


def execute(self, context):
    place = os.environ["PROOF_FOLDER"]
    words = [word.replace("/mnt/", place + "/mnt/") for word in [*self.cmds, *self.arguments]]
    given = {each.name: each.value for each in self.env_vars}
    env = {"PATH": place + "/bin:/usr/bin:/bin", "HOME": place, **given}
    done = subprocess.run(words, env=env, cwd=place)
    with open(place + "/ended.txt", "a") as log:
        log.write(f"{self.task_id} {done.returncode}\\n")
    skipped = self.skip_on_exit_code
    if done.returncode and done.returncode in ([skipped] if isinstance(skipped, int) else skipped):
        raise AirflowSkipException(f"left out: {done.returncode}")
    if done.returncode:
        raise RuntimeError(f"{self.task_id} ended with {done.returncode}")


KubernetesPodOperator.execute = execute
from airflow.__main__ import main

sys.argv[0] = "airflow"
main()
'''

LOAD = """\
import sys
try:
    from airflow.dag_processing.dagbag import DagBag
    bag = DagBag(sys.argv[1])
except ImportError:
    from airflow.models.dagbag import DagBag
    bag = DagBag(sys.argv[1], include_examples=False)
print("LOADED", sorted(bag.dags), {k: v[-300:] for k, v in bag.import_errors.items()})
"""


def prepared(work: Path, uri: str) -> None:
    """Fill a folder with the store, the images' programs, and Airflow's home.

    Args:
        work: the folder.
        uri: of the server that the steps register models in.
    """
    rows = work / "mnt" / "data" / "claims" / "2026"
    rows.mkdir(parents=True)
    subprocess.run([sys.executable, str(TESTS / "rows.py"), str(rows / "rows.csv")], check=True)
    (work / "bin").mkdir()
    own = f"export PYTHONPATH={ROOT / 'platform'} MLFLOW_TRACKING_URI={uri}"
    for name, words in {"python": f'"{TESTS / "programs.py"}"', "mlplatform-step": STEPS}.items():
        file = work / "bin" / name
        file.write_text(f'#!/bin/sh\n{own}\nexec "{sys.executable}" {words} "$@"\n', encoding="utf-8")
        file.chmod(0o755)
    (work / "double.py").write_text(DOUBLE, encoding="utf-8")
    (work / "load.py").write_text(LOAD, encoding="utf-8")
    (work / "dags").mkdir()
    os.environ |= {
        **{name: value for name, value in QUIET.items() if name.startswith("MLFLOW_")},
        "PROOF_FOLDER": str(work),
        "AIRFLOW_HOME": str(work / "home"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(work / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        # a busy machine takes longer than half a minute to import Kubernetes' client the first time
        "AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT": "300",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def written(work: Path, bound: str) -> None:
    """Let the command write the file into the folder that Airflow reads."""
    python = [os.environ["MLPLATFORM_PYTHON"], "-m"]
    spec = work / "platform.yaml"
    command = [*python, "tests.pipelines.emit", "spec", "", bound]
    spec.write_bytes(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    command = [*python, "mlplatform", "render", "pipeline", "fraud-retrain", str(spec), "--out", str(work / "dags")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def run(work: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command in the proof's folder."""
    return subprocess.run([sys.executable, *command], cwd=work, capture_output=True, text=True)


def tested(work: Path, bound: str) -> tuple[dict[str, int], subprocess.CompletedProcess[str]]:
    """`airflow dags test` with this bound: how each started step ended."""
    written(work, bound)
    ended = work / "ended.txt"
    ended.unlink(missing_ok=True)
    done = run(work, "double.py", "dags", "test", "fraud-retrain", "2026-01-02")
    lines = ended.read_text(encoding="utf-8").splitlines() if ended.exists() else []
    return {line.split()[0]: int(line.split()[1]) for line in lines}, done


def registered(uri: str, candidate: dict[str, Any]) -> list[str]:
    """What is wrong with what the server has of the candidate; its files are fetched from it."""
    import mlflow

    client = mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)
    versions = client.search_model_versions("")
    if [each.tags.get("mlplatform.version") for each in versions] != [candidate["version"]]:
        return [f"registered {[(each.name, each.tags) for each in versions]}, not {candidate['version']} alone"]
    (version,) = versions
    run = client.get_run(version.run_id)
    folder = client.download_artifacts(version.run_id, "model")
    wrong = {
        "gate": version.tags.get("mlplatform.gate") != "passed",
        "run": version.tags.get("mlplatform.run") != candidate["run"],
        "metrics": run.data.metrics.get("auc") != candidate["metrics"]["auc"],
        "files": "model.json" not in os.listdir(folder),
    }
    return [f"the registered version has another {name}: {version}, {run.data}" for name in wrong if wrong[name]]


def prove(*, starter: bool = False) -> int:
    """Load, load something wrong, run with the condition true and false.

    Args:
        starter: whether the platform's starter asks Airflow's own server for runs, too.
    """
    from airflow import __version__

    work = Path(tempfile.mkdtemp())
    try:
        with server(work) as uri:
            prepared(work, uri)
            failures, said = played(work, uri, starter=starter)
    finally:
        shutil.rmtree(work)
    print("\n".join(failures))
    if failures:
        print(f"Airflow {__version__}: {len(failures)} failures")
        return 1
    print(f"Airflow {__version__}: {said}")
    return 0


def served(work: Path) -> list[str]:
    """What is wrong with what Airflow's own server says to the starter: it runs what its database has of the file."""
    stored = run(work, "-m", "airflow", "dags", "reserialize")
    asked = run(work, str(Path(__file__).with_name("airflow_starter.py")), str(work))
    if stored.returncode or asked.returncode or not asked.stdout.endswith("STARTED\n"):
        return [f"the starter: {stored.stderr[-500:]} {asked.stdout[-1500:]} {asked.stderr[-1500:]}"]
    return []


def played(work: Path, uri: str, *, starter: bool) -> tuple[list[str], str]:
    """What failed, and what happened."""
    failures: list[str] = []
    made = run(work, "-m", "airflow", "db", "migrate")
    if made.returncode:
        failures.append(f"db migrate: {made.stderr[-800:]}")
    written(work, "0.7")
    loaded = run(work, "load.py", str(work / "dags"))
    if "LOADED ['fraud-retrain'] {}" not in loaded.stdout:
        failures.append(f"DagBag: {loaded.stdout[-1500:]} {loaded.stderr[-1500:]}")
    if starter:
        failures += served(work)
    wrong = work / "dags" / "fraud_retrain.py"
    wrong.write_text(
        wrong.read_text(encoding="utf-8").replace("skip_on_exit_code", "skip_on_exit_cod"), encoding="utf-8"
    )
    if "LOADED [] {}" in (said := run(work, "load.py", str(work / "dags")).stdout) or "skip_on_exit_cod" not in said:
        failures.append(f"DagBag accepts an argument that is not there: {said[-500:]}")
    ended, done = tested(work, "0.7")
    if ended != dict.fromkeys(ALWAYS | BEHIND, 0) or done.returncode:
        failures.append(f"ended {json.dumps(ended)}: {done.stdout[-1500:]} {done.stderr[-1500:]}")
    candidates = list((work / "mnt").glob("pipelines/runs/fraud-retrain/*/register/candidate/candidate.json"))
    verdicts = [json.loads(file.read_text("utf-8")) for file in (work / "mnt").glob("**/gate/verdict/verdict.json")]
    if len(candidates) != 1 or [verdict["outcome"] for verdict in verdicts] != ["passed"]:
        failures.append(f"{len(candidates)} candidates, verdicts {verdicts}")
    else:
        failures += registered(uri, json.loads(candidates[0].read_text("utf-8")))
    left_out, done = tested(work, "0.99")
    if not failures:
        # nothing came to what is there
        failures += registered(uri, json.loads(candidates[0].read_text("utf-8")))
    if left_out != {**dict.fromkeys(ALWAYS, 0), "gate.when": 99} or done.returncode:
        failures.append(f"condition false, ended {json.dumps(left_out)}: {done.stdout[-800:]} {done.stderr[-800:]}")
    return failures, (
        f"no import error; {len(ended)} steps ran to a gated version of the model in MLflow's registry, "
        f"{len(left_out) - 1} where the condition fails, which registers nothing"
        + ("; its own server starts each id once, and refuses what the starter must know of" if starter else "")
    )
