"""Twelve changes to a platform, from a harmless tag to deleted stores, and what a reviewer is shown of each.

`--update-goldens` rewrites the comments; a person reads them as the reviewer of that change would.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest

from mlplatform.cli.app import run
from mlplatform.components.imagined_releases import as_released
from mlplatform.plan import acceptance, acceptance_file, record
from mlplatform.plan.model import Plan
from mlplatform.reading.load import load
from mlplatform.reading.record_file import record_file, write_record
from mlplatform.spec.platform import PlatformSpec

HERE = Path(__file__).parent
BASE = (HERE / "platform.yaml").read_text(encoding="utf-8")
ALL = ("aws", "gcp", "azure")
TODAY = date(2026, 12, 1)
ACCEPTED = """\
- rule: endpoint-private
  resource: acme-ml-endpoint-fraud-scorer-endpoint
  stack: prod-azure
  reason: The partner bank calls from outside until its private link is up (OPS-311)
  owner: serving team
  expires: 2027-03-31
"""


@dataclass(frozen=True)
class Change:
    """One pull request."""

    name: str
    """Of its branch and its golden."""

    clouds: tuple[str, ...]
    """Where it is looked at."""

    edits: tuple[tuple[str, str], ...]
    """What is written instead of what."""

    verdict: str
    """How the comment's heading begins: what a good reviewer says first."""

    accepted: str = ""
    """The acceptance file of the base."""

    today: date = TODAY
    """The day it is looked at."""

    @property
    def base(self) -> str:
        """The branch that it is compared with."""
        return f"main-{self.name}" if self.accepted else "main"


