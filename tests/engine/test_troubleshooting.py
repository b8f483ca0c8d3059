"""What the page of troubleshooting says that Pulumi says, the engine says; nothing is reached for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ..conftest import ROOT
from .gates import needs_engine

ELSEWHERE = {
    "mlplatform:spec: got": "tests/test_entry.py",
    "configured Kubernetes cluster is unreachable": "the provider of Kubernetes, which is not here",
}
TYPED = {
    "no Pulumi.yaml project file found": (False, {"PULUMI_BACKEND_URL": "file://{}"}, "preview"),
    "PULUMI_ACCESS_TOKEN must be set for login": (True, {}, "preview"),
    "no stack named": (True, {"PULUMI_BACKEND_URL": "file://{}"}, "preview --stack dev-aws"),
    "passphrase must be set with PULUMI_CONFIG_PASSPHRASE": (
        True,
        {"PULUMI_BACKEND_URL": "file://{}"},
        "stack init dev-aws",
    ),
}
"""Whether there is a project, the engine's settings, and what is typed."""


def test_every_row_is_held() -> None:
    text = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    section = text.partition("## Said by Pulumi\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([^`]+)` \|", section, re.M)) == {*TYPED, *ELSEWHERE}


@needs_engine
@pytest.mark.parametrize("words", TYPED)
def test_the_engine_says_it(words: str, tmp_path: Path) -> None:
    project, settings, typed = TYPED[words]
    if project:
        (tmp_path / "Pulumi.yaml").write_text("name: acme\nruntime: python\n", encoding="utf-8")
    engine = shutil.which("pulumi")
    assert engine
    done = subprocess.run(
        [engine, *typed.split(), "--non-interactive"],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **{name: value.format(tmp_path) for name, value in settings.items()},
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode
    assert words in done.stderr
