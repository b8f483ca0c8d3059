"""A program of your own with an endpoint, the monitor of its model, and the door that it asks for another training."""

from pathlib import Path

import pulumi

from mlplatform import (
    ArtifactStore,
    ArtifactStoreSpec,
    AwsTarget,
    Context,
    Endpoint,
    EndpointSpec,
    Identity,
    InputSpec,
    ModelMonitor,
    ModelMonitorSpec,
    ModelRegistry,
    MonitorInput,
    MonitorLabelsSpec,
    MonitorMetric,
    OutputSpec,
    Pipeline,
    PipelineDoor,
    PipelineSpec,
    PlatformSpec,
    RegistrySpec,
    StepSpec,
    TriggersSpec,
)
from mlplatform.reading.record_file import read_record

REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-dev/training"
ranking = PipelineSpec(
    name="ranking",
    model="ranking",
    image=f"{REPOSITORY}:ranking-3",
    programs_image=f"{REPOSITORY}:mlplatform-step-1",
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
    # a monitor asks with the reason that it found
    triggers=TriggersSpec(events=("drift",), max_runs_per_month=4, max_usd_per_month=80),
)
ranker = EndpointSpec(
    name="ranker",
    server="triton",
    model="ranking/7",
    capture_percent=10,
    monitor=ModelMonitorSpec(
        task="classification",
        inputs=(MonitorInput(name="position"), MonitorInput(name="device", kind="category")),
        # Triton takes each folder beside its models for a model
        reference="ranking/reference",
        # whether somebody clicked is known a day later
        labels=MonitorLabelsSpec(path="labels/clicks", days=1),
        metrics=(MonitorMetric(metric="auc", at_least=0.7),),
        slices=("device",),
        retrain=("ranking",),
    ),
)
spec = PlatformSpec(
    name="acme",
    environment="dev",
    owner="data-team",
    cost_center="4711",
    registry=RegistrySpec(repositories=("training",), models=("ranking",)),
    pipelines=(ranking,),
    endpoints=(ranker,),
    targets=(AwsTarget(account_id="123456789012", region="us-east-1"),),
)
record, _ = read_record(Path(__file__).parent / "models" / "dev.json", spec)
context = Context(spec, record=record)
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

endpoint = Endpoint("acme-endpoint-ranker", ranker, context, store=store, images=context.images, models=models)
monitor = ModelMonitor("acme-monitor-ranker", endpoint, context, store=store, models=models, door=door)

pulumi.export("endpoint", endpoint.url)
