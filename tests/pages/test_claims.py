"""What pages say of rules and of errors is what the program has."""

from __future__ import annotations

import re

from mlplatform.checks.catalogue import all_rules as checks
from mlplatform.risk.catalogue import all_rules as risks

from ..blocks import every_block
from ..conftest import ROOT


def _column(document: str, heading: str, column: int) -> list[str]:
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = [line.strip("|").split(" | ")[column] for line in section.splitlines() if line.startswith("| ")]
    return [code for cell in cells for code in re.findall(r"`([^`]+)`", cell)]


def test_rules_that_hold_a_threat_are_there() -> None:
    known = {rule.id for rule in checks()} | {rule.id for rule in risks()}
    named = _column("threats.md", "Threats", 2)
    assert len(named) > 40
    assert not set(named) - known


def test_errors_of_clouds_are_those_of_the_mock_cloud() -> None:
    said = _column("troubleshooting.md", "Said by the clouds", 0)
    sources = (ROOT / "platform" / "mlplatform" / "mock_cloud").rglob("*.py")
    known = re.sub(r'"\s+"', "", "".join(file.read_text(encoding="utf-8") for file in sources))
    assert len(said) > 10
    assert not [text for text in said if text not in known]


def test_no_document_installs_by_a_name_that_is_not_ours() -> None:
    by_name = re.compile(r"^\$? ?(?:.*&& )?(?:uv )?pip install [^\n]*'?mlplatform(?![-\w./])", re.M)
    assert by_name.search("$ pip install 'mlplatform[aws]'")
    assert not [block.at for block in every_block() if by_name.search(block.text)]
