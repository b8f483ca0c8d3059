"""The platform, which all of the program's stacks are made from."""

from mlplatform import AwsTarget, ClusterSpec, GpuPoolSpec, PlatformSpec, TeamSpec, TrainingSpec

spec = PlatformSpec(
    name="acme",
    environment="dev",
    owner="data-team",
    cost_center="4711",
    targets=(
        AwsTarget(
            account_id="123456789012",
            region="us-east-1",
            members={"fraud": ("arn:aws:iam::123456789012:role/sso-fraud",)},
        ),
    ),
    training=TrainingSpec(pools=(GpuPoolSpec(name="l4", accelerator="L4:1", max_nodes=8),)),
    cluster=ClusterSpec(
        teams=(
            TeamSpec("fraud", quota={"l4": 4}),
            TeamSpec("vision", quota={"l4": 2}, borrow={"l4": 2}),
        )
    ),
)
