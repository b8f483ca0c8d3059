"""`MLPLATFORM_PLAIN=1` switches every acceleration off, and the output stays the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# runs a command and reports which accelerations took part
PROGRAM = """
import atexit, sys

def report():
    from pydantic._internal import _model_construction as construction
    from mlplatform.fast import validator
    # not imported here: at the end of a process some libraries cannot be loaded any more
    install = sys.modules.get("mlplatform.fast.sdk.install")
    from mlplatform.spec.problem import Problem
    active = {
        "records": hasattr(Problem, "__names__"),
        "validators": bool(validator._schemas),
        "fields": construction.set_model_fields.__module__ == "mlplatform.fast.fields",
        "texts": "compile" in vars(sys.modules["typing"]),
        "entry points": "importlib.metadata" not in sys.modules,
        "lazy SDKs": install is not None and install._FINDER in sys.meta_path,
        "replacements": any("sdk.replacements." in name and name.endswith(".values") for name in sys.modules),
    }
    print(*(name for name, on in active.items() if on), sep=", ", file=sys.stderr)

from mlplatform.cli import main
sys.argv = ["mlplatform", *sys.argv[1:]]
atexit.register(report)
main()
"""


def _run(folder: Path, arguments: tuple[str, ...], **variables: str) -> tuple[str, set[str]]:
    settings = {"MLPLATFORM_PLAIN": "0", "MLPLATFORM_PLAIN_SDK": "0", **variables}
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **settings},
    )
    return process.stdout, set(process.stderr.splitlines()[-1].split(", "))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("validate", "stacks/prod.py"), {"records", "validators", "fields", "texts", "entry points"}),
        (
            ("plan", "stacks/dev.py", "--target", "aws", "--format", "json"),
            {"records", "validators", "fields", "texts", "lazy SDKs", "replacements"},
        ),
    ],
    ids=("validate", "plan"),
)
def test_the_output_is_the_same_without_accelerations(
    root: Path, arguments: tuple[str, ...], expected: set[str]
) -> None:
    output, active = _run(root, arguments)
    plain_output, active_in_plain = _run(root, arguments, MLPLATFORM_PLAIN="1")
    assert plain_output == output
    assert active == expected
    assert active_in_plain == {""}


@pytest.mark.thorough
def test_the_former_variable_concerns_the_sdks_alone(root: Path) -> None:
    _, active = _run(root, ("plan", "stacks/dev.py", "--target", "aws", "--format", "json"), MLPLATFORM_PLAIN_SDK="1")
    assert active == {"records", "validators", "fields", "texts"}
