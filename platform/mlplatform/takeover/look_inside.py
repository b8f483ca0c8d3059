"""Asks a cluster which of the planned objects are there, with kubectl: names alone, never what is in a secret."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from mlplatform.catalog.import_ids import MADE
from mlplatform.plan.inside import RELEASE
from mlplatform.plan.model import Plan, Step
from mlplatform.promote.carry_out import CommandFailed, Runner
from mlplatform.takeover.identify import Identifier
from mlplatform.takeover.survey import Looked

_NO_KIND = re.compile(r"doesn't have a resource type|no matches for kind")
"""What kubectl says of a kind that the cluster does not know, so that it has no object of it."""


class NoContext(Exception):
    """kubectl, or the context, is not there; the text says what to do."""


def server_of(context: str, run: Runner) -> str:
    """Address of the API that a context leads to.

    Args:
        context: its name in the kubeconfig.
        run: runs a command.

    Raises:
        NoContext: kubectl is not there, or knows no such context.
    """
    view = ("kubectl", "config", "view", "--minify", "--context", context, "--output", "jsonpath={..server}")
    try:
        server = run(view).strip()
    except CommandFailed as failed:
        raise NoContext(f"--context: {failed}; `kubectl config get-contexts` lists the names") from None
    if not server:
        raise NoContext(f"--context: '{context}' names no cluster; `kubectl config get-contexts` lists the names")
    return server


def look_inside(plan: Plan, identifier: Identifier, known: Collection[str], context: str, run: Runner) -> Looked:
    """What a cluster says of each planned object.

    Args:
        plan: the resolved plan of the layer inside the cluster.
        identifier: knows the ids.
        known: URNs of which nothing is asked.
        context: of the kubeconfig: the cluster that is asked.
        run: runs a command.
    """
    return dict(_Cluster(context, run).each(plan, identifier, known))


class _Cluster:
    def __init__(self, context: str, run: Runner) -> None:
        self._context, self._run = context, run
        self._answers: dict[tuple[str, ...], frozenset[str] | str] = {}

    def each(
        self, plan: Plan, identifier: Identifier, known: Collection[str]
    ) -> Iterator[tuple[str, tuple[str | None, str]]]:
        """By URN: the id, empty where it is not there, None where nobody can say; and why."""
        for step in plan.resources():
            if step.urn in known or step.op == "read" or step.package != "kubernetes":
                continue
            planned = identifier.id_of(step)
            if planned is None or MADE in planned:
                yield step.urn, (None, "its plan has no value for its id")
            else:
                yield step.urn, self._look(step, planned)

    def _look(self, step: Step, planned: str) -> tuple[str | None, str]:
        namespace, _, name = planned.rpartition("/")
        release = step.type == RELEASE
        found = self._names(_of_release(namespace, name) if release else _of_kind(step, namespace))
        if isinstance(found, str):
            return None, found
        # Helm keeps each release in secrets, which it names by the release and its revision
        there = bool(found) if release else name in found
        return (planned, "the cluster has it") if there else ("", "")

    def _names(self, words: Sequence[str]) -> frozenset[str] | str:
        """The names of a list, or why there is none; each command runs once."""
        command = ("kubectl", "--context", self._context, "get", *words, "--output", "name")
        if command not in self._answers:
            try:
                lines = self._run(command).split()
                self._answers[command] = frozenset(line.partition("/")[2] for line in lines)
            except CommandFailed as failed:
                none = _NO_KIND.search(str(failed))
                self._answers[command] = frozenset() if none else f"nobody says: {failed}"
        return self._answers[command]


def _of_kind(step: Step, namespace: str) -> tuple[str, ...]:
    """The objects of a kind by its whole name: a cluster can have several kinds of one short name."""
    group, _, version = str(step.inputs["apiVersion"]).rpartition("/")
    return (f"{step.inputs['kind']}.{version}.{group}", *(("--namespace", namespace) if namespace else ()))


def _of_release(namespace: str, name: str) -> tuple[str, ...]:
    return ("secrets", "--namespace", namespace, "--selector", f"owner=helm,name={name},status!=uninstalled")
