"""Models and jobs reach the platform's services and nothing else."""

from __future__ import annotations

from mlplatform.checks.predicates import is_one_of, is_true
from mlplatform.checks.rule import CheckRule, Entry

RULE = CheckRule(
    id="workload-egress",
    level="medium",
    topic="network",
    title="Models and jobs send traffic only through the network",
    why="A third-party model is third-party code: it must not send data out.",
    fix="Isolate the container, or send all its traffic through the network.",
    entries=(
        Entry(
            ("aws:sagemaker/model:Model",),
            is_true("enableNetworkIsolation", "The model's containers may open connections."),
            refs=("AWS FSBP SageMaker.5",),
            link="https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html",
            # isolated containers could read no model at run time
            when=lambda model: not model.has("vpcConfig"),
        ),
        Entry(
            ("gcp:cloudrunv2/service:Service",),
            is_one_of("template.vpcAccess.egress", ("ALL_TRAFFIC",), "Traffic bypasses the platform's network"),
            link="https://cloud.google.com/run/docs/configuring/vpc-direct-vpc",
            # what people open through Identity-Aware Proxy is a tool of theirs, not a model
            when=lambda service: not service.true("iapEnabled"),
        ),
        Entry(
            ("azure-native:machinelearningservices:Workspace",),
            is_one_of(
                "managedNetwork.isolationMode",
                ("AllowOnlyApprovedOutbound",),
                "Jobs and endpoints of the workspace may reach the internet",
            ),
            refs=("MCSB NS-2",),
            link="https://learn.microsoft.com/azure/machine-learning/how-to-managed-network",
        ),
    ),
)
