"""The queue takes a half-started job's devices back, and never gives such a job up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.checks.nodes_and_pods import RELEASE, chart_of, pools
from mlplatform.checks.queues import configuration
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_CONFIG = "values.managerConfig.controllerManagerConfigYaml"


def _waits(release: Resource) -> Iterator[CheckFault]:
    found = configuration(release)
    if found is None:
        yield CheckFault("Kueue's own configuration waits for no pods, and the values have none.", _CONFIG)
        return
    waiting = found.get("waitForPodsReady")
    if not isinstance(waiting, Mapping):
        yield CheckFault("Its configuration has no waitForPodsReady.", _CONFIG)
        return
    settings = cast("Mapping[str, object]", waiting)
    if settings.get("enable") is False or not settings.get("timeout"):
        yield CheckFault("Its waitForPodsReady has no timeout, or is off.", _CONFIG)
    strategy = settings.get("requeuingStrategy")
    limit = cast("Mapping[str, object]", strategy).get("backoffLimitCount") if isinstance(strategy, Mapping) else None
    if limit is not None:
        yield CheckFault(f"After {shown(str(limit))} tries without all nodes it gives a job up for ever.", _CONFIG)


RULE = CheckRule(
    id="pods-ready",
    level="high",
    topic="cluster",
    title="The queue waits for all pods of a job, and tries again without end",
    why="Of two jobs that each get half of their nodes, none begins, and both hold their GPUs. With a limit of tries, "
    "Kueue deactivates a job while its machines are sold out, and it never comes back.",
    fix="Set waitForPodsReady with a timeout, and leave backoffLimitCount out.",
    entries=(
        Entry(
            (RELEASE,),
            _waits,
            link="https://kueue.sigs.k8s.io/docs/tasks/manage/setup_wait_for_pods_ready/",
            when=lambda release: chart_of(release) == "kueue" and any(n.accelerated for n in pools(release.index)),
            siblings=True,
        ),
    ),
)
