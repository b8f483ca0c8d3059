"""The pipeline that retrains the fraud model: the same steps, gate and triggers on each cloud."""

from mlplatform import (
    ChampionSpec,
    DataTrigger,
    GateSpec,
    InputSpec,
    OutputSpec,
    ParameterSpec,
    PipelineSpec,
    ScheduleTrigger,
    SliceSpec,
    StepResources,
    StepSpec,
    ThresholdSpec,
    TriggersSpec,
)


def _words(command: str) -> tuple[str, ...]:
    return tuple(command.split())


def fraud_retrain(target: str, images: str) -> PipelineSpec:
    """The pipeline of one target.

    Args:
        target: name of the target that runs it.
        images: the repository of its images, as the cloud pulls them.
    """
    return PipelineSpec(
        name=f"fraud-retrain-{target}",
        model="fraud",
        on=target,
        image=f"{images}:fraud-7",
        programs_image=f"{images}:mlplatform-step-1",
        max_usd_per_run=60,
        timeout_hours=12,
        parameters=(
            ParameterSpec(name="learningRate", type="float", default=0.1),
            ParameterSpec(name="rounds", type="integer", default=200),
        ),
        steps=(
            StepSpec(
                name="features",
                kind="features",
                command=_words(
                    "python -m fraud.features --claims {{inputs.claims}} --train {{outputs.train}} --test {{outputs.test}}"
                ),
                inputs={"claims": InputSpec(place="data", path="claims")},
                outputs={"train": OutputSpec(), "test": OutputSpec()},
                retries=2,
            ),
            StepSpec(
                name="train",
                kind="train",
                command=_words(
                    "python -m fraud.train --data {{inputs.train}} --model {{outputs.model}} "
                    "--rate {{parameters.learningRate}} --rounds {{parameters.rounds}}"
                ),
                inputs={"train": InputSpec(step="features", output="train")},
                outputs={"model": OutputSpec(kind="model")},
                resources=StepResources(vcpus=8, memory_gib=32),
                timeout_minutes=240,
            ),
            StepSpec(
                name="evaluate",
                kind="evaluate",
                command=_words(
                    "python -m fraud.evaluate --model {{inputs.model}} --test {{inputs.test}} "
                    "--released {{inputs.released}} --released-version {{released}} "
                    "--metrics {{outputs.metrics}} --predictions {{outputs.predictions}}"
                ),
                inputs={
                    "model": InputSpec(step="train", output="model"),
                    "test": InputSpec(step="features", output="test"),
                    "released": InputSpec(released=True),
                },
                outputs={
                    "metrics": OutputSpec(kind="metrics", metrics=("auc", "latency_p95_ms")),
                    "predictions": OutputSpec(kind="predictions"),
                },
            ),
            StepSpec(
                name="gate",
                kind="gate",
                inputs={
                    "metrics": InputSpec(step="evaluate", output="metrics"),
                    "predictions": InputSpec(step="evaluate", output="predictions"),
                },
                gate=GateSpec(
                    thresholds=(
                        ThresholdSpec(metric="auc", at_least=0.8),
                        ThresholdSpec(metric="latency_p95_ms", at_most=50),
                    ),
                    champion=ChampionSpec(metric="auc", test="delong"),
                    slices=(SliceSpec(column="country", metric="auc", at_least=0.7),),
                ),
            ),
            StepSpec(
                name="register",
                kind="register",
                inputs={
                    "model": InputSpec(step="train", output="model"),
                    "verdict": InputSpec(step="gate", output="verdict"),
                },
            ),
        ),
        triggers=TriggersSpec(
            schedules=(ScheduleTrigger(name="weekly", cron="0 3 * * MON", time_zone="Europe/Zurich"),),
            data=(DataTrigger(name="claims", path="claims", marker="_SUCCESS"),),
            events=("drift", "quality"),
            max_runs_per_month=10,
            max_usd_per_month=400,
        ),
    )
