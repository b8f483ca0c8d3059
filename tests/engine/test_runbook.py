"""docs/operations.md is followed line by line: its commands parse, and on Pulumi's engine they do what they say."""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from mlplatform.cli.app import cli
from mlplatform.mock_cloud import Cloud
from mlplatform.mock_cloud.way_in import CLUSTERS, Caller, call_api
from mlplatform.reading.load import load
from mlplatform.rehearse.state import read_state
from mlplatform.rehearse.way_in import shown_commands
from mlplatform.spec.platform import PlatformSpec

from ..blocks import calls
from ..conftest import CLOUDS, ROOT
from .gates import needs_engine, only_rehearsed
from .runbook.desk import TOOLS, Desk, Held, copy_project, open_desk_of
from .runbook.reading import Block, blocks

BOOK = ROOT / "docs" / "operations.md"
ENVIRONMENTS = ("dev", "prod")
VARIABLES = {"ENVIRONMENT": "dev", "TARGET": "aws", "STACK": "dev-aws"}
MODELS = ("fraud/7", "fraud/8", "tagger/3")
PULUMI = {
    "login": frozenset[str](),
    "stack init": frozenset({"--secrets-provider"}),
    "stack output": frozenset({"--stack", "--json"}),
    "stack rm": frozenset({"--stack", "--preserve-config"}),
    "state unprotect": frozenset({"--stack", "--all"}),
    "config set": frozenset({"--stack", "--secret"}),
    "preview": frozenset({"--stack", "--expect-no-changes"}),
    "up": frozenset({"--stack"}),
    "destroy": frozenset({"--stack"}),
}
"""The engine's commands and options whose effect this test follows."""
VERSIONS = {
    "aws:eks/cluster:Cluster": "version",
    "gcp:container/cluster:Cluster": "minMasterVersion",
    "azure-native:containerservice:ManagedCluster": "kubernetesVersion",
}


def _book() -> list[Block]:
    return blocks(BOOK.read_text("utf-8"))


def _commands() -> list[tuple[int, list[str]]]:
    return [
        (block.line, [re.sub(r"\$\{?(\w+)\}?", lambda name: VARIABLES[name[1]], word) for word in call])
        for block in _book()
        if block.kind == "sh"
        for command in block.commands()
        for call in calls(command)
    ]


def test_the_book_has_every_part() -> None:
    typed = [" ".join(words[:3]) for _, words in _commands()]
    for part in (
        "mlplatform bootstrap",
        "pulumi up",
        "pulumi stack output",
        "mlplatform promote",
        "mlplatform risk",
        "pulumi destroy",
    ):
        assert any(command.startswith(part) for command in typed), part


def test_every_command_of_mlplatform_parses() -> None:
    for line, words in _commands():
        if words[0] != "mlplatform":
            continue
        try:
            command = cli.get_command(click.Context(cli), words[1])
            assert command is not None, f"docs/operations.md:{line}: no command {words[1]}"
            command.make_context(words[1], words[2:])
        except click.ClickException as refused:
            pytest.fail(f"docs/operations.md:{line}: {' '.join(words)}: {refused.format_message()}")


def test_every_command_of_pulumi_is_one_that_is_followed() -> None:
    for line, words in _commands():
        if words[0] != "pulumi":
            assert words[0] in ("mlplatform", "export", "git", "bash", "grep", "cut", *TOOLS), (
                f"docs/operations.md:{line}"
            )
            continue
        known = next((name for name in PULUMI if " ".join(words[1:]).startswith(name)), None)
        assert known, f"docs/operations.md:{line}: `{' '.join(words)}` is not followed"
        options = {word.partition("=")[0] for word in words if word.startswith("-")}
        assert options <= PULUMI[known], f"docs/operations.md:{line}: {options - PULUMI[known]}"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_edits_fit_the_specs(environment: str, tmp_path: Path) -> None:
    copy_project(ROOT, tmp_path)
    edits = [block for block in _book() if block.kind == "diff" and block.applies(environment, "aws")]
    assert edits
    for edit in edits:
        Desk(tmp_path, {}).edit(edit.text)
    loaded = load(tmp_path / "stacks" / f"{environment}.py")
    assert loaded.spec is not None
    assert not loaded.problems
    assert loaded.spec.training is not None
    assert loaded.spec.training.kubernetes_version == "1.36"


