"""Problems of an existing shared file system, in the same words on every cloud. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.backend import Backend
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def file_system_path(spec: PlatformSpec) -> str:
    """The field of the narrowed spec's target."""
    return f"targets[{spec.targets[0].name}].shared_file_system"


def file_system_problems(backend: Backend, spec: PlatformSpec) -> Iterator[Problem]:
    """A file system that nothing mounts.

    Args:
        backend: the cloud.
        spec: the narrowed spec, whose target names one.
    """
    if spec.cluster is None:
        yield backend.refuse(
            file_system_path(spec),
            "a file system, and no layer inside the cluster",
            "a spec with `cluster`, whose namespaces of jobs get claims of it",
            "add `cluster`, or omit it",
        )
