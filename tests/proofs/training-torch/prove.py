"""The PyTorch example on two processes.

A PyTorch for CPUs alone is Debian's package `python3-torch`; those of PyPI bring gigabytes of CUDA.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from interrupted import Program, prove

ROOT = Path(__file__).parent.parent.parent.parent


def variables(number: int, ports: Sequence[int]) -> Mapping[str, str]:
    """What torchrun tells its processes."""
    return {
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(ports[0]),
        "WORLD_SIZE": "2",
        "RANK": str(number),
        "LOCAL_RANK": str(number),
        "OMP_NUM_THREADS": "1",
    }


def main() -> int:
    """Run the proof with the interpreter of the `torchrun` that is on PATH."""
    torchrun = shutil.which("torchrun")
    assert torchrun is not None
    interpreter = Path(torchrun).read_text("utf-8").splitlines()[0].removeprefix("#!").strip()
    return prove(Program([interpreter, str(ROOT / "examples" / "training" / "train_torch.py")], variables))


if __name__ == "__main__":
    sys.exit(main())
