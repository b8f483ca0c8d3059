"""Who may log in: trust of roles, federated credentials and workload identity pools."""

from __future__ import annotations

from .edit import Edit

EDITS = (
    Edit("another owner in the tags", "aws", "iam/role:Role", "tags.owner", "risk-team", None),
    Edit("another name to show", "gcp", "WorkloadIdentityPool", "displayName", "pool of CI", None),
    Edit("another owner in the tags", "azure", "Vault", "tags.owner", "risk-team", None),
)
