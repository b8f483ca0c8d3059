"""Reads `pulumi stack export`, and the checkpoint of a file backend.

https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/deployments.json
"""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.plan.sources.fields import items, mapping
from mlplatform.plan.sources.source import NotAPlan, Source
from mlplatform.plan.sources.step import StepReader
from mlplatform.plan.sources.whole import plan_from_steps

OLDEST = 3
"""Pulumi writes deployments of version 3 since 2019; version 4 differs in features that old CLIs refuse."""


def read_state(document: Mapping[str, object], reader: StepReader) -> Source:
    """Read a stack's resources, without those that wait for deletion or recreation.

    Raises:
        NotAPlan: it is older than version 3, or a resource has no URN.
    """
    version = document.get("version")
    if not isinstance(version, int) or version < OLDEST:
        got = f"version {version}" if isinstance(version, int) else "no version"
        raise NotAPlan(
            f"a deployment of {got}",
            f"version {OLDEST} or later",
            "export it with a current CLI: `pulumi stack export`",
        )
    deployment = mapping(document.get("deployment"))
    if "checkpoint" in document:
        deployment = mapping(mapping(document.get("checkpoint")).get("latest"))
    steps = [
        reader.step(resource, f"resource {index}")
        for index, item in enumerate(items(deployment.get("resources")))
        if (resource := mapping(item)).get("delete") is not True and resource.get("pendingReplacement") is not True
    ]
    return Source("state", plan_from_steps(steps, "state"))
