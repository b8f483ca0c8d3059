"""The files that a spec is made from, as far as its text tells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform.reading.files_read import files_read
from mlplatform.spec.platform import PlatformSpec

FILES = {
    "stacks/prod.py": "import base\nfrom team.sizes import SMALL\nTEXT = open('stacks/limits.yaml').read()\n",
    "stacks/base.py": "from team import sizes\nimport json\n",
    "stacks/team/__init__.py": "from . import owners\n",
    "stacks/team/sizes.py": "SMALL = 1\n",
    "stacks/team/owners.py": "this is no Python",
    "stacks/team/unused.py": "",
    "stacks/limits.yaml": "",
    "stacks/dev.yaml": "",
    "stacks/models/dev.json": "{}",
    "stacks/other.py": "",
    "unread.txt": "",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            "stacks/prod.py",
            {"prod.py", "base.py", "team/__init__.py", "team/sizes.py", "team/owners.py", "limits.yaml"},
        ),
        ("stacks/dev.yaml", {"dev.yaml"}),
    ],
)
def test_what_a_spec_is_made_from(
    spec: str, expected: set[str], project: Path, stack_spec: Callable[[str], PlatformSpec]
) -> None:
    read = {path.relative_to(project / "stacks").as_posix() for path in files_read(Path(spec), stack_spec("dev"))}
    assert read == expected | {"models/dev.json"}
