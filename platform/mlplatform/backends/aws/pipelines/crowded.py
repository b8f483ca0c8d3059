"""Lists of a job's request that are longer than SageMaker takes. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.pipelines.room import MOST_CHANNELS, MOST_VARIABLES, MOST_WORDS
from mlplatform.components.backend import Backend
from mlplatform.fast.record import record
from mlplatform.pipelines.forms.sagemaker_spec import Processing, Training
from mlplatform.pipelines.forms.sagemaker_steps import ConditionStep, Definition
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.problem import Problem


@record(kw_only=True)
class _List:
    field: str
    count: int
    most: int
    of: str
    fix: str


def crowded_problems(backend: Backend, pipeline: PipelineSpec, definition: Definition, path: str) -> Iterator[Problem]:
    """Steps whose jobs have more words, variables or inputs than a request.

    Args:
        backend: this cloud.
        pipeline: a pipeline.
        definition: its definition.
        path: its place in the spec.
    """
    requests = dict(_jobs(definition))
    for position, step in enumerate(pipeline.steps):
        # slices of a step have the same lists; a search's machines come before what keeps the best, and have more
        job = next((requests[name] for name in step.runs() if name in requests), None)
        for each in _lists(job) if job else ():
            if each.count > each.most:
                yield backend.refuse(
                    f"{path}.steps[{position}].{each.field}",
                    f"{each.count}",
                    f"at most {each.most} {each.of}, the most that a job of SageMaker takes",
                    each.fix,
                )


def _jobs(definition: Definition) -> Iterator[tuple[str, Processing | Training]]:
    for step in definition.steps:
        for job in step.arguments.if_steps if isinstance(step, ConditionStep) else (step,):
            yield job.name, job.arguments


def _lists(job: Processing | Training) -> Iterator[_List]:
    container = job.app_specification if isinstance(job, Processing) else job.algorithm_specification
    yield _List(
        field="command",
        count=max(len(container.container_entrypoint), len(container.container_arguments or ())),
        most=MOST_WORDS,
        of="words and pieces of words of 240 characters, with those that start the program",
        fix="put options into a file in the image or the store, and hand on its path",
    )
    yield _List(
        field="env",
        count=len(job.environment or {}),
        most=MOST_VARIABLES,
        of="variables, with the platform's own",
        fix="put them into a file in the image or the store, and hand on its path",
    )
    if isinstance(job, Training):
        yield _List(
            field="inputs",
            count=len(job.input_data_config or ()),
            most=MOST_CHANNELS,
            of="inputs",
            fix="put several into one folder",
        )
