"""TFX writes the specification of the example anew: it is the one that stands beside the example.

`tests/pipelines/test_tfx.py` holds that file against what the platform writes for the same steps; the
proof `kfp` reads it with the newest Kubeflow Pipelines. Here the reader is the version that TFX brings.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

FRAUD = Path(__file__).parent.parent.parent.parent / "examples" / "pipelines" / "fraud"


def main() -> int:
    """Write, compare, read; a misspelt field is refused by the same reader."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(FRAUD / "in_tfx.py"), folder]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            print(done.stderr[-4000:])
            return 1
        written = json.loads((Path(folder) / "in_tfx.json").read_text(encoding="utf-8"))
    failures: list[str] = []
    if written != json.loads((FRAUD / "in_tfx.json").read_text(encoding="utf-8")):
        failures.append(f"in_tfx.json is not what TFX writes: {json.dumps(written, indent=2)}")

    from google.protobuf import json_format
    from kfp.pipeline_spec.pipeline_spec_pb2 import PipelineSpec

    specification = written["pipelineSpec"]
    read = json_format.ParseDict(specification, PipelineSpec())
    if sorted(read.root.dag.tasks) != ["ingest", "train"]:
        failures.append(f"the reader finds the steps {sorted(read.root.dag.tasks)}")
    misspelt = json.loads(json.dumps(specification).replace("executorLabel", "executorLabell"))
    try:
        json_format.ParseDict(misspelt, PipelineSpec())
    except json_format.ParseError:
        pass
    else:
        failures.append("the reader accepts a field that is not there")
    print("\n".join(failures))
    print(f"TFX {version('tfx')} wrote {len(read.root.dag.tasks)} steps as they stand beside the example")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
