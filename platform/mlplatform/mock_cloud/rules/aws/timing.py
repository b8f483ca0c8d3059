"""How long changes take on AWS, and what is in effect only some time after its creation."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.aws.tokens import CLUSTER, ENDPOINT, LUSTRE, MODEL, NAT, NODES, REF, ROLE
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.mock_cloud.rules.timing import DurationRule, EffectRule, PropagationRule

_EARLY_ROLE = CloudError(
    "ValidationException",
    "Could not access model data with the role of {name}: please ensure that the role exists and that its policies "
    "allow the actions ({user}).",
    REF + "IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency",
)


# the provider waits two minutes for a new role wherever a service must assume it
PROPAGATION = (
    PropagationRule(
        ROLE,
        10,
        (),
        True,
        CloudError(
            "InvalidParameterException",
            "The role cannot be assumed: {id}",
            REF + "IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency",
        ),
    ),
)

_EARLY_WORKERS = CloudError(
    "ValidationException",
    "Unable to determine if bucket has blocked public access: the execution role of {name} lacks a right ({user}).",
    REF + "mwaa/latest/userguide/t-create-update-environment.html",
)

EFFECTS = tuple(
    EffectRule("aws:iam/rolePolicy:RolePolicy", ("name", ".*"), (user,), error, to="role")
    for user, error in ((MODEL, _EARLY_ROLE), ("aws:mwaa/environment:Environment", _EARLY_WORKERS))
)

DURATIONS = (
    DurationRule(
        CLUSTER,
        900,
        600,
        "https://easontechtalk.com/unofficial-eks-cluster-creation-performance-across-aws-regions",
    ),
    DurationRule(LUSTRE, 600, 300, REF + "fsx/latest/LustreGuide/getting-started.html"),
    DurationRule(NODES, 180, 300, REF + "eks/latest/userguide/create-managed-node-group.html"),
    DurationRule(
        "aws:sagemaker/endpoint:Endpoint",
        480,
        30,
        REF + "sagemaker/latest/dg/realtime-endpoints-deploy-models.html",
    ),
    DurationRule(NAT, 120, 60, REF + "vpc/latest/userguide/nat-gateway-working-with.html"),
    DurationRule(ENDPOINT, 90, 60, REF + "vpc/latest/privatelink/create-interface-endpoint.html"),
    DurationRule("aws:amp/scraper:Scraper", 1200, 600, REF + "prometheus/latest/userguide/AMP-collector-how-to.html"),
    DurationRule("aws:eks/addon:Addon", 60, 30, REF + "eks/latest/userguide/creating-an-add-on.html"),
    DurationRule(
        "aws:grafana/workspace:Workspace", 180, 60, REF + "grafana/latest/userguide/AMG-create-workspace.html"
    ),
)
