"""The image's content without Docker: its lock, the wheel without its dependencies, and its programs. Then each case of
data, looked at with pandera."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
HERE = Path(__file__).parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from tests.steps.data_cases import WITH_PANDERA, WITHOUT_PANDERA, hold, write  # noqa: E402 - needs the path


def main() -> int:
    """Judge and register with what the image has."""
    assert (HERE / "requirements.lock").read_bytes() == (ROOT / "templates/steps/requirements.lock").read_bytes()
    names = {each.metadata["Name"].lower() for each in distributions()}
    assert not names & {"pulumi", "click"}, names
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        build = [os.environ["MLPLATFORM_PYTHON"], "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        (wheel,) = folder.glob("mlplatform-*.whl")
        image = [os.environ["MLPLATFORM_PYTHON"], "-m", "mlplatform", "render", "programs", "--wheel", str(wheel)]
        subprocess.run([*image, "--out", str(folder / "image")], cwd=ROOT, check=True, capture_output=True)
        assert (folder / "image/requirements.lock").read_bytes() == (HERE / "requirements.lock").read_bytes()
        assert (folder / "image" / wheel.name).read_bytes() == wheel.read_bytes()
        for name in ("metrics", "model"):
            (folder / name).mkdir()
        (folder / "metrics/metrics.json").write_text('{"auc": 0.9, "rows": 600}', encoding="utf-8")
        (folder / "model/model.bin").write_bytes(b"weights")
        gate = {"thresholds": [{"metric": "auc", "at_least": 0.8}]}
        run(wheel, "gate", folder, "metrics", "--output", f"verdict={folder}/verdict", "--gate", json.dumps(gate))
        given = ("--input", f"model={folder}/model", "--output", f"candidate={folder}/candidate")
        run(wheel, "register", folder, "verdict", *given)
        candidate = json.loads((folder / "candidate/candidate.json").read_text("utf-8"))
        assert (candidate["model"], candidate["version"]) == ("fraud", "r1")
        monitor(wheel)
        write(folder / "rows", {"amount": [1, 2, 2]})
        checks = {"columns": [{"name": "amount", "type": "integer", "at_least": 2, "unique": True}]}
        said = ("--output", f"validation={folder}/validation", "--checks", json.dumps(checks))
        run(wheel, "validate", folder, "rows", *said, code=3)
        metrics = json.loads((folder / "validation/metrics.json").read_text("utf-8"))
        assert (metrics["data_passed"], metrics["data_failures"]) == (0, 2), metrics
        cases = {**WITHOUT_PANDERA, **WITH_PANDERA}
        for number, case in enumerate(cases.values()):
            hold(case, folder / f"case-{number}")
    print(
        f"four programs ran from the wheel with {len(names)} packages, and {len(cases)} cases of data were judged: "
        f"{', '.join(sorted(names))}"
    )
    return 0


def monitor(wheel: Path) -> None:
    """All that the monitor imports is there."""
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from mlplatform.monitor import look, program, tell; "
        "import jinja2, pyarrow.fs, pyarrow.parquet; assert '.whl' in look.__file__; program.main()"
    )
    words = [sys.executable, "-I", "-c", program, str(wheel), "--help"]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--reference" in done.stdout


def run(wheel: Path, kind: str, folder: Path, source: str, *words: str, code: int = 0) -> None:
    """One program, imported from the wheel alone."""
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from mlplatform.steps import program; "
        "assert '.whl' in program.__file__, program.__file__; "
        "import mlplatform.steps.predictions, mlplatform.steps.parquet, mlplatform.steps.paired; "
        "from importlib import import_module; import_module('pyarrow.parquet'); program.main()"
    )
    start = ["--pipeline", "p", "--model", "fraud", "--run", "r1", "--input", f"{source}={folder / source}"]
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, str(wheel), kind, *start, *words], capture_output=True, text=True
    )
    assert done.returncode == code, done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main())
