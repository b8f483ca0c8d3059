"""Workloads cannot reach the credentials of the node they run on."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_one_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_HOPS = "metadataOptions.httpPutResponseHopLimit"


def _one_hop(template: Resource) -> list[CheckFault]:
    if template.number(_HOPS, 1) > 1:
        return [CheckFault("Containers reach the machine's metadata, one hop away.", _HOPS)]
    return []


RULE = CheckRule(
    id="node-metadata",
    level="high",
    topic="nodes",
    title="Workloads cannot reach their node's credentials",
    why="A pod that reaches the metadata server acts with the node's permissions, not with its own.",
    fix="Require IMDSv2 with one hop, or GKE's metadata server.",
    entries=(
        Entry(
            ("aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"),
            both(is_one_of("metadataOptions.httpTokens", ("required",), "IMDSv1 is allowed"), _one_hop),
            refs=("CIS AWS 5.0 5.7", "AWS FSBP EC2.8"),
            link="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
        ),
        Entry(
            ("aws:sagemaker/notebookInstance:NotebookInstance",),
            is_one_of(
                "instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion",
                ("2",),
                "IMDSv1 is allowed",
            ),
            link="https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-imds.html",
        ),
        Entry(
            ("gcp:container/nodePool:NodePool",),
            is_one_of(
                "nodeConfig.workloadMetadataConfig.mode",
                ("GKE_METADATA",),
                "Pods reach the machine's metadata and its service account",
            ),
            refs=("CIS GKE 1.9 5.4.1",),
            link="https://cloud.google.com/kubernetes-engine/docs/how-to/protecting-cluster-metadata",
        ),
    ),
)