PUBLIC = (("replicas: [2, 6]}", "replicas: [2, 6], exposure: public}"),)
CHANGES = (
    Change(
        "tag",
        ("gcp",),
        (("confidential\n", "confidential\ntags: {team: fraud}\n"),),
        "⚪ acme-ml: no risks found: 59 resources updated; same cost",
    ),
    Change(
        "replicas",
        ("aws",),
        (("replicas: [2, 6]", "replicas: [3, 12]"),),
        "🟡 acme-ml: production endpoint `fraud-scorer` starts again with the fewest replicas",
    ),
    Change(
        "model",
        ("gcp",),
        (("fraud/7", "fraud/8"),),
        "🔵 acme-ml: endpoint `fraud-scorer` serves `fraud/8` instead of `fraud/7`, without a canary",
    ),
    Change(
        "gpus",
        ALL,
        (("max_nodes: 4,", "max_nodes: 40,"),),
        "🟠 acme-ml: 9 quotas must be raised first; about +",
    ),
    Change(
        "stores",
        ALL,
        (("  replicated: true\n", "  access_logs: false\n  replicated: false\n"),),
        "🔴 acme-ml: 19 resources with data are to be deleted, and their protection stops `pulumi up`; 3 data stores",
    ),
    Change(
        "retention",
        ("gcp",),
        (("  data: {retention: long-term}", "  data: {retention: standard, expire_after_days: 180}"),),
        "🟠 acme-ml: 2 data stores keep less, or for a shorter time",
    ),
    Change(
        "versions",
        ("gcp",),
        (("  features: {retention: long-term}", "  features: {retention: long-term, versioned: false}"),),
        "🟠 acme-ml: 2 data stores keep less, or for a shorter time",
    ),
    Change(
        "role",
        ("azure",),
        (
            ("      data-scientist: [11111111-aaaa-4bbb-8ccc-dddddddddddd]\n", ""),
            ("[99999999", "[11111111-aaaa-4bbb-8ccc-dddddddddddd, 99999999"),
        ),
        "🟡 acme-ml: somebody gains rights in 4 places",
    ),
    Change("public", ("azure",), PUBLIC, "🟠 acme-ml: production endpoint `fraud-scorer` accepts requests"),
    Change(
        "rename",
        ("gcp",),
        (("name: vision,", "name: labels,"),),
        "🟠 acme-ml: production node pool `vision` goes for good",
    ),
    Change(
        "protection",
        ("azure",),
        (("environment: prod\n", "environment: prod\nprofile: dev\n"),),
        "🟠 acme-ml: protection comes off",
    ),
    Change("accepted", ("azure",), PUBLIC, "⚪ acme-ml: no risks found besides 1 that is accepted", ACCEPTED),
    Change(
        "expired",
        ("azure",),
        PUBLIC,
        "🟠 acme-ml: 1 acceptance has expired; production endpoint",
        ACCEPTED,
        date(2027, 4, 1),
    ),
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project under git: the platform on `main`, each change on a branch of its own."""
    folder = tmp_path_factory.mktemp("history")
    (folder / "Pulumi.yaml").write_text("name: acme-ml\nruntime: python\n", encoding="utf-8")
    (folder / "stacks").mkdir()
    _write(folder, BASE)
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", "The platform")
    return folder


@pytest.fixture(scope="module")
def plans() -> dict[tuple[str, str], Plan]:
    """What was planned already: `main` is the same for every branch."""
    return {}


def _git(folder: Path, *arguments: str) -> None:
    settings = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _write(folder: Path, text: str, clouds: tuple[str, ...] = ALL) -> None:
    """The spec, and the record that releases what it names."""
    file = folder / "stacks/prod.yaml"
    file.write_text(text, encoding="utf-8")
    spec = load(file, targets=clouds, record=False).spec
    assert spec is not None
    record = as_released(spec, clouds).record
    assert record is not None
    write_record(record_file(file, spec), record)


def _on_a_branch(folder: Path, change: Change) -> None:
    text = BASE
    for old, new in change.edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    _git(folder, "checkout", "-q", "-B", change.base, "main")
    if change.accepted:
        # what a change accepts itself does not count: the acceptance was merged before
        (folder / acceptance_file.FILE).write_text(change.accepted, encoding="utf-8")
        _git(folder, "add", "-A")
        _git(folder, "commit", "-q", "-m", "The acceptance")
    _git(folder, "checkout", "-q", "-B", change.name)
    _write(folder, text, change.clouds)
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", change.name)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(change, id=change.name, marks=() if change.name in ("gpus", "role") else pytest.mark.thorough)
        for change in CHANGES
    ],
)
def test_the_comment_is_what_a_good_reviewer_says(
    change: Change,
    repository: Path,
    plans: dict[tuple[str, str], Plan],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    _on_a_branch(repository, change)
    monkeypatch.chdir(repository)
    monkeypatch.setattr(record, "record", _remembering(record.record, plans))
    for name in ("CI_JOB_URL", "GITHUB_RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    for module in (acceptance, acceptance_file):
        monkeypatch.setattr(module, "today", lambda: change.today)
    clouds = [option for cloud in change.clouds for option in ("--target", cloud)]
    with pytest.raises(SystemExit) as stop:
        run(["comment", "prod", "--base", change.base, *clouds, "--fail-on", "high"])
    said = capsys.readouterr()
    assert not said.err
    text = re.sub(r"commit [0-9a-f]{12}", "commit 0123456789ab", said.out).replace(version("mlplatform"), "VERSION")
    assert text.splitlines()[1].startswith(f"## {change.verdict}")
    assert stop.value.code == int(change.verdict[0] in "🔴🟠" or change.name == "expired")
    golden = HERE / "golden" / f"{change.name}.md"
    if request.config.getoption("--update-goldens"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text, f"{golden} differs: run make goldens and read the diff"


def _remembering(plan: Callable[..., Plan], known: dict[tuple[str, str], Plan]) -> Callable[..., Plan]:
    def recorded(spec: PlatformSpec, cloud: str, **options: object) -> Plan:
        key = (spec.on(cloud).model_dump_json(), cloud)
        if key not in known:
            known[key] = plan(spec, cloud, **options)
        return known[key]

    return recorded


def test_every_golden_is_of_a_change() -> None:
    assert {file.stem for file in (HERE / "golden").glob("*.md")} == {change.name for change in CHANGES}
