"""What the program of `redact` makes of files that Envoy wrote, and whether the monitor reads what is left."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prove import Run

RULES = {"fields": ["card"]}
PROGRAM = """
import sys
from pathlib import Path
from mlplatform.monitor.capture import CaptureReader
from mlplatform.monitor.redaction.bodies import Redactor
from mlplatform.monitor.redaction.program import FileMover
from mlplatform.spec.redaction_job import RedactionJob

source, target, rules = sys.argv[1:]
FileMover(Redactor(RedactionJob.model_validate_json(rules)), Path(source), Path(target)).move(float("inf"))
problems = []
reader = CaptureReader(problems.append)
read = [each for file in Path(target).iterdir() for each in reader.read(file.open(encoding="utf-8"))]
assert all(each.request == {"card": None} and each.key and each.time for each in read), read[:1]
print(len(read), len(problems))
"""


def check_redaction(run: Run) -> None:
    """Every capture is handed on once, without the field and without headers that tell of callers."""
    files = list(run.taps.glob("*.json"))
    target = run.folder / "redacted"
    target.mkdir()
    words = [str(run.taps), str(target), json.dumps(RULES)]
    # the project itself is not in the environment of the proof
    done = subprocess.run(
        [os.environ["MLPLATFORM_PYTHON"], "-c", PROGRAM, *words], capture_output=True, text=True, check=False
    )
    run.expect(done.returncode == 0, f"redaction: {done.stderr[-500:]}")
    run.expect(
        done.stdout.split() == [str(len(files)), "0"], f"the monitor reads {done.stdout} of {len(files)} captures"
    )
    run.expect(not any(run.taps.glob("*.json")), "files with the field stay beside the router")
    for file in target.iterdir():
        text = file.read_text(encoding="utf-8")
        bodies = b"".join(
            base64.b64decode(side["body"]["as_bytes"]) for side in json.loads(text)["http_buffered_trace"].values()
        )
        run.expect(b"4111" not in bodies, "a capture holds the field that is removed")
        run.expect("x-trace" not in text and "/predict" not in text, "a capture holds other headers of the caller")
