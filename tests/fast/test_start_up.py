"""What `mlplatform validate` loads and defines: each module and model is a part of every start."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

PROGRAM = """
import dataclasses, json, sys

before = dataclasses._process_class
plain = []

def processed(kind, *args, **named):
    plain.append(f"{kind.__module__}.{kind.__name__}")
    return before(kind, *args, **named)

dataclasses._process_class = processed
from mlplatform.cli import main
sys.argv = ["mlplatform", "validate", "stacks/prod.py"]
try:
    main()
except SystemExit:
    pass

from mlplatform.spec.base import SpecModel

def models(base):
    for model in base.__subclasses__():
        yield f"{model.__module__}.{model.__name__}"
        yield from models(model)

own = lambda names: sorted({name for name in names if name.startswith("mlplatform.")})
print(json.dumps({
    "loaded": sorted(sys.modules),
    "modules": own(sys.modules),
    "models": own(models(SpecModel)),
    "dataclasses": own(plain),
}))
"""

MOST_MODULES = 316
"""Modules of the platform. To find, read and run one takes half a million instructions, a thousandth of the bound."""
MOST_MODELS = 90
"""Models of the spec. To define one and its validator takes three million instructions."""


@pytest.fixture(scope="module")
def found(root: Path) -> Mapping[str, Sequence[str]]:
    """What is loaded and defined once `stacks/prod.py` is found valid, by kind."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=root, check=True, capture_output=True, text=True)
    assert "valid on aws, gcp, azure" in done.stdout
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "name", ["pulumi", "pydantic.plugin._loader", "importlib.metadata", "pkgutil", "yaml", "difflib"]
)
def test_libraries_that_a_check_does_not_need_are_not_loaded(found: Mapping[str, Sequence[str]], name: str) -> None:
    assert name not in found["loaded"]


@pytest.mark.parametrize(
    "name",
    [
        "backends.aws.adopted",
        "backends.azure.adopted",
        "backends.gcp.adopted",
        "spec.base_models",
        "spec.candidates",
        "spec.data_checks",
        "spec.file_system",
        "spec.monitor_job",
        "spec.redaction_job",
        "spec.tune",
    ],
)
def test_models_that_the_spec_does_not_name_are_not_defined(found: Mapping[str, Sequence[str]], name: str) -> None:
    assert f"mlplatform.{name}" not in found["loaded"], "import it where it is used, or name it by spec/later.py"


def test_modules_and_models_do_not_grow_unseen(found: Mapping[str, Sequence[str]]) -> None:
    # what is new must be needed for this spec; else it is imported where it is used, or named by spec/later.py
    assert len(found["modules"]) <= MOST_MODULES, found["modules"]
    assert len(found["models"]) <= MOST_MODELS, found["models"]


def test_no_class_is_defined_in_the_slow_way(found: Mapping[str, Sequence[str]]) -> None:
    assert not found["dataclasses"], "use `record` of fast/record.py: it takes a sixth"


def test_pipelines_are_written_without_pulumi(root: Path) -> None:
    program = "import sys; import mlplatform.render.pipelines.files; print('pulumi' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=root, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
