"""Types whose names the provider requires."""

from __future__ import annotations

ALWAYS_NAMED = frozenset(
    {
        "gcp:artifactregistry/repository:Repository",
        "gcp:bigquery/dataset:Dataset",
        "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
        "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
        "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        "gcp:lustre/instance:Instance",
    }
)
"""Types whose name the provider requires, by its SDK."""
