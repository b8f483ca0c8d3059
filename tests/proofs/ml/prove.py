"""A candidate's whole way: trained, judged, registered at a real MLflow server, promoted, and in the record.

The programs of the steps run in this environment, which has no Pulumi. The metrics are held against
scikit-learn, the tests against SciPy. The store of the promotion is a folder with a stand-in for `aws`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import joblib
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy.stats import binomtest, norm
from sklearn import metrics as reference
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).parent.parent.parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from tests.proofs.mlflow_server import QUIET, server  # noqa: E402

from mlplatform.spec.gates import COMPUTED_METRICS  # noqa: E402
from mlplatform.steps.metrics import measure  # noqa: E402
from mlplatform.steps.paired import bootstrap, delong, mcnemar  # noqa: E402
from mlplatform.steps.predictions import Answers  # noqa: E402

Column: TypeAlias = NDArray[Any]

SPEC = """\
name: acme
environment: dev
owner: team
cost_center: "1"
targets:
  - {cloud: aws, account_id: "123456789012", region: us-east-1}
endpoints:
  - {name: scorer, model: fraud}
"""
GATE = {
    "thresholds": [{"metric": "auc", "at_least": 0.7}],
    "champion": {"metric": "auc", "test": "delong"},
    "slices": [{"column": "country", "metric": "auc", "at_least": 0.6, "most_difference": 0.2}],
}
AWS = """\
#!{python}
import pathlib, shutil, sys
words = sys.argv[1:]
def place(uri):
    return pathlib.Path({store!r}) / uri.removeprefix("s3://")
if words[:2] == ["s3", "cp"]:
    shutil.copytree(words[2], place(words[3]), dirs_exist_ok=True)
elif words[:2] == ["s3", "ls"]:
    print("\\n".join(str(file) for file in place(words[2]).rglob("*") if file.is_file()))
else:
    sys.exit("aws: " + " ".join(words))
"""


def answers(label: Column, score: Column) -> Answers:
    truth = np.empty(len(label), dtype=object)
    truth[:] = [float(value) for value in label]
    return Answers(truth, np.asarray(score, dtype=float), None)


def prove_metrics() -> int:
    """Each metric is that of scikit-learn, with ties and with a rare label."""
    counted = 0
    for seed, share in ((1, 0.5), (2, 0.05), (3, 0.9)):
        generator = np.random.default_rng(seed)
        label = (generator.random(800) < share).astype(int)
        score = np.round(np.clip(0.3 * label + 0.7 * generator.random(800), 0, 1), 2)  # rounded: many ties
        positive = (score >= 0.5).astype(int)
        negatives, wrong = np.sum(label == 0), np.sum((positive == 1) & (label == 0))
        wanted = {
            "auc": reference.roc_auc_score(label, score),
            "average_precision": reference.average_precision_score(label, score),
            "accuracy": reference.accuracy_score(label, positive),
            "precision": reference.precision_score(label, positive),
            "recall": reference.recall_score(label, positive),
            "f1": reference.f1_score(label, positive),
            "r2": reference.r2_score(label, score),
            "log_loss": reference.log_loss(label, score),
            "brier": reference.brier_score_loss(label, score),
            "false_positive_rate": wrong / negatives,
            "mae": reference.mean_absolute_error(label, score),
            "rmse": reference.root_mean_squared_error(label, score),
            "positive_rate": positive.mean(),
        }
        assert set(wanted) == set(COMPUTED_METRICS)
        for name, value in wanted.items():
            ours = measure(name, answers(label, score))
            assert abs(ours - value) < 1e-9, (seed, name, ours, value)
            counted += 1
    return counted


def prove_tests() -> int:
    """McNemar's p-value is SciPy's; DeLong's is that of all pairs, written out; the bootstrap agrees with it."""
    generator = np.random.default_rng(4)
    label = (generator.random(300) < 0.4).astype(int)
    one, other = (np.round(strength * label + generator.normal(size=300), 1) for strength in (1.2, 0.8))
    won = int(np.sum(((one >= 0.5) == label) & ((other >= 0.5) != label)))
    lost = int(np.sum(((one >= 0.5) != label) & ((other >= 0.5) == label)))
    wanted = binomtest(won, won + lost, 0.5, alternative="greater").pvalue
    assert abs(mcnemar(answers(label, one), answers(label, other)) - wanted) < 1e-12

    def pairs(score: Column) -> Column:
        good, bad = score[label == 1][:, None], score[label == 0][None, :]
        return (good > bad) + 0.5 * (good == bad)

    difference = pairs(one) - pairs(other)
    by_good, by_bad = difference.mean(axis=1), difference.mean(axis=0)
    variance = by_good.var(ddof=1) / len(by_good) + by_bad.var(ddof=1) / len(by_bad)
    for margin in (0.0, 0.05, -0.02):
        wanted = norm.sf((difference.mean() - margin) / np.sqrt(variance))
        assert abs(delong(answers(label, one), answers(label, other), margin) - wanted) < 1e-9
        drawn = bootstrap("auc", answers(label, one), answers(label, other), margin, draws=2000)
        assert abs(drawn - wanted) < 0.03, (margin, drawn, wanted)
    return 7


