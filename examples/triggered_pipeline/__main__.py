"""A program of your own with one pipeline, and the door that starts its runs by night and by new data."""

import pulumi

from mlplatform import (
    ArtifactStore,
    ArtifactStoreSpec,
    AwsTarget,
    Context,
    DataTrigger,
    Identity,
    InputSpec,
    ModelRegistry,
    OutputSpec,
    Pipeline,
    PipelineDoor,
    PipelineSpec,
    PlatformSpec,
    RegistrySpec,
    ScheduleTrigger,
    StepSpec,
    TriggersSpec,
)

REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-dev/training"
ranking = PipelineSpec(
    name="ranking",
    model="ranking",
    image=f"{REPOSITORY}:ranking-3",
    programs_image=f"{REPOSITORY}:mlplatform-step-1",
    timeout_hours=12,
    max_usd_per_run=20,
    steps=(
        StepSpec(
            name="train",
            kind="train",
            command=("python", "-m", "ranking.train", "{{inputs.clicks}}", "{{outputs.model}}"),
            inputs={"clicks": InputSpec(place="data", path="clicks")},
            outputs={"model": OutputSpec(kind="model")},
        ),
    ),
    triggers=TriggersSpec(
        schedules=(ScheduleTrigger(name="nightly", cron="0 3 * * *", time_zone="Europe/Zurich"),),
        data=(DataTrigger(name="clicks", path="clicks", marker="_SUCCESS"),),
        max_runs_per_month=20,
        max_usd_per_month=300,
    ),
)
spec = PlatformSpec(
    name="acme",
    environment="dev",
    owner="data-team",
    cost_center="4711",
    registry=RegistrySpec(repositories=("training",), models=("ranking",)),
    pipelines=(ranking,),
    targets=(AwsTarget(account_id="123456789012", region="us-east-1"),),
)
context = Context(spec)
store = ArtifactStore("acme-store", ArtifactStoreSpec(), context)
models = ModelRegistry("acme-models", spec.registry, context, store=store, images=context.images)
identity = Identity("acme-pipelines", "pipelines", context)
store.grant_write(identity)
context.images.grant_pull(identity)
models.grant_register(identity)
models.grant_jobs(identity, runs_as=identity)

pipeline = Pipeline(
    "acme-pipeline-ranking", ranking, context, identity=identity, store=store, images=context.images, models=models
)
door = PipelineDoor("acme-door", context, pipelines=[pipeline])

pulumi.export("door", door.inbox)
