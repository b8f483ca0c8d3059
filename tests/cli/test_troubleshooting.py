"""What the page of troubleshooting says that the command says, it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ..conftest import ROOT
from .conftest import VALID, Result

SPEC = "spec.yaml"
ENDPOINTS = "endpoints:\n- {name: scorer, server: triton, model: fraud, replicas: [1, 2]}\n"

SAID: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "expected one of aws, azure, gcp": (SPEC, VALID.replace("aws", "amazon"), ("validate", SPEC)),
    "write it in quotes": (SPEC, VALID.replace('"123456789012"', "123456789012"), ("validate", SPEC)),
    "a tab at the beginning of the line": (SPEC, "name: acme\n\tenvironment: dev\n", ("validate", SPEC)),
    "offers no {machine} in {region}, but in": (
        SPEC,
        VALID.replace("us-east-1", "eu-central-1")
        + "training: {pools: [{name: gpu, accelerator: 'H100:8', max_nodes: 2}]}\n",
        ("validate", SPEC),
    ),
    "a name that no other endpoint has": (SPEC, VALID + ENDPOINTS + ENDPOINTS.split("\n")[1], ("validate", SPEC)),
    "a minimum that is not above the maximum": (
        SPEC,
        VALID + ENDPOINTS.replace("[1, 2]", "[3, 2]"),
        ("validate", SPEC),
    ),
    "ModuleNotFoundError: No module named": ("spec.py", "import nothing_here\n", ("validate", "spec.py")),
    "one PlatformSpec at the top level, named": ("spec.py", "x = 1\n", ("validate", "spec.py")),
    "expected one of the spec's targets": (SPEC, VALID, ("plan", SPEC, "--target", "home")),
    "expected the path of a field": (SPEC, VALID, ("explain", "nosuch.field")),
    "this is no git repository": (SPEC, VALID, ("diff", "HEAD:dev", "dev")),
    "states no budget": (SPEC, VALID, ("cost", SPEC, "--budget")),
    "expected a price file in TOML": (SPEC, VALID, ("cost", SPEC, "--prices", SPEC)),
    "expected a requirements file with hashes": (SPEC, VALID, ("render", "ci", "--system", "github", SPEC)),
    "a rehearsal needs Pulumi's engine": (SPEC, VALID, ("rehearse", SPEC)),
    "expected a Terraform state, or the document of": (SPEC, VALID, ("adopt", "nofile.json", "--cloud", "aws")),
    "expected a name that no backend of mlplatform itself has": (SPEC, VALID, ("new", "backend", "aws")),
    "a training cluster, an endpoint or a monitor": (SPEC, VALID, ("dashboards", "apply", SPEC)),
}
"""A file with its text, and the command whose words they are."""


def said_by_the_page() -> list[str]:
    """The first column of the page's table."""
    text = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    section = text.partition("### Other words, and what to do\n")[2].partition("\n### ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.M)


def test_every_row_is_played() -> None:
    assert said_by_the_page() == list(SAID)


@pytest.mark.parametrize("words", SAID)
def test_the_command_says_it(
    words: str, command: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, text, arguments = SAID[words]
    (tmp_path / name).write_text(text, encoding="utf-8")
    # an empty PATH has no engine; git is looked for where it is
    if arguments[0] == "rehearse":
        monkeypatch.setenv("PATH", str(tmp_path))
    refused = command(*arguments)
    assert refused.code in (1, 2)
    pattern = ".*".join(re.escape(part) for part in re.split(r"\{\w+\}", words))
    assert re.search(pattern, refused.flat), refused.flat
