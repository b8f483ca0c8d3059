"""The way in: an operator types the commands that the stack shows, and gets into the cluster."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

from mlplatform.mock_cloud.way_in import CLUSTERS, Caller, NoWayIn, call_api
from mlplatform.providers.wire import as_list, value_at_path
from mlplatform.rehearse.model import RehearsalFailure, RehearsalPhase
from mlplatform.rehearse.stage import RehearsalStage
from mlplatform.spec.platform import PlatformSpec

_EXPECTS = "an operator reaches the cluster"


@dataclass(frozen=True, slots=True)
class _Seen:
    type: str
    inputs: Mapping[str, object]


def try_way_in(stage: RehearsalStage, name: str) -> RehearsalPhase | None:
    """Let an operator in by the commands of the stack's output; None where the platform has no cluster of its own."""
    began = time.perf_counter()
    spec = stage.spec.on(stage.target)
    operators = spec.targets[0].people.get("operator", ())
    resources = [_Seen(held.token, held.inputs) for held in stage.cloud.contents()]
    if not any(resource.type in CLUSTERS for resource in resources):
        return None
    if not operators:
        return RehearsalPhase(name, _EXPECTS, True, 0.0, notes=("skipped: no operator is named",))
    commands = shown_commands(stage.engine.run("stack", "output", "--json", "--stack", stage.engine.stack_name).output)
    if not commands and spec.entry == "none":
        return RehearsalPhase(name, _EXPECTS, True, 0.0, notes=("skipped: the way in is not the platform's",))
    failures: list[RehearsalFailure] = []
    notes: list[str] = []
    for operator in operators:
        try:
            right = call_api(stage.cloud.account.cloud, resources, commands, _caller(spec, operator))
            notes.append(f"{operator} is let in with {right}")
        except NoWayIn as refused:
            failures.append(RehearsalFailure(operator, refused.answer, refused.cause))
    seconds = time.perf_counter() - began
    return RehearsalPhase(name, _EXPECTS, not failures, seconds, failures=tuple(failures), notes=tuple(notes))


def shown_commands(output: str) -> tuple[str, ...]:
    """The commands in what `pulumi stack output --json` prints, after whatever it warns of."""
    start = output.find("{")
    if start < 0:
        return ()
    try:
        body: object = json.loads(output[start:])
    except ValueError:
        return ()
    return tuple(str(command) for command in as_list(value_at_path(body, "clusterAccess")) or ())


def _caller(spec: PlatformSpec, person: str) -> Caller:
    """The operator, where the spec expects people: anywhere, in a range that it names, or in the hub."""
    ranges = spec.training.api_cidrs if spec.training else ()
    if spec.entry == "broker" or not ranges:
        return Caller(person=person, inside=spec.entry == "peering")
    address = str(ranges[0].network_address + 1)
    return Caller(person=person, address=address, inside=not (spec.training and spec.training.public_api_cidrs))
