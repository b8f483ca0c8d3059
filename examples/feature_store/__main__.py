"""A program of your own with features online, the job that fills them, and an identity that looks them up."""

import pulumi

from mlplatform import (
    ArtifactStore,
    ArtifactStoreSpec,
    AwsTarget,
    Context,
    EntitySpec,
    FeatureField,
    FeatureFill,
    FeatureFillSpec,
    FeatureGroupSpec,
    FeatureStore,
    FeatureStoreSpec,
    Identity,
    ModelRegistry,
    PlatformSpec,
    RegistrySpec,
)

features = FeatureStoreSpec(
    entities=(EntitySpec(name="customer", key="customer_id"),),
    groups=(
        FeatureGroupSpec(
            name="customer_spend",
            entities=("customer",),
            created="written_at",
            ttl_hours=720,
            online=True,
            features=(
                FeatureField(name="amount_7d", type="float64"),
                FeatureField(name="payments_7d", type="int64"),
            ),
        ),
    ),
    fill=FeatureFillSpec(image="features:fill-1", every_hours=1),
)
spec = PlatformSpec(
    name="acme",
    environment="dev",
    owner="data-team",
    cost_center="4711",
    registry=RegistrySpec(repositories=("features",)),
    feature_store=features,
    targets=(AwsTarget(account_id="123456789012", region="us-east-1"),),
)
context = Context(spec)
store = ArtifactStore("acme-store", ArtifactStoreSpec(), context)
models = ModelRegistry("acme-models", spec.registry, context, store=store, images=context.images)
online = FeatureStore("acme-features", features, context)
FeatureFill("acme-fill", online, context, store=store, models=models)

server = Identity("acme-server", "serving", context)
online.grant_read(server)

pulumi.export("tables", store.uris["features"])
pulumi.export("server", server.principal)
