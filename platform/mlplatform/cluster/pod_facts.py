"""What a cloud says about the pods of jobs: contracts of `backends/<cloud>/cluster/`. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from mlplatform.cluster.facts import AnyNodes
from mlplatform.cluster.objects.containers import Container, Mount
from mlplatform.cluster.objects.volumes import Volume
from mlplatform.components.contract import contract
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec


@record(kw_only=True)
class PodWiring:
    """What the pods of a job need on the nodes of a pool, beside its devices."""

    grace_seconds: int
    """Seconds that a pod has to save its work, within what the cloud's notice of an interruption leaves."""

    checkpoints: str
    """Address of the folder for checkpoints, without a slash at its end: `s3://…`, `gs://…`, `abfss://…`."""

    selector: Mapping[str, str] | None = None
    """Labels that pods must ask for beside the pool's own."""

    labels: Mapping[str, str] | None = None
    """Labels of the pods."""

    annotations: Mapping[str, str] | None = None
    """Annotations of the pods."""

    resources: Mapping[str, str] | None = None
    """Devices of the fabric and huge pages: asked for in the container that computes."""

    env: Mapping[str, str] | None = None
    """Environment variables."""

    profile: str | None = None
    """A file of shell that the command must read first: it sets what belongs to the installed version."""

    capabilities: tuple[str, ...] = ()
    """Rights of Linux that the container needs."""

    sidecars: tuple[Container, ...] = ()
    """Containers that run beside it."""

    volumes: tuple[Volume, ...] = ()
    """Volumes of the pod."""

    mounts: tuple[Mount, ...] = ()
    """Those that the container has."""


@contract("cluster.pods")
class WiresPods(Protocol):
    """Says what a job's pods need on the nodes of a pool, with or without devices."""

    def __call__(self, spec: PlatformSpec, nodes: AnyNodes, /) -> PodWiring: ...
