"""The example pipeline from its spec to three runs: a first release, a better model, and a worse one.

The definition is the one that `mlplatform render pipeline` writes for Vertex AI Pipelines; kfp's local runner runs it,
with processes for containers and a folder for the buckets. Registry, gate, promotion and record are the real ones.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "proofs" / "kfp" / "double")]

from tests.proofs.gcloud import gcloud  # noqa: E402
from tests.proofs.mlflow_server import QUIET, server  # noqa: E402

EXAMPLE = ROOT / "examples" / "pipelines"
NAME = "fraud-retrain"
GCP = {"cloud": "gcp", "project": "acme-ml-dev", "project_number": "123456789012", "region": "europe-west3"}
IMAGES = "europe-west3-docker.pkg.dev/acme-ml-dev/acme-ml-dev-training/fraud"


def ours(work: Path, *words: str) -> str:
    """A command of the project, in a platform's repository."""
    command = [os.environ["MLPLATFORM_PYTHON"], "-m", "mlplatform", *words]
    env = {**os.environ, "PATH": f"{work / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=work, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"mlplatform {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def prepared(work: Path, uri: str) -> None:
    """A platform's repository, its claims, and the programs of its images."""
    said = yaml.safe_load((EXAMPLE / "fraud.yaml").read_text("utf-8"))
    said["targets"] = [GCP]
    said["pipelines"][0] |= {"image": f"{IMAGES}:fraud-7", "programs_image": f"{IMAGES}:mlplatform-step-1"}
    (work / "stacks").mkdir()
    (work / "stacks" / "dev.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    (work / "Pulumi.yaml").write_text("name: acme-ml\nruntime: python\n", encoding="utf-8")
    (work / "bin").mkdir()
    programs = {
        "gcloud": gcloud(work / "gcs"),
        "python": f'#!/bin/sh\nPYTHONPATH={EXAMPLE} exec "{sys.executable}" "$@"\n',
        "mlplatform-step": f"#!/bin/sh\nexport PYTHONPATH={ROOT / 'platform'} MLFLOW_TRACKING_URI={uri}\n"
        # who starts a run may name the data; here no step of the example does
        "export MLPLATFORM_DATA_VERSION=claims@2026-11\n"
        f'exec "{sys.executable}" -c "from mlplatform.steps.program import main; main()" "$@"\n',
    }
    for name, text in programs.items():
        (work / "bin" / name).write_text(text, encoding="utf-8")
        (work / "bin" / name).chmod(0o755)
    os.environ |= {
        **{key: value for key, value in QUIET.items() if key.startswith("MLFLOW_")},
        "STEP_PATH": f"{work / 'bin'}:/usr/bin:/bin",
        "STEP_FOLDER": str(work),
        "STEP_BUCKETS": str(work / "gcs"),
        "STEP_LOG": str(work / "started.txt"),
    }


def run(work: Path, number: int, **values: str) -> Path:
    """Render the definition and run it: the folder of what its steps wrote. A step that fails ends the run there."""
    from kfp import components, local

    ours(work, "render", "pipeline", NAME, "stacks/dev.yaml", "--out", "definitions")
    text = (work / "definitions" / f"{NAME}.vertex.json").read_text("utf-8")
    if number == 1:
        (bucket,) = set(re.findall(r"gs://([^/\"]+)/claims", text))
        claims = [sys.executable, "-m", "fraud.claims", str(work / "gcs" / bucket / "claims")]
        subprocess.run(claims, cwd=EXAMPLE, check=True)
    outputs = work / "outputs" / str(number)
    local.init(runner=local.DockerRunner(), pipeline_root=str(outputs), raise_on_error=False)
    components.load_component_from_text(text)(**values)
    return outputs


def verdict(outputs: Path) -> Mapping[str, Any]:
    (file,) = outputs.glob("*/gate/verdict/verdict.json")
    return json.loads(file.read_text("utf-8"))


def promoted(work: Path, outputs: Path) -> Mapping[str, Any]:
    """Release the candidate: what the record says then."""
    (file,) = outputs.glob("*/register/candidate/candidate.json")
    words = ("--candidate", str(file), "--endpoint", "fraud-scorer", "--to", "dev", "--by", "ana")
    print(ours(work, "promote", *words))
    record = json.loads((work / "stacks/models/dev.json").read_text("utf-8"))
    return record["targets"]["gcp"]["fraud-scorer"]["main"]


def registered(uri: str, release: Mapping[str, Any]) -> str:
    """What `mlplatform releases` finds of a release in the registry: nothing where both say the same."""
    program = (
        "import json, sys\n"
        "from mlplatform.promote.registered import MlflowRegistry\n"
        "from mlplatform.spec.releases import Release\n"
        "print(MlflowRegistry(sys.argv[1]).contradicts(Release.model_validate(json.loads(sys.argv[2]))))"
    )
    command = [os.environ["MLPLATFORM_PYTHON"], "-c", program, uri, json.dumps(release)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def learned_from(client: Any, run: str) -> bool:  # noqa: ANN401 - untyped
    """Whether the run lists the version of the data that it learned from, in the way that MLflow itself reads."""
    import mlflow

    found = client.get_run(run)
    (listed,) = found.inputs.dataset_inputs
    source = mlflow.data.get_source(listed.dataset)
    assert {tag.value for tag in listed.tags} == {"training"}, listed
    return source.to_dict()["tags"]["mlplatform.data_version"] == found.data.params["data_version"]


def main() -> int:
    """Three runs."""
    import mlflow

    logging.basicConfig(level=logging.WARNING)
    work = Path(tempfile.mkdtemp())
    try:
        with server(work) as uri:
            prepared(work, uri)
            client = mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)
            first = run(work, 1, rounds="3")
            assert verdict(first)["outcome"] == "passed", verdict(first)
            one = promoted(work, first)
            assert len(list(first.glob("*/score-*/scores/scores.parquet"))) == 2

            second = run(work, 2)
            assert verdict(second)["released"] == one["version"], verdict(second)
            two = promoted(work, second)
            (tested,) = [gate for gate in two["gates"] if gate.get("test") == "delong"]
            assert tested["value"] > tested["released"], tested
            assert two["previous"]["version"] == one["version"]

            third = run(work, 3, rounds="2")
            assert (verdict(third)["outcome"], verdict(third)["released"]) == ("refused", two["version"])
            assert not list(third.glob("*/register/candidate/candidate.json"))
            versions = client.search_model_versions("name = 'fraud'")
            assert {each.tags["mlplatform.version"] for each in versions} == {one["version"], two["version"]}
            assert [learned_from(client, each.run_id) for each in versions] == [True, True]
            assert [registered(uri, one), registered(uri, two)] == ["", ""]
            assert "has no fraud/99" in registered(uri, {**two, "registry": "fraud/99"})
            assert "is of version" in registered(uri, {**two, "registry": one["registry"]})
    finally:
        shutil.rmtree(work)
    print(
        f"3 runs of {NAME}: AUC {tested['released']:.3f} released, then {tested['value']:.3f} "
        f"at p={tested['p_value']:.1e}, and a worse one refused; {len(versions)} versions in MLflow and in the record"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
