"""Labels are a contract between backends and cost rules: their names are in one file."""

from __future__ import annotations

import re
from pathlib import Path

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.components.labels import ROLLOUT_ANNOTATION, accelerator_labels

PACKAGE = Path(__file__).parents[2] / "platform" / "mlplatform"
HOME = "components/labels.py"
TEMPLATE = "backends/gcp/serving/rollout.yaml"
"""A workflow's source, which cannot import."""


def test_labels_of_accelerators() -> None:
    assert accelerator_labels(Accelerator.parse("H100:8")) == {
        "mlplatform.dev/accelerator": "H100",
        "mlplatform.dev/accelerator-count": "8",
    }


def test_no_other_file_spells_a_label_out() -> None:
    literal = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*")
        if file.suffix in (".py", ".yaml", ".yml", ".json", ".toml", ".j2")
        and "mlplatform.dev/" in file.read_text("utf-8")
    }
    assert literal == {HOME, TEMPLATE}
    used = set(re.findall(r"mlplatform\.dev/[a-z-]+", (PACKAGE / TEMPLATE).read_text("utf-8")))
    assert used == {ROLLOUT_ANNOTATION}
