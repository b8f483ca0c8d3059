"""A cluster is asked what is there: answers have the forms of kubectl's `--output name` and of its errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from mlplatform.plan.inside import RELEASE, without_charts
from mlplatform.plan.model import Plan
from mlplatform.promote.carry_out import CommandFailed
from mlplatform.providers.accounts import Account
from mlplatform.takeover.identify import Identifier
from mlplatform.takeover.look_inside import NoContext, look_inside, server_of
from mlplatform.takeover.survey import survey

from ..conftest import CLOUDS

FORBIDDEN = 'Error from server (Forbidden): secrets is forbidden: User "ana" cannot list resource "secrets"'
"""https://kubernetes.io/docs/reference/access-authn-authz/authorization/"""


class Kubectl:
    """Answers by the kind and the namespace; what it does not know, the cluster does not have."""

    def __init__(self, answers: Mapping[str, str | CommandFailed]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    def __call__(self, command: Sequence[str]) -> str:
        words = " ".join(command)
        self.asked.append(words)
        assert words.startswith("kubectl --context acme get ")
        assert words.endswith(" --output name"), "nothing but names is read"
        for part, answer in self._answers.items():
            if part in words:
                if isinstance(answer, CommandFailed):
                    raise answer
                return answer
        return ""


Look = Callable[[str, Mapping[str, str | CommandFailed]], tuple[dict[str, tuple[str | None, str]], Kubectl]]


@pytest.fixture
def look(stack_plan: Callable[..., Plan]) -> Look:
    """What a cluster says of the layer of prod, by logical name."""

    def look(
        cloud: str, answers: Mapping[str, str | CommandFailed]
    ) -> tuple[dict[str, tuple[str | None, str]], Kubectl]:
        both = without_charts(stack_plan("prod", cloud, resolve=True))
        plan = replace(both, steps=tuple(step for step in both.steps if step.package == "kubernetes"))
        identifier, kubectl = Identifier(plan, Account.sample(cloud)), Kubectl(answers)
        found = look_inside(plan, identifier, (), "acme", kubectl)
        words = {entry.word for entry in survey(plan, identifier, {}, found, frozenset()).entries}
        assert words <= {"import", "create", "unknown"}
        return {step.name: found[step.urn] for step in plan.resources()}, kubectl

    return look


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_is_there_has_the_id_of_the_plan_and_the_rest_is_made(cloud: str, look: Look) -> None:
    found, kubectl = look(
        cloud,
        {
            "get Namespace.v1. --output": "namespace/training\nnamespace/kube-system\n",
            "name=kueue,status!=uninstalled": "secret/sh.helm.release.v1.kueue.v3\n",
        },
    )
    there = {name: id_ for name, (id_, _) in found.items() if id_}
    assert set(there.values()) == {"training", "kueue-system/kueue"}
    assert all(id_ == "" for name, (id_, _) in found.items() if name not in there)
    assert len(kubectl.asked) == len(set(kubectl.asked)), "each list is asked for once"


def test_a_kind_that_the_cluster_does_not_know_has_no_object(look: Look) -> None:
    error = CommandFailed('error: the server doesn\'t have a resource type "ClusterQueue"')
    found, _ = look("aws", {"get ClusterQueue.": error})
    queues = [said for name, said in found.items() if "queue" in name]
    assert queues
    assert all(said == ("", "") for said in queues)


def test_what_a_login_may_not_list_is_neither_there_nor_missing(look: Look) -> None:
    found, _ = look("aws", {"get secrets": CommandFailed(FORBIDDEN)})
    releases = [said for name, said in found.items() if "-release-" in name]
    assert releases
    assert all(id_ is None and "cannot list" in why for id_, why in releases)


def test_each_kind_is_asked_for_by_its_whole_name(look: Look, stack_plan: Callable[..., Plan]) -> None:
    _, kubectl = look("aws", {})
    kinds = {words.split()[4] for words in kubectl.asked}
    assert all(kind == "secrets" or kind.count(".") >= 2 for kind in kinds), kinds
    assert "secrets" in kinds
    assert not any(kind.startswith("Release.") for kind in kinds), f"{RELEASE} is no object of the API"


def test_a_context_that_is_not_there_is_told_before_anything_is_asked() -> None:
    def kubectl(command: Sequence[str]) -> str:
        assert command[1:3] == ("config", "view")
        raise CommandFailed('error: context "acme" does not exist')

    with pytest.raises(NoContext, match="does not exist; `kubectl config get-contexts`"):
        server_of("acme", kubectl)
    with pytest.raises(NoContext, match="names no cluster"):
        server_of("acme", lambda _: "")
    assert server_of("acme", lambda _: "https://10.0.0.1\n") == "https://10.0.0.1"
