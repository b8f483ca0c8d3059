"""The jobs of SageMaker that run a pipeline's steps, and the machines that each can have. Imports no SDK."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Literal

from mlplatform.catalog.catalog import Catalog
from mlplatform.spec.pipeline_steps import StepSpec

Job = Literal["Processing", "Training"]

_NEITHER = ("c6i.large", "g4dn.metal", "g5g.", "gr6.", "inf2.")
"""Machines that no job of SageMaker has."""

_TRAINING_ALONE = ("p3dn.", "p4d.", "p4de.", "p5.48xlarge", "p5e.", "p5en.", "p6-", "trn1.", "trn1n.", "trn2.")
"""Machines that only training jobs have. Both lists: the values of ProcessingInstanceType and TrainingInstanceType in
the API's description of 2026-11, https://docs.aws.amazon.com/sagemaker/latest/APIReference"""

LONGEST_MINUTES: dict[Job, int] = {"Processing": 777_600 // 60, "Training": 28 * 24 * 60}
"""Longest job, minutes: the API's bound of ProcessingMaxRuntimeInSeconds; and the most that a quota for training jobs
is raised to, which is 5 days by default."""


def needs_training(step: StepSpec) -> bool:
    """Whether only a training job can run a step: spot, a folder that survives attempts, or several nodes."""
    return step.resources.capacity == "spot" or step.checkpoint or step.distribution is not None


def step_job(step: StepSpec, machine_type: str) -> Job:
    """The job that runs a step: processing, which keeps each output apart, unless only training can.

    Args:
        step: the step.
        machine_type: its machine, as the catalogue names it.
    """
    return "Training" if needs_training(step) or machine_type.startswith(_TRAINING_ALONE) else "Processing"


def step_catalog(catalog: Catalog) -> Catalog:
    """The catalogue with the machines that jobs of SageMaker have.

    Args:
        catalog: all of AWS's machines.
    """
    for whole, found in _OF_JOBS:
        if whole is catalog:
            return found
    found = replace(
        catalog,
        machines=tuple(each for each in catalog.machines if not each.machine_type.startswith(_NEITHER)),
        cpu_machines=tuple(each for each in catalog.cpu_machines if not each.machine_type.startswith(_NEITHER)),
    )
    _OF_JOBS.append((catalog, found))
    return found


_OF_JOBS: deque[tuple[Catalog, Catalog]] = deque(maxlen=4)
"""The last catalogues, each with what jobs have of it: one is asked for at each step of a pipeline."""
