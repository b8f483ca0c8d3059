"""Endpoints encrypt models and requests with a customer-managed key."""

from __future__ import annotations

import re

from mlplatform.checks.predicates import own_key
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckRule, Entry

_REASON = "Its models and requests are encrypted with the cloud's key."
NVME = re.compile(
    r"^ml\.(g4dn|g5|g6e?|gr6f?|g7e?|p3dn|p4de?|p5|p5en?|p6[a-z0-9-]*|trn\d[a-z]*|[a-z]\d[a-z-]*d[a-z]*)\."
)
"""Machines with local NVMe, which encrypt it in hardware and refuse a key."""


def _takes_a_key(config: Resource) -> bool:
    machines = config.texts("productionVariants[].instanceType")
    return any(not NVME.match(machine) for machine in machines)


RULE = CheckRule(
    id="serving-encryption",
    level="medium",
    topic="encryption",
    title="Endpoints encrypt models and requests with customer-managed keys",
    why="Weights and captured requests are stored on the endpoint's disks.",
    fix="Encrypt it with one of the platform's keys.",
    entries=(
        Entry(
            ("aws:sagemaker/endpointConfiguration:EndpointConfiguration",),
            own_key("kmsKeyArn", _REASON),
            link="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html",
            when=_takes_a_key,
        ),
        Entry(
            ("gcp:cloudrunv2/service:Service",),
            own_key("template.encryptionKey", _REASON),
            link="https://cloud.google.com/run/docs/securing/using-cmek",
        ),
        Entry(
            ("gcp:cloudrunv2/job:Job",),
            own_key("template.template.encryptionKey", _REASON),
            link="https://cloud.google.com/run/docs/securing/using-cmek",
        ),
        Entry(
            ("gcp:vertex/aiEndpoint:AiEndpoint",),
            own_key("encryptionSpec.kmsKeyName", _REASON),
            link="https://cloud.google.com/vertex-ai/docs/general/cmek",
        ),
        Entry(
            ("azure-native:machinelearningservices:Workspace",),
            own_key("encryption.keyVaultProperties.keyIdentifier", _REASON),
            refs=("MCSB DP-5",),
            link="https://learn.microsoft.com/azure/machine-learning/concept-customer-managed-keys",
        ),
        Entry(
            ("azure-native:cognitiveservices:Account",),
            own_key("properties.encryption.keyVaultProperties.keyName", _REASON),
            refs=("MCSB DP-5",),
            link="https://learn.microsoft.com/azure/ai-services/encryption/cognitive-services-encryption-keys-portal",
        ),
    ),
)
