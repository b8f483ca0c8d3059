"""Labels are a contract between backends and cost rules: their names are in one file."""

from __future__ import annotations

from pathlib import Path

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.components.labels import accelerator_labels

PACKAGE = Path(__file__).parents[2] / "platform" / "mlplatform"
HOME = "components/labels.py"


def test_labels_of_accelerators() -> None:
    assert accelerator_labels(Accelerator.parse("H100:8")) == {
        "mlplatform.dev/accelerator": "H100",
        "mlplatform.dev/accelerator-count": "8",
    }


def test_no_other_file_spells_a_label_out() -> None:
    literal = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        if "mlplatform.dev/" in file.read_text("utf-8")
    }
    assert literal == {HOME}
