"""A pipeline with a door comes, changes, follows the record of releases there and back, and goes."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.rehearse.turn import ADDED, Turn, goes, newer_model, with_endpoint
from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.step_folders import InputSpec, OutputSpec
from mlplatform.spec.triggers import DataTrigger, ScheduleTrigger, TriggersSpec

_FIRST = ScheduleTrigger(name="first", cron="0 3 * * *")
_SECOND = ScheduleTrigger(name="second", cron="0 3 * * MON", time_zone="Europe/Zurich")
_CLICKS = DataTrigger(name="clicks", path=ADDED, marker="_SUCCESS")


def change_triggers(spec: PlatformSpec) -> tuple[Turn, ...]:
    """A pipeline with triggers; other triggers and bounds; then the released model that it reads moves, there and back;
    then it is paused, and goes."""
    other = TriggersSpec(schedules=(_FIRST, _SECOND), data=(_CLICKS,), max_runs_per_month=20, quiet_minutes=30)
    made = _with_pipelines(spec, TriggersSpec(schedules=(_FIRST,), max_runs_per_month=10))
    changed = _with_pipelines(spec, other)
    paused = _with_pipelines(spec, other.overlay(enabled=False))
    if made is None or changed is None or paused is None:
        return ()
    return (
        Turn(made, "it comes", quiet=True),
        Turn(changed, "other triggers", quiet=True),
        *_moves(changed),
        Turn(paused, "paused", quiet=True),
        *goes(spec, paused, "it goes", held=not any(each.triggers for each in spec.pipelines)),
    )


def _moves(spec: PlatformSpec) -> Iterator[Turn]:
    """The record moves twice: what candidates are compared with is the next version, then the former one."""
    found = newer_model(spec)
    if found:
        index, newer = found
        yield Turn(with_endpoint(spec, index, spec.endpoints[index].overlay(model=newer)), "the record moves")
        yield Turn(spec, "and back")


def _with_pipelines(spec: PlatformSpec, triggers: TriggersSpec) -> PlatformSpec | None:
    """The spec with another pipeline on each target; None where there is no model, or no repository for its images."""
    added: list[PipelineSpec] = []
    for number, target in enumerate(spec.targets, start=1):
        named = f"{ADDED}-{number}" if len(spec.targets) > 1 else ADDED
        pipeline = _accepted(spec, named, target.name, triggers)
        if pipeline is None:
            return None
        added.append(pipeline)
    return spec.overlay(pipelines=(*spec.pipelines, *added))


def _accepted(spec: PlatformSpec, name: str, target: str, triggers: TriggersSpec) -> PipelineSpec | None:
    """The pipeline of one target, with an image as its cloud names those of the platform."""
    narrowed = spec.on(target)
    backend = discovery.backend(narrowed.targets[0].cloud)
    served = newer_model(narrowed)
    endpoint = narrowed.endpoints[served[0]] if served else None
    models = [str(endpoint.model).partition("/")[0]] if endpoint else list(spec.registry.models)
    beginnings = backend.own_images(narrowed)
    if not models or not beginnings:
        return None
    doors = [each.programs_image for each in narrowed.door_pipelines]
    # a repository has one image on some clouds, and several on others
    for image in (f"{beginnings[0]}/{ADDED}:1", f"{beginnings[0]}:{ADDED}"):
        pipeline = PipelineSpec(
            name=name,
            model=models[0],
            on=target,
            endpoint=endpoint.name if endpoint else None,
            image=image,
            programs_image=doors[0] if doors else image,
            timeout_hours=20,
            steps=(_train(reads_released=endpoint is not None),),
            triggers=triggers,
        )
        problems = backend.problems(narrowed.overlay(pipelines=(*narrowed.pipelines, pipeline)))
        if not any(problem.path.endswith("image") for problem in problems):
            return pipeline
    return None


def _train(*, reads_released: bool) -> StepSpec:
    released = ("--released", "{{released}}") if reads_released else ()
    return StepSpec(
        name="train",
        kind="train",
        command=("train", "{{inputs.clicks}}", "{{outputs.model}}", *released),
        inputs={"clicks": InputSpec(place="data", path=ADDED)},
        outputs={"model": OutputSpec(kind="model")},
    )
