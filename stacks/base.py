"""The platform of Acme's fraud-scoring and vision teams: the settings that all environments share."""

from mlplatform import (
    AccessSpec,
    ArtifactStoreSpec,
    AwsTarget,
    AzureTarget,
    BudgetSpec,
    CanaryRollout,
    CiSpec,
    ClusterSpec,
    CpuPoolSpec,
    EmailRoute,
    EndpointSpec,
    GcpTarget,
    GpuPoolSpec,
    MonitoringSpec,
    PlaceSpec,
    PlatformSpec,
    RegistrySpec,
    ShadowSpec,
    SloSpec,
    TimeSlicing,
    TrainingSpec,
    WormSpec,
)

aws = AwsTarget(
    account_id="123456789012",
    region="us-east-1",
    people={
        "data-scientist": ("arn:aws:iam::123456789012:role/sso-data-scientist",),
        "ml-engineer": ("arn:aws:iam::123456789012:role/sso-ml-engineer",),
        "operator": ("arn:aws:iam::123456789012:role/sso-operator",),
    },
)
gcp = GcpTarget(
    project="acme-ml-dev",
    project_number="123456789012",
    region="us-central1",
    billing_account="012345-6789AB-CDEF01",
    security_group="gke-security-groups@acme.example",
    people={
        "data-scientist": ("ml-scientists@acme.example",),
        "ml-engineer": ("ml-engineers@acme.example",),
        "operator": ("ml-operators@acme.example",),
    },
)
azure = AzureTarget(
    subscription_id="00000000-1111-4222-8333-444444444444",
    tenant_id="55555555-6666-4777-8888-999999999999",
    location="westus3",  # one of the few with serverless GPUs, which an endpoint that sleeps needs
    people={
        "data-scientist": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee1",),
        "ml-engineer": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee2",),
        "operator": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee4",),
    },
)

# T4 is offered on all three clouds, L4 not on Azure: the pool takes the first that its cloud and region offer
vision = GpuPoolSpec(name="vision", accelerator=("L4:1", "T4:1"), max_nodes=4, sharing=TimeSlicing(clients=4))
finetune = GpuPoolSpec(name="finetune", accelerator="A100-80GB:8", max_nodes=1, capacity="spot", local_nvme=True)

# data preparation, heads of Ray clusters, notebooks
general = CpuPoolSpec(name="general", vcpus=8, memory_gib=32, max_nodes=4)

fraud_scorer = EndpointSpec(
    name="fraud-scorer",
    server="triton",
    model="fraud/7",
    shadow=ShadowSpec(model="fraud/8", sample_percent=50),
    rollout=CanaryRollout(steps=(10,), bake_minutes=15),
    replicas=(1, 4),
    capture_percent=10,
    slo=SloSpec(availability_percent=99.9, latency_ms=200),
)
vision_tagger = EndpointSpec(
    name="vision-tagger", server="vllm", model="tagger/3", accelerator=("L4:1", "T4:1"), replicas=(0, 2)
)
fraud_explainer = EndpointSpec(name="fraud-explainer", server="mlflow", replicas=(1, 2))  # waits for its first model

platform = PlatformSpec(
    name="acme-ml",
    environment="dev",
    owner="ml-platform",
    cost_center="4711",
    data_class="internal",
    targets=(aws, gcp, azure),
    # the ids are those of the repository that you made: gh api repos/OWNER/REPOSITORY --jq '.owner.id, .id'
    access=AccessSpec(
        ci=CiSpec(repository="acme/ml-platform", owner_id="123456", repository_id="456789", branch="main")
    ),
    artifact_store=ArtifactStoreSpec(
        data=PlaceSpec(),
        features=PlaceSpec(retention="long-term"),
        models=PlaceSpec(),
        pipelines=PlaceSpec(retention="ephemeral"),
        monitoring=PlaceSpec(worm=WormSpec(days=7)),
    ),
    training=TrainingSpec(pools=(vision, finetune)),
    cluster=ClusterSpec(),
    registry=RegistrySpec(models=("fraud", "tagger"), pull_through=("docker.io",)),
    endpoints=(fraud_scorer, vision_tagger, fraud_explainer),
    monitoring=MonitoringSpec(routes=(EmailRoute("ml-dev@acme.example"),)),
    budget=BudgetSpec(monthly_usd=8_000),
)