@dataclass(slots=True)
class Following:
    """Follows the run book for one stack."""

    environment: str
    target: str
    cloud: Cloud
    desk: Desk
    spec: PlatformSpec

    def follow(self, book: list[Block]) -> None:
        for block in book:
            if not block.applies(self.environment, self.target):
                continue
            if block.kind == "diff":
                self.desk.edit(block.text)
                continue
            for command in block.commands():
                try:
                    self._type(command)
                except AssertionError as failed:
                    raise AssertionError(f"docs/operations.md, block at line {block.line}: {failed}") from failed

    def retained(self) -> set[str]:
        """Ids of what the stack leaves in the cloud on purpose."""
        state = read_state(json.loads(self.desk.type('pulumi stack export --stack "$STACK"')))
        return {resource.id for resource in state.resources if resource.retained}

    def _type(self, command: str) -> None:
        self.cloud.run()
        if command.startswith("export ENVIRONMENT="):
            command = f"export ENVIRONMENT={self.environment} TARGET={self.target}"
        printed = self.desk.type(command)
        if command.startswith("pulumi up"):
            # a rollout goes on between two runs
            self.cloud.drift("rolled out")
        elif "clusterAccess" in command:
            self._enter(printed)
        elif command.endswith("endpoints"):
            self._ask(printed)

    def _enter(self, printed: str) -> None:
        commands = shown_commands(json.dumps({"clusterAccess": json.loads(printed)}))
        operators = self.spec.target(self.target).people["operator"]
        held = [Held(each.token, each.inputs) for each in self.cloud.contents()]
        assert operators
        for operator in operators:
            right = call_api(self.target, held, commands, Caller(person=operator, inside=self.spec.entry == "peering"))
            assert "admin" in right.lower(), right

    def _ask(self, printed: str) -> None:
        endpoints: dict[str, dict[str, str]] = json.loads(printed)
        serves = {name for name, about in endpoints.items() if self.cloud.invoke(about["name"]).status == 200}
        assert serves == {name for name, about in endpoints.items() if about["phase"] == "serving"}
        assert serves == {"fraud-scorer", "vision-tagger"}


@contextmanager
def _following(environment: str, target: str, folder: Path) -> Generator[Following]:
    spec = load(ROOT / "stacks" / f"{environment}.py").spec
    assert spec is not None
    with open_desk_of(spec.target(target), lambda project: copy_project(ROOT, project), folder) as (cloud, _, desk):
        for model in MODELS:
            weights = desk.folder / "artefacts" / model / "model.bin"
            weights.parent.mkdir(parents=True)
            weights.write_text("weights", encoding="utf-8")
        yield Following(environment, target, cloud, desk, spec)


@needs_engine
@only_rehearsed()
@pytest.mark.parametrize("target", CLOUDS)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_run_book_is_followed(environment: str, target: str, tmp_path: Path) -> None:
    with _following(environment, target, tmp_path) as following:
        book = _book()
        end = next(index for index, block in enumerate(book) if "kubectl delete" in block.text)
        following.follow(book[:end])
        versions = [
            str(held.inputs[VERSIONS[held.token]]) for held in following.cloud.contents() if held.token in CLUSTERS
        ]
        assert versions
        assert all(version.startswith("1.36") for version in versions), versions
        kept = following.retained()
        following.follow(book[end:])
        left = [held for held in following.cloud.contents() if held.id not in kept]
        assert not left, [f"{held.name} ({held.token})" for held in left]
