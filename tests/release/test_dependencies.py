"""Every package that an installation gets has a reason in docs/versioning.md, and none that is gone has one."""

from __future__ import annotations

import re
import tomllib

from tests.conftest import ROOT


def test_no_text_advises_to_upgrade_by_name() -> None:
    """Names of packages are first come, first served: the index would give whatever has taken it."""
    places = (*(ROOT / "platform" / "mlplatform").rglob("*.py"), *(ROOT / "docs").glob("*.md"), ROOT / "README.md")
    by_name = re.compile(r"install\s+(-U|--upgrade)\s+['\"]?mlplatform")
    assert not [str(file) for file in places if by_name.search(file.read_text(encoding="utf-8"))]


def test_dependencies_have_reasons() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(line for lines in project["optional-dependencies"].values() for line in lines)]
    names = {re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0] for line in asked} - {"mlplatform"}
    text = (ROOT / "docs" / "versioning.md").read_text(encoding="utf-8")
    table = text.partition("## Dependencies")[2].partition("\n## ")[0]
    told = set(re.findall(r"^\| `([^`]+)`", table, re.MULTILINE))
    assert told == names
    # a range without an end takes whatever comes, a major version with it; these two have no such versions
    open_ended = {line for line in asked if "<" not in line and not line.startswith("mlplatform")}
    assert {re.split(r"[>=]", line)[0] for line in open_ended} <= {"pyarrow", "tzdata"}
