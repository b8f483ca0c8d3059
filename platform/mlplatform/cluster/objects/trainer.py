"""Kubeflow Trainer's runtimes and jobs: https://www.kubeflow.org/docs/components/trainer/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Metadata
from mlplatform.cluster.objects.containers import EnvVar, Resources
from mlplatform.cluster.objects.jobs import JobSetSpec
from mlplatform.cluster.objects.trainer_patches import RuntimePatch
from mlplatform.fast.record import record


@record(kw_only=True)
class MlPolicy:
    """How the nodes of a job find each other."""

    num_nodes: int
    """Nodes of a job that names no number."""

    torch: Mapping[str, str] | None = None
    """Empty: `torchrun` gets its settings as variables PET_*. Omitted: the program finds the others itself."""


@record(kw_only=True)
class JobSetTemplate:
    """The set that a job of a runtime becomes."""

    spec: JobSetSpec
    """The set."""


@record(kw_only=True)
class RuntimeSpec:
    """What the jobs of a runtime have in common."""

    ml_policy: MlPolicy
    """How nodes find each other."""

    template: JobSetTemplate
    """The pods."""


@record(kw_only=True)
class ClusterTrainingRuntime(KubeObject):
    """What jobs of a kind have in common, for every namespace."""

    API = "trainer.kubeflow.org/v1alpha1"
    KIND = "ClusterTrainingRuntime"

    metadata: Metadata
    """Name, and the label of the framework."""

    spec: RuntimeSpec
    """The runtime."""


@record(kw_only=True)
class RuntimeRef:
    """A runtime."""

    name: str
    """Its name."""

    kind: Literal["ClusterTrainingRuntime"] = "ClusterTrainingRuntime"
    """Its kind."""

    api_group: Literal["trainer.kubeflow.org"] = "trainer.kubeflow.org"
    """The group of its kind."""


@record(kw_only=True)
class Trainer:
    """What a job runs, on each of its nodes."""

    image: str
    """The image."""

    command: tuple[str, ...]
    """Program and arguments."""

    num_nodes: int
    """Nodes."""

    num_proc_per_node: int | None = None
    """Processes of a node. Omitted: counted, and where a device's name has no `gpu` in it, CPUs are."""

    resources_per_node: Resources | None = None
    """What differs from the runtime's; merged with them since Trainer 2.3."""

    env: tuple[EnvVar, ...] | None = None
    """Variables beside the runtime's."""


@record(kw_only=True)
class TrainJobSpec:
    """A job."""

    runtime_ref: RuntimeRef
    """Its runtime."""

    trainer: Trainer
    """What it runs; it cannot be changed."""

    runtime_patches: tuple[RuntimePatch, ...] | None = None
    """What it has beside its runtime. Omitted: nothing."""


@record(kw_only=True)
class TrainJob(KubeObject):
    """A job of several nodes."""

    API = "trainer.kubeflow.org/v1alpha1"
    KIND = "TrainJob"

    metadata: Metadata
    """Name, namespace, and the queue's label."""

    spec: TrainJobSpec
    """The job."""
