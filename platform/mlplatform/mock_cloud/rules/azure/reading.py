"""What Azure's provider reads back otherwise than the program wrote it."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.azure.tokens import CLUSTER, LEARN
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.mock_cloud.rules.reading import ReadBackRule

READ_BACK = (
    ReadBackRule(
        CLUSTER,
        "agentPoolProfiles",
        {"enableFIPS": False, "kubeletDiskType": "OS", "scaleDownMode": "Delete"},
        "https://github.com/pulumi/pulumi-azure-native/issues/1298",
        CloudError(
            "BadRequest",
            "A new agent pool was introduced. Adding agent pools to an existing cluster is not allowed through managed "
            "cluster operations. For agent pool specific change, please use per agent pool operations: {user}",
            "https://github.com/pulumi/pulumi-azure-native/issues/2719",
            "write the pool by itself, and refresh before every update (`options: refresh: always` in Pulumi.yaml)",
        ),
    ),
    ReadBackRule(
        "azure-native:dbforpostgresql:Server",
        "storage",
        {"iops": 120, "tier": "P4", "type": "Premium_LRS"},
        LEARN + "postgresql/flexible-server/concepts-storage",
    ),
)
