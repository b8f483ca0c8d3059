"""Whether a pipeline is far below what SageMaker takes: bounds from the spec alone, above what its definition comes to.

To write a definition takes longer than all other checks of a pipeline, and most pipelines are small. Imports no SDK.
"""

from __future__ import annotations

from collections.abc import Iterable

from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec

MOST_WORDS = 100
"""ContainerEntrypoint and ContainerArguments of both kinds of job:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AppSpecification.html"""

MOST_VARIABLES = 100
"""Environment of both kinds of job:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html"""

MOST_CHANNELS = 20
"""InputDataConfig of a training job:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html"""

LONGEST = 1_048_576
"""Most characters of a definition."""

_OWN_VARIABLES = 4
_LAUNCH = 16
"""Words before the program: those that find the nodes, and those that join pieces."""
_PIECE = 240
"""Characters of a piece of a long word."""
_FOLDER = 120
"""Characters of what stands for a placeholder: a folder of the container, a version, a path in the definition."""
_JOB = 4_000
"""Characters of a job but for its words, variables, folders, tags and those it waits for."""
_PORT = 1_000
"""Characters of an input or an output, with its address and with the file of its metrics."""


def surely_fits(spec: PlatformSpec, pipeline: PipelineSpec) -> bool:
    """Whether nothing of a pipeline can be more than SageMaker takes; false where its definition must be looked at.

    Args:
        spec: narrowed to the target.
        pipeline: one of its pipelines.
    """
    return (
        all(
            step.tune is None
            and most_words(pipeline, step) <= MOST_WORDS
            and len(step.env) + _OWN_VARIABLES <= MOST_VARIABLES
            and len(step.inputs) <= MOST_CHANNELS
            for step in pipeline.steps
        )
        and most_characters(spec, pipeline) <= LONGEST
    )


def most_words(pipeline: PipelineSpec, step: StepSpec) -> int:
    """More words and pieces of words than the job of a step has, without a search.

    Args:
        pipeline: the pipeline.
        step: one of its steps.
    """
    return _LAUNCH + len(step.written) + sum(map(_pieces, _words(pipeline, step)))


def most_characters(spec: PlatformSpec, pipeline: PipelineSpec) -> int:
    """More characters than the definition of a pipeline has.

    Args:
        spec: narrowed to the target.
        pipeline: one of its pipelines, without a search.
    """
    tags = _JOB + sum(100 + 2 * (len(name) + len(value)) for name, value in spec.tags.items())
    jobs = sum(len(step.task_names()) for step in pipeline.steps)
    found = sum(500 + 2 * len(repr(each)) for each in pipeline.parameters)
    for step in pipeline.steps:
        texts = [*_words(pipeline, step), *step.env, *step.env.values(), pipeline.image_of(step) or ""]
        ports = len(step.inputs) + len(step.written)
        # a quotation mark takes two characters, and a word in pieces a few more for each
        of_job = _JOB + tags + _PORT * ports + sum(200 + 3 * _length(text) for text in texts)
        found += len(step.task_names()) * (of_job + 60 * jobs)
    return found


def _words(pipeline: PipelineSpec, step: StepSpec) -> Iterable[str]:
    """Texts at least as long, and as many, as the words of a step's program."""
    yield from step.command
    if not step.own:
        return
    yield from ("mlplatform-step " * 8).split()
    for name in (*step.inputs, *step.written, *(each.name for each in pipeline.parameters)):
        yield from ("--parameter", f"{name}:boolean={{{{parameters.{name}}}}}")
    # as JSON, whose names have quotation marks
    for part in (step.gate, step.data_checks, *pipeline.base_models):
        if part is not None:
            yield from ("--definition", 2 * repr(part))
    yield from ("--record", "--definition", "--training-image", "x" * _PIECE, "x" * _PIECE, "x" * _PIECE)


def _pieces(word: str) -> int:
    return 1 + 2 * word.count("{{") + _length(word) // _PIECE


def _length(text: str) -> int:
    return len(text) + _FOLDER * text.count("{{")
