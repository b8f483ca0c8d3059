"""A project whose models are released, a store that stands for the clouds, and candidates of a pipeline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from mlplatform.cli.app import run
from mlplatform.promote import carry_out
from mlplatform.promote.carry_out import CommandFailed
from mlplatform.spec.platform import PlatformSpec

from .released import released_spec
from .targets import TARGETS

SPEC = (
    TARGETS
    + """\
endpoints:
  - name: scorer
    model: fraud
    shadow: {model: fraud/8, sample_percent: 50}
  - name: split
    variants: [{name: a, model: m/1, traffic_percent: 60}, {name: b, model: m/2, traffic_percent: 40}]
  - {name: guarded, model: g, secrets: {TOKEN: token}}
"""
)
BUCKET = "acme-dev-models-123456789012-us-east-1-an"

Promote = Callable[..., tuple[int, str]]


class Store:
    """Stands in for the clouds' command lines: what was copied is there."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, ...]] = []
        self.there: dict[str, list[str]] = {}
        self.secrets: set[str] = set()
        self.fails: str = ""

    def __call__(self, command: Sequence[str]) -> str:
        words = " ".join(command)
        self.commands.append(tuple(command))
        if self.fails and self.fails in words:
            raise CommandFailed("AccessDenied")
        if "cp" in command or "rsync" in command or "upload-batch" in command:
            self.there[command[0]] = ["model.bin", "config/a.json"]
            return ""
        if "secret" in words:
            return "1" if "token" in self.secrets else ""
        return "\n".join(self.there.get(command[0], []))


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store()
    monkeypatch.setattr(carry_out.carry_out, "__defaults__", (store,))
    return store


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: acme\nruntime: python\n", encoding="utf-8")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks/dev.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "fraud/config").mkdir(parents=True)
    (tmp_path / "fraud/model.bin").write_bytes(b"weights")
    (tmp_path / "fraud/config/a.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def promote(project: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> Promote:
    def invoke(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stop:
            run(["promote", *arguments])
        captured = capsys.readouterr()
        return int(stop.value.code or 0), " ".join(f"{captured.out} {captured.err}".split())

    return invoke


def written(project: Path) -> dict[str, object]:
    return json.loads((project / "stacks/models/dev.json").read_text(encoding="utf-8"))


GATES = [
    {"name": "auc at least 0.8", "value": 0.91, "threshold": 0.8, "released": 0.88},
    {"name": "auc better", "value": 0.91, "released": 0.88, "test": "delong", "p_value": 0.01, "rows": 900},
]


@pytest.fixture
def candidate(project: Path) -> Callable[..., Path]:
    """Writes a candidate with its files beside it."""

    def write(version: str = "9", **more: object) -> Path:
        files = {"model.bin": b"new", "config/a.json": b"{}"}
        folder = project / f"candidate-{version}"
        for name, content in files.items():
            file = folder / f"models/fraud/{version}/{name}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        given: dict[str, object] = {
            "model": "fraud",
            "version": version,
            "pipeline": "retrain",
            "run": "r1",
            "commit": "abc",
            "data_version": "2026-11",
            "digests": {name: f"sha256:{hashlib.sha256(content).hexdigest()}" for name, content in files.items()},
            "gates": GATES,
            "compared": True,
            "released": "7",
        }
        (folder / "candidate.json").write_text(json.dumps(given | more), encoding="utf-8")
        return folder / "candidate.json"

    return write


GATED = """
pipelines:
  - name: retrain
    model: fraud
    on: aws
    image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-dev/training:fraud-1
    programs_image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-dev/training:step-1
    steps:
      - name: train
        kind: train
        command: [python, -m, fraud.train, "{{outputs.model}}", "{{outputs.metrics}}"]
        outputs: {model: {kind: model}, metrics: {kind: metrics, metrics: [auc]}}
      - name: gate
        kind: gate
        inputs: {metrics: {step: train, output: metrics}}
        gate: {thresholds: [{metric: auc, at_least: 0.8}], least_rows: 100, sign_off: [domain-expert]}
      - name: register
        kind: register
        inputs: {model: {step: train, output: model}, verdict: {step: gate, output: verdict}}
"""


@pytest.fixture
def gated(project: Path) -> Path:
    """The spec gates fraud, on the one target that trains it."""
    (project / "stacks/dev.yaml").write_text(SPEC + GATED, encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> PlatformSpec:
    """A platform of which a version is released on every target."""
    return released_spec(tmp_path_factory.mktemp("standing"))
