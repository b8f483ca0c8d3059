"""A platform's repository, made for the loop: its spec, its record of releases, and what stands for a cloud's tools."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from tests.proofs.gcloud import gcloud

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples" / "pipelines"
PIPELINE = "fraud-retrain"
ENDPOINT = "fraud-scorer"
NEWEST = 8000
"""Claims that a run learns from: the newest ones."""

_GCP = {"cloud": "gcp", "project": "acme-ml-dev", "project_number": "123456789012", "region": "europe-west3"}
_IMAGES = "europe-west3-docker.pkg.dev/acme-ml-dev/acme-ml-dev-training/fraud"


class Repository:
    """The repository, with folders for the cloud's buckets.

    Args:
        folder: an empty folder.
        tracking: address of the MLflow server.
        margin: by how much a new model must be better to be released.
    """

    def __init__(self, folder: Path, tracking: str, margin: float) -> None:
        self.folder = folder
        self.buckets = folder / "gcs"
        (folder / "stacks").mkdir(parents=True)
        (folder / "bin").mkdir()
        (folder / "stacks" / "dev.yaml").write_text(yaml.safe_dump(_spec(margin)), encoding="utf-8")
        (folder / "Pulumi.yaml").write_text("name: acme-ml\nruntime: python\n", encoding="utf-8")
        programs = {
            "gcloud": gcloud(self.buckets),
            "python": f'#!/bin/sh\nPYTHONPATH={EXAMPLE} exec "{sys.executable}" "$@"\n',
            "mlplatform-step": f"#!/bin/sh\nexport PYTHONPATH={ROOT / 'platform'} MLFLOW_TRACKING_URI={tracking}\n"
            f'exec "{sys.executable}" -c "from mlplatform.steps.program import main; main()" "$@"\n',
        }
        for name, text in programs.items():
            (folder / "bin" / name).write_text(text, encoding="utf-8")
            (folder / "bin" / name).chmod(0o755)

    def ours(self, *words: str) -> str:
        """Run `mlplatform`, or with `-c` a program that reads the platform's Python; what it prints."""
        command = [os.environ["MLPLATFORM_PYTHON"], *(words if words[0] == "-c" else ("-m", "mlplatform", *words))]
        env = {**os.environ, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"}
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"mlplatform {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def definition(self) -> str:
        """The compiled pipeline."""
        self.ours("render", "pipeline", PIPELINE, "stacks/dev.yaml", "--out", "definitions")
        return (self.folder / "definitions" / f"{PIPELINE}.vertex.json").read_text("utf-8")

    def door_rules(self) -> str:
        """What the platform tells its door."""
        return self.ours("-c", _RULES.format(pipeline=PIPELINE))

    def promote(self, candidate: Path) -> str:
        """Release a candidate; what the command says."""
        words = ("--candidate", str(candidate), "--endpoint", ENDPOINT, "--to", "dev", "--by", "ana")
        return self.ours("promote", *words)

    def released(self) -> Mapping[str, Any] | None:
        """What the record says of the endpoint; None where nothing is released."""
        if not (self.folder / "stacks" / "models" / "dev.json").is_file():
            return None
        releases = json.loads(self.ours("lineage", "fraud", "--format", "json"))["releases"]
        (serving,) = [each["release"] for each in releases if each["serves"]]
        return serving

    def file_of(self, uri: str) -> Path:
        """A place of the store."""
        return self.buckets / uri.removeprefix("gs://")


_RULES = """\
import json
from mlplatform.components.door_rules import VERSION, pipeline_rules
from mlplatform.reading.load import load
spec = load("stacks/dev.yaml").spec
(pipeline,) = [each for each in spec.pipelines if each.name == {pipeline!r}]
rules = pipeline_rules(pipeline, pipeline.max_usd_per_run, {{}}, [])
print(json.dumps({{"version": VERSION, "target": "gcp", "pipelines": [rules]}}))
"""


def _spec(margin: float) -> Mapping[str, Any]:
    """The spec of the example, on GCP, with what the loop needs: captures, a model with its reference, the newest
    claims, and triggers by the monitor alone."""
    said = yaml.safe_load((EXAMPLE / "fraud.yaml").read_text("utf-8"))
    said["targets"] = [_GCP]
    said["endpoints"] = [{"name": ENDPOINT, "model": "fraud", "capture_percent": 100}]
    (pipeline,) = said["pipelines"]
    pipeline |= {"image": f"{_IMAGES}:fraud-7", "programs_image": f"{_IMAGES}:mlplatform-step-1"}
    pipeline["triggers"] = {"events": ["drift", "quality"], "quiet_minutes": 30, "max_runs_per_month": 10}
    steps = {step["name"]: step for step in pipeline["steps"] if step["kind"] != "score"}
    pipeline["steps"] = list(steps.values())
    steps["ingest"]["command"] += ["--newest", str(NEWEST)]
    steps["train"]["inputs"]["unseen"] = {"step": "features", "output": "test"}
    steps["train"]["command"] += ["--reference", "{{inputs.unseen}}"]
    steps["gate"]["gate"]["champion"]["margin"] = margin
    return said
