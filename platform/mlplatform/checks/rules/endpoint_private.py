"""Model endpoints are reachable only inside the network."""

from __future__ import annotations

from mlplatform.checks.predicates import is_false, is_one_of, is_set, is_true
from mlplatform.checks.rule import CheckRule, Entry

_REASON = "It accepts requests from the internet"

RULE = CheckRule(
    id="endpoint-private",
    level="high",
    topic="public access",
    title="Model endpoints are reachable only inside the network",
    why="Models are costly to run, and with enough requests they can be copied.",
    fix="Keep the endpoint in the network; where outsiders need it, put a gateway with authentication in front of it.",
    entries=(
        Entry(
            ("aws:sagemaker/model:Model",),
            is_set("vpcConfig", "The model's containers are outside the platform's network."),
            refs=("AWS FSBP SageMaker.5",),
            link="https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html",
        ),
        Entry(
            ("gcp:cloudrunv2/service:Service",),
            is_one_of(
                "ingress",
                ("INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"),
                _REASON,
            ),
            link="https://cloud.google.com/run/docs/securing/ingress",
            # Identity-Aware Proxy asks who comes before the service sees a request
            when=lambda service: not service.true("iapEnabled"),
        ),
        Entry(
            ("gcp:vertex/aiEndpoint:AiEndpoint",),
            is_true("privateServiceConnectConfig.enablePrivateServiceConnect", f"{_REASON}."),
            link="https://docs.cloud.google.com/vertex-ai/docs/predictions/choose-endpoint-type",
            # peered with one network
            when=lambda endpoint: not endpoint.has("network"),
        ),
        Entry(
            ("azure-native:machinelearningservices:OnlineEndpoint",),
            is_one_of("properties.publicNetworkAccess", ("Disabled",), _REASON),
            refs=("MCSB NS-2",),
            link="https://learn.microsoft.com/azure/machine-learning/concept-secure-online-endpoint",
        ),
        Entry(
            ("azure-native:app:ManagedEnvironment",),
            is_true("vnetConfiguration.internal", "Its apps can be reached from the internet."),
            refs=("MCSB NS-2",),
            link="https://learn.microsoft.com/azure/container-apps/networking",
        ),
        Entry(
            ("azure-native:app:ContainerApp",),
            is_false("configuration.ingress.allowInsecure", "It accepts requests without TLS."),
            refs=("MCSB DP-3",),
            link="https://learn.microsoft.com/azure/container-apps/ingress-overview",
        ),
    ),
)
