"""What SageMaker cannot run of a pipeline, and what it runs in another way. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.pipelines.machines import LONGEST_MINUTES, Job, needs_training, step_job
from mlplatform.backends.aws.pipelines.room import surely_fits
from mlplatform.backends.aws.repositories import pulled_repositories
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.catalog.catalog import NotOffered
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.limits import refuse_nothing
from mlplatform.components.pipeline_problems import per_step, pipeline_problems
from mlplatform.components.step_machines import try_step
from mlplatform.pipelines.forms.sagemaker_nodes import DISTRIBUTIONS
from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

MOST_FOLDERS = 10
"""Most inputs, and most outputs, of a processing job: ProcessingInputs and ProcessingOutputs in the API."""

LONGEST_VARIABLE: dict[Job, int] = {"Processing": 256, "Training": 512}
"""Longest value of an environment variable, characters: ProcessingEnvironmentValue, TrainingEnvironmentValue."""

_LONGER_IDS = 300
"""By so many characters the role, the keys and six subnets of a job are longer than what stands for them."""


_LAUNCHED = (None, *DISTRIBUTIONS)


def _lines(step: StepSpec) -> object | None:
    return next((word for word in step.command if "\n" in word or "\r" in word), None)


LIMITS: tuple[Limit, ...] = (
    Limit(
        field="pipelines.steps.inputs.path",
        support="partial",
        reason="SageMaker has no list of data sets for training: those of its hub are for the customization of AWS' "
        "own models, and an artifact of its lineage is a label on an address",
        alternative="name the version of the data in training.json: the record and `mlplatform lineage` have it",
        violations=refuse_nothing,
    ),
    Limit(
        field="pipelines.steps.retries",
        support="partial",
        reason="SageMaker tries a step again after its own errors, a lack of capacity and the loss of a node; an error "
        "of the program ends the run",
        alternative="let the program try again what may fail",
        violations=refuse_nothing,
    ),
    Limit(
        field="pipelines.steps.distribution",
        support="partial",
        reason="a training job of SageMaker starts torch and tensorflow; MPI starts its processes by SSH, for which an "
        "image has no keys, and nothing starts a cluster of Ray",
        alternative="use torch or tensorflow, or set engine to cluster for ray",
        violations=per_step("distribution", lambda s: s.distribution if s.distribution not in _LAUNCHED else None),
    ),
    Limit(
        field="pipelines.steps.command",
        support="partial",
        reason="an argument of a job has no line breaks in SageMaker",
        alternative="put the script into the image, or write it in one line",
        violations=per_step("command", _lines),
    ),
)
"""Fields of pipelines that AWS honours in part."""


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Everything SageMaker refuses in a pipeline, beyond its limits."""

    def longest(step: StepSpec) -> int:
        return LONGEST_MINUTES["Training" if needs_training(step) else "Processing"]

    yield from pipeline_problems(backend, target, spec, longest_minutes=longest)
    if spec.cluster and spec.cluster.managed_airflow and spec.network.nat == "none":
        yield backend.refuse(
            "cluster.managed_airflow",
            "managed_airflow",
            "network.nat to be single or per-zone: Amazon MWAA installs the package that makes pods from PyPI, and its "
            "interface has no private address",
            "set network.nat, or run Airflow on the training cluster, with cluster.airflow",
            fields=("network.nat",),
        )
    for index, pipeline in enumerate(spec.pipelines):
        if pipeline.triggers and pipeline.programs_image:
            yield from image_problems(
                backend, spec, pipeline.programs_image, f"pipelines[{index}].programs_image", "the door's"
            )
        if pipeline.engine == "managed":
            jobs: dict[str, Job] = {
                # by what writes its outputs
                step.name: step_job(last, machine.machine_type)
                for step in pipeline.steps
                for last in step.asked()[-1:]
                if not isinstance(machine := try_step(backend, target, spec, pipeline, last), NotOffered)
            }
            for position, step in enumerate(pipeline.steps):
                path = f"pipelines[{index}].steps[{position}]"
                image = pipeline.image_of(step)
                yield from image_problems(backend, spec, image, f"{path}.image", "that of pipelines")
                yield from _job_problems(backend, step, path, jobs)
            yield from _size_problems(backend, spec, target, pipeline, f"pipelines[{index}]")