def prove_error_rate() -> str:
    """Of candidates that are no better, each test passes about alpha: at most its binomial bound."""
    runs, alpha = 400, 0.05
    passed = {"delong": 0, "mcnemar": 0}
    generator = np.random.default_rng(5)
    for _ in range(runs):
        label = (generator.random(500) < 0.4).astype(int)
        shared = generator.normal(size=500)
        one, other = (label * 1.0 + 0.7 * shared + 0.7 * generator.normal(size=500) for _ in range(2))
        passed["delong"] += delong(answers(label, one), answers(label, other), 0.0) <= alpha
        passed["mcnemar"] += mcnemar(answers(label, one), answers(label, other)) <= alpha
    for name, count in passed.items():
        chance = binomtest(count, runs, alpha, alternative="greater").pvalue
        assert chance > 0.001, f"{name} passes {count} of {runs} candidates that are no better"
    return f"of {runs} equal candidates DeLong passes {passed['delong']}, McNemar {passed['mcnemar']}"


def step(kind: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A program of the platform, as the image runs it."""
    program = "import sys; from mlplatform.steps.program import main; main(sys.argv[1:])"
    env = {**QUIET, "PYTHONPATH": str(ROOT / "platform"), **variables}
    return subprocess.run([sys.executable, "-c", program, kind, *words], env=env, capture_output=True, text=True)


def train_and_judge(
    folder: Path, run: str, used: int, released: Column | None, version: str | None
) -> tuple[Column, int, str]:
    """Train a model, write what an evaluating step writes, and judge it."""
    generator = np.random.default_rng(6)
    label = (generator.random(3000) < 0.4).astype(int)
    columns = generator.normal(size=(3000, 4)) + 0.6 * label[:, None]
    model = LogisticRegression().fit(columns[:1500, :used], label[:1500])
    score = model.predict_proba(columns[1500:, :used])[:, 1]
    rows = {
        "id": list(range(1500)),
        "label": label[1500:],
        "score": score,
        "country": ["DE", "FR", "IT"] * 500,
    }
    if released is not None:
        rows["released_score"] = released
    for name in ("model", "metrics", "predictions"):
        (folder / run / name).mkdir(parents=True)
    joblib.dump(model, folder / run / "model/model.joblib")
    auc = float(reference.roc_auc_score(label[1500:], score))
    (folder / run / "metrics/metrics.json").write_text(json.dumps({"auc": auc}), encoding="utf-8")
    pq.write_table(pa.table(rows), folder / run / "predictions/predictions.parquet")
    (folder / run / "predictions/released.json").write_text(json.dumps({"version": version}), encoding="utf-8")
    done = step(
        "gate",
        *("--pipeline", "retrain", "--model", "fraud", "--run", run, "--gate", json.dumps(GATE)),
        *("--input", f"metrics={folder / run}/metrics", "--input", f"predictions={folder / run}/predictions"),
        *("--output", f"verdict={folder / run}/verdict"),
    )
    return score, done.returncode, done.stdout + done.stderr


def register(folder: Path, run: str, uri: str) -> subprocess.CompletedProcess[str]:
    return step(
        "register",
        *("--pipeline", "retrain", "--model", "fraud", "--run", run),
        *("--input", f"model={folder / run}/model", "--input", f"verdict={folder / run}/verdict"),
        *("--output", f"candidate={folder / run}/candidate"),
        MLFLOW_TRACKING_URI=uri,
        MLPLATFORM_COMMIT="abc123",
        MLPLATFORM_DATA_VERSION="2026-11",
    )


def promote(folder: Path, run: str) -> str:
    """Release the candidate with the project's own program and a stand-in for `aws`."""
    (folder / "bin").mkdir(exist_ok=True)
    aws = folder / "bin/aws"
    aws.write_text(AWS.format(python=sys.executable, store=str(folder / "store")), encoding="utf-8")
    aws.chmod(0o755)
    (folder / "Pulumi.yaml").write_text("name: acme\nruntime: python\n", encoding="utf-8")
    (folder / "stacks").mkdir(exist_ok=True)
    (folder / "stacks/dev.yaml").write_text(SPEC, encoding="utf-8")
    command = [os.environ["MLPLATFORM_PYTHON"], "-m", "mlplatform", "promote"]
    command += ["--candidate", f"{run}/candidate/candidate.json", "--endpoint", "scorer", "--to", "dev", "--by", "ana"]
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def record(folder: Path) -> Mapping[str, Any]:
    return json.loads((folder / "stacks/models/dev.json").read_text("utf-8"))["targets"]["aws"]["scorer"]["main"]


def prove_way(folder: Path) -> int:
    """Two releases and a refusal."""
    import mlflow

    with server(folder) as uri:
        client = mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)
        score, code, said = train_and_judge(folder, "r1", 2, None, None)
        assert code == 0, said
        assert "nothing is released" in said
        done = register(folder, "r1", uri)
        assert done.returncode == 0, done.stdout + done.stderr
        assert register(folder, "r1", uri).returncode == 0, "a second try"
        (version,) = client.search_model_versions("name = 'fraud'")
        assert version.tags["mlplatform.gate"] == "passed"
        logged = client.get_run(version.run_id).data
        assert (logged.params["commit"], logged.params["data_version"]) == ("abc123", "2026-11")
        assert abs(logged.metrics["auc"] - reference_auc(folder, "r1")) < 1e-9
        promote(folder, "r1")
        assert record(folder)["version"] == "r1"

        better, code, said = train_and_judge(folder, "r2", 4, score, "r1")
        assert code == 0, said
        assert register(folder, "r2", uri).returncode == 0
        shown = promote(folder, "r2")
        assert "beside fraud/r1" in shown, shown
        released = record(folder)
        assert (released["version"], released["previous"]["version"]) == ("r2", "r1")
        tested = next(gate for gate in released["gates"] if gate.get("test") == "delong")
        assert tested["value"] > tested["released"], tested
        assert tested["p_value"] <= 0.05
        # the registry, the store and the record hold the same bytes
        mlflow.set_tracking_uri(uri)
        digest = released["digests"]["model.joblib"]
        for where in (
            Path(mlflow.artifacts.download_artifacts("models:/fraud/2", dst_path=str(folder / "down"))),
            folder / "store" / released["artifact"].removeprefix("s3://"),
        ):
            assert digests(where)["model.joblib"] == digest
        assert joblib.load(folder / "down/model.joblib").n_features_in_ == 4

        _, code, said = train_and_judge(folder, "r3", 2, better, "r2")
        assert code == 3, said
        done = register(folder, "r3", uri)
        assert done.returncode == 3, done.stdout + done.stderr
        assert len(client.search_model_versions("name = 'fraud'")) == 2
        assert not (folder / "r3/candidate").exists()
    return 2


def digests(folder: Path) -> Mapping[str, str]:
    from mlplatform.promote.digests import compute_digests

    return compute_digests(folder)


def reference_auc(folder: Path, run: str) -> float:
    return float(json.loads((folder / run / "metrics/metrics.json").read_text("utf-8"))["auc"])


if __name__ == "__main__":
    assert find_spec("pulumi") is None, "the programs of the steps must need no Pulumi"
    compared, tests, rate = prove_metrics(), prove_tests(), prove_error_rate()
    with tempfile.TemporaryDirectory() as work:
        versions = prove_way(Path(work))
    print(
        f"{compared} metrics as in scikit-learn, {tests} p-values as in SciPy; {rate}; {versions} versions registered, "
        "promoted and recorded, 1 refused"
    )
