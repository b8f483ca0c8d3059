"""The TensorFlow example on two workers, with TensorFlow's package for CPUs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from interrupted import Program, prove

ROOT = Path(__file__).parent.parent.parent.parent


def variables(number: int, ports: Sequence[int]) -> Mapping[str, str]:
    """The workers by address, as the example makes it of the names of pods."""
    workers = [f"127.0.0.1:{port}" for port in ports]
    return {
        "TF_CONFIG": json.dumps({"cluster": {"worker": workers}, "task": {"type": "worker", "index": number}}),
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "2",
    }


if __name__ == "__main__":
    sys.exit(prove(Program([sys.executable, str(ROOT / "examples" / "training" / "train_tensorflow.py")], variables)))