def image_problems(backend: Backend, spec: PlatformSpec, image: str | None, path: str, whose: str) -> Iterator[Problem]:
    """Images that SageMaker pulls from nowhere, or that an identity may not pull.

    Args:
        backend: this cloud.
        spec: narrowed to the target.
        image: the image, if any.
        path: field that names it.
        whose: the identity that pulls it, for people.
    """
    repositories, caches = pulled_repositories(spec)
    if image and _repository(image) not in repositories and not image.startswith(caches):
        pipeline = path.partition(".")[0]
        yield backend.refuse(
            path,
            image,
            "an image in one of the platform's repositories: jobs pull from ECR alone, and the identity, "
            f"{whose}, from these: {', '.join(repositories) or 'there is none'}",
            "push it to one of them, and name it there, or name its repository in existing.registry of the target",
            fields=(
                "name",
                "environment",
                "targets",
                f"{pipeline}.image",
                f"{pipeline}.programs_image",
                "registry.repositories",
            ),
        )


def task_image_problems(
    backend: Backend, spec: PlatformSpec, image: str | None, path: str, whose: str
) -> Iterator[Problem]:
    """Images that a task of Fargate does not reach, or may not pull: a public one needs a way out alone.

    Args:
        backend: this cloud.
        spec: narrowed to the target.
        image: the image, if any.
        path: field that names it.
        whose: the identity that pulls it, for people.
    """
    if ".dkr.ecr." in (image or "") or spec.network.nat == "none":
        yield from image_problems(backend, spec, image, path, whose)


def _repository(image: str) -> str:
    """An image without its digest and its tag."""
    host, slash, path = image.partition("@")[0].partition("/")
    return f"{host}{slash}{path.partition(':')[0]}"


def _size_problems(
    backend: Backend, spec: PlatformSpec, target: AwsTarget, pipeline: PipelineSpec, path: str
) -> Iterator[Problem]:
    """Pipelines of so many steps that no definition takes them, and jobs of so many words."""
    if surely_fits(spec, pipeline):
        return
    from mlplatform.backends.aws.pipelines.crowded import crowded_problems
    from mlplatform.backends.aws.pipelines.definition import PLACEHOLDERS, build_definition
    from mlplatform.pipelines.forms.sagemaker import LONGEST, short_text

    asked = (each for step in pipeline.steps for each in step.asked())
    if any(isinstance(try_step(backend, target, spec, pipeline, each), NotOffered) for each in asked):
        return
    jobs = sum(len(step.runs()) for step in pipeline.steps)
    definition = build_definition(backend, spec, pipeline, PLACEHOLDERS)
    yield from crowded_problems(backend, pipeline, definition, path)
    size = len(short_text(definition)) + jobs * _LONGER_IDS
    if size > LONGEST:
        yield backend.refuse(
            f"{path}.steps",
            f"{size} characters as a definition",
            f"at most {LONGEST}, the most that SageMaker takes of a pipeline",
            "use fewer steps or slices, or put long commands into the images",
        )


def _job_problems(backend: Backend, step: StepSpec, path: str, jobs: dict[str, Job]) -> Iterator[Problem]:
    job = jobs.get(step.name)
    if job is None:
        return
    for name, value in step.env.items():
        if len(value) > LONGEST_VARIABLE[job]:
            yield backend.refuse(
                f"{path}.env.{name}",
                f"{len(value)} characters",
                f"at most {LONGEST_VARIABLE[job]} characters, the most that a {job.lower()} job of SageMaker takes",
                "put it into a file in the store, and hand that on as an input",
            )
    if job == "Processing":
        for field, folders in (("inputs", step.inputs), ("outputs", step.written)):
            if len(folders) > MOST_FOLDERS:
                yield backend.refuse(
                    f"{path}.{field}",
                    f"{len(folders)}",
                    f"at most {MOST_FOLDERS}, the most that a job of SageMaker has",
                    "put several into one folder",
                )
    if step.when and jobs.get(step.when.step) == "Training":
        yield backend.refuse(
            f"{path}.when.step",
            step.when.step,
            "a step that runs as a processing job: SageMaker reads no values from what a training job wrote",
            "let a step after it write the metrics",
        )
