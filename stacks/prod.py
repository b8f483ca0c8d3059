"""Production: three zones, protection, large pools, roles of people and every kind of route."""

from base import aws, azure, finetune, fraud_explainer, fraud_scorer, gcp, general, vision, vision_tagger
from base import platform as base
from mlplatform import (
    ArtifactStoreSpec,
    BudgetSpec,
    CaptureRedactionSpec,
    ClusterSpec,
    CpuPoolSpec,
    EmailRoute,
    EndpointSpec,
    EntitySpec,
    FeatureField,
    FeatureFillSpec,
    FeatureGroupSpec,
    FeatureServiceSpec,
    FeatureStoreSpec,
    GpuPoolSpec,
    LoginSpec,
    ModelMonitorSpec,
    MonitoringSpec,
    MonitorInput,
    MonitorLabelsSpec,
    MonitorMetric,
    MountSpec,
    NotebooksSpec,
    PagerDutyRoute,
    PlaceSpec,
    PoolOverride,
    Reservation,
    ReservationBinding,
    SlackRoute,
    TeamSpec,
    TrackingSpec,
    TrainingSpec,
    WebhookRoute,
    WormSpec,
)
from retraining import fraud_retrain

platform = base.overlay(
    environment="prod",
    data_class="confidential",
    targets=(
        aws.overlay(
            account_id="345678901234",
            reservations={"h100-q4": ReservationBinding(id="cr-0123456789abcdef0", zone="us-east-1a")},
            replica_region="us-west-2",
            people={
                "data-scientist": ("arn:aws:iam::345678901234:role/sso-data-scientist",),
                "ml-engineer": ("arn:aws:iam::345678901234:role/sso-ml-engineer",),
                "operator": ("arn:aws:iam::345678901234:role/sso-operator",),
                "data-engineer": ("arn:aws:iam::345678901234:role/sso-data-engineer",),
                "auditor": ("arn:aws:iam::345678901234:role/sso-auditor",),
                "domain-expert": ("arn:aws:iam::345678901234:role/sso-fraud-analyst",),
            },
            members={
                "fraud": ("arn:aws:iam::345678901234:role/sso-fraud",),
                "vision": ("arn:aws:iam::345678901234:role/sso-vision",),
            },
        ),
        gcp.overlay(
            project="acme-ml-prod",
            project_number="345678901234",
            reservations={"h100-q4": ReservationBinding(id="h100-q4", zone="us-central1-a")},
            replica_region="us-east4",
            people={
                **gcp.people,
                "data-engineer": ("ml-data-engineers@acme.example",),
                "auditor": ("auditors@acme.example",),
                "domain-expert": ("fraud-analysts@acme.example",),
            },
            members={"fraud": ("ml-fraud@acme.example",), "vision": ("ml-vision@acme.example",)},
        ),
        azure.overlay(
            subscription_id="22222222-3333-4444-8555-666666666666",
            # Azure reserves no ND machines on demand: the pool gets only what the quota allows
            pools={"reserved": PoolOverride(capacity="on-demand")},
            replica_region="eastus",
            people={
                **azure.people,
                "data-engineer": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee7",),
                "auditor": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee3",),
                "domain-expert": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee8",),
            },
            members={
                "fraud": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee5",),
                "vision": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee6",),
            },
        ),
    ),
    artifact_store=ArtifactStoreSpec(
        data=PlaceSpec(retention="long-term"),
        features=PlaceSpec(retention="long-term"),
        pipelines=PlaceSpec(retention="ephemeral"),
        monitoring=PlaceSpec(worm=WormSpec(days=365)),
    ),
    training=TrainingSpec(
        pools=(
            vision.overlay(max_nodes=8),
            GpuPoolSpec(name="batch", accelerator="T4:1", max_nodes=16, capacity="spot"),
            finetune.overlay(max_nodes=4),
            GpuPoolSpec(name="pretrain", accelerator="H100:8", max_nodes=16, fabric=True, disk_gib=500),
            GpuPoolSpec(
                name="reserved", accelerator="H100:8", max_nodes=4, capacity=Reservation(name="h100-q4", count=4)
            ),
        ),
        cpu_pools=(general, CpuPoolSpec(name="serving", vcpus=4, memory_gib=16, min_nodes=2, max_nodes=4)),
    ),
    cluster=ClusterSpec(
        addons=("argo-workflows", "cert-manager"),
        notebooks=NotebooksSpec(
            login=LoginSpec(
                client_id="notebooks",
                authorize_url="https://login.acme.example/oauth2/authorize",
                token_url="https://login.acme.example/oauth2/token",
                groups=("data-science",),
            ),
            pools=("general",),
        ),
        teams=(
            # devices as pods ask for them; what no team has is left to the namespace of the platform itself
            TeamSpec("fraud", quota={"pretrain": 64, "reserved": 32, "batch": 8}, lend={"reserved": 0}, weight=2),
            TeamSpec("vision", quota={"vision": 24, "finetune": 16, "batch": 0}, borrow={"batch": 8}),
        ),
        mounts=(MountSpec(place="data"), MountSpec(place="features")),
    ),
    endpoints=(
        fraud_scorer.overlay(
            replicas=(3, 20),
            monitor=ModelMonitorSpec(
                task="classification",
                inputs=(
                    MonitorInput(name="amount"),
                    MonitorInput(name="age_days"),
                    MonitorInput(name="country", kind="category"),
                    MonitorInput(name="channel", kind="category"),
                ),
                reference="fraud/reference",
                # callers send the features that they looked up, beside the customer's id
                features="fraud_scorer",
                # a claim is settled within a week
                labels=MonitorLabelsSpec(path="labels/fraud", days=7),
                metrics=(MonitorMetric(metric="recall", at_least=0.6), MonitorMetric(metric="auc")),
                slices=("country",),
                severity="critical",
                retrain=("fraud-retrain-aws", "fraud-retrain-gcp", "fraud-retrain-azure"),
            ),
        ),
        vision_tagger.overlay(replicas=(0, 6)),
        fraud_explainer.overlay(replicas=(2, 4)),
        # the platform's router captures alike on each cloud, and nothing of the people at the line is stored
        EndpointSpec(
            name="vision-inspector",
            server="triton",
            model="inspector/2",
            on="cluster",
            pool="serving",
            replicas=(2, 2),
            capture_percent=10,
            redact=CaptureRedactionSpec(fields=("worker", "badge"), kinds=("email",)),
            monitor=ModelMonitorSpec(
                task="classification",
                image="docker.io/acme/ml-programs:1",
                inputs=(
                    MonitorInput(name="brightness"),
                    MonitorInput(name="sharpness"),
                    MonitorInput(name="texture"),
                    MonitorInput(name="camera", kind="category"),
                ),
                reference="inspector/reference",
                # people look at a sample of the parts within two days
                labels=MonitorLabelsSpec(path="labels/inspector", days=2),
                metrics=(MonitorMetric(metric="recall", at_least=0.8),),
                slices=("camera",),
            ),
        ),
    ),
    registry=base.registry.overlay(models=("fraud", "tagger", "inspector")),
    # a model is trained in one place: each target has a pipeline of its own
    pipelines=(
        fraud_retrain("aws", "345678901234.dkr.ecr.us-east-1.amazonaws.com/acme-ml-prod/training"),
        fraud_retrain("gcp", "us-central1-docker.pkg.dev/acme-ml-prod/acme-ml-prod-training/fraud"),
        fraud_retrain("azure", "acmemlprodimages8130ae.azurecr.io/training"),
    ),
    feature_store=FeatureStoreSpec(
        entities=(EntitySpec(name="customer", key="customer_id"),),
        groups=(
            FeatureGroupSpec(
                name="customer_spend",
                entities=("customer",),
                created="written_at",
                online=True,
                # spending of more than a month ago says nothing of a claim
                ttl_hours=720,
                features=(
                    FeatureField(name="amount_7d", type="float64"),
                    FeatureField(name="payments_7d", type="int64"),
                    FeatureField(name="country", type="string"),
                ),
            ),
        ),
        services=(FeatureServiceSpec(name="fraud_scorer", features=("customer_spend",), teams=("fraud",)),),
        fill=FeatureFillSpec(image="training:fill-1"),
    ),
    tracking=TrackingSpec(on="gcp"),
    monitoring=MonitoringSpec(
        grafana=True,
        routes=(
            EmailRoute("ml-oncall@acme.example"),
            SlackRoute(channel="#ml-alerts", channel_id="C0123456789", team_id="T0123456789"),
            PagerDutyRoute(severities=("critical",)),
            WebhookRoute(name="incidents", url_secret="incidents-url"),
        ),
    ),
    budget=BudgetSpec(monthly_usd=600_000, alert_percent=(50, 80, 100)),
)
