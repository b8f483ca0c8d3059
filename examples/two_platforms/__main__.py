"""Two platforms in one stack: every name, in Pulumi and in the cloud, begins with its platform's."""

import pulumi

from mlplatform import AwsTarget, EndpointSpec, Platform, PlatformSpec, RegistrySpec

base = PlatformSpec(
    name="search",
    environment="dev",
    owner="search-team",
    cost_center="4711",
    targets=(AwsTarget(account_id="123456789012", region="us-east-1"),),
    registry=RegistrySpec(models=("ranker",)),
    endpoints=(EndpointSpec(name="ranker", model="ranker/1"),),
)

search = Platform(base)
ads = Platform(base.overlay(name="ads", owner="ads-team"))

for platform in (search, ads):
    pulumi.export(platform.context.prefix, {"store": dict(platform.store.uris), "network": platform.network.network_id})
