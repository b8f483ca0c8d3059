"""The cloud, what is inside its cluster, and the teams: the stack's configuration says which of the three."""

import pulumi
from platform_spec import spec

from mlplatform import ClusterLayer, Platform, Teams

config = pulumi.Config()
cloud_stack = config.get("cloudStack") or "dev"

match config.get("layer") or "cloud":
    case "cloud":
        pulumi.export("layer", Platform(spec).layer)
    case "cluster":
        ClusterLayer(spec, cloud_stack=cloud_stack, teams=False)
    case "teams":
        Teams(spec, cloud_stack=cloud_stack)
    case other:
        raise ValueError(f"layer: got {other}, expected cloud, cluster or teams")
