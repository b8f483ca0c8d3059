"""A program of your own that uses one component: versioned, encrypted, private places, and a reader of them."""

import pulumi

from mlplatform import ArtifactStore, ArtifactStoreSpec, AwsTarget, Context, Identity, PlaceSpec, PlatformSpec, WormSpec

# names, tags and the account come from here; keys and log settings are created on first use
context = Context(
    PlatformSpec(
        name="acme",
        environment="dev",
        owner="data-team",
        cost_center="4711",
        targets=(AwsTarget(account_id="123456789012", region="us-east-1"),),
    )
)

store = ArtifactStore(
    "acme-store",
    ArtifactStoreSpec(data=PlaceSpec(worm=WormSpec(days=30)), pipelines=PlaceSpec(retention="ephemeral")),
    context,
)
trainer = Identity("acme-trainer", "pipelines", context)
store.grant_read(trainer, "data", "features")
store.grant_write(trainer, "models")

pulumi.export("uris", dict(store.uris))
pulumi.export("trainer", trainer.principal)
