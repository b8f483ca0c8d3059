"""What GCP refuses about several targets of one spec. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend
from mlplatform.components.siblings import pairs_of_targets
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def sibling_problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Two targets in one project: its workload identities, budget and audit settings belong to the project."""
    for index, later, earlier in pairs_of_targets(spec, GcpTarget):
        if later.project == earlier.project:
            yield backend.refuse(
                f"targets[{index}].project",
                later.project,
                f"a project of its own; '{earlier.name}' is in this one, and a Kubernetes service account has the same "
                "rights in every cluster of a project",
                f"create another project for '{later.name}', for example {later.project[:24]}-{later.region[:4]}",
            )
