"""How a CI system names one branch of one repository in its tokens. Imports no SDK."""

from __future__ import annotations

from mlplatform.spec.access import CiSpec

LONGEST = 127
"""Bytes of a subject, https://docs.cloud.google.com/iam/docs/workload-identity-federation#mapping"""


def subject(ci: CiSpec) -> str:
    """The token's `sub` claim."""
    if ci.system == "github":
        return f"repo:{ci.repository}:ref:refs/heads/{ci.branch}"
    return f"project_path:{ci.repository}:ref_type:branch:ref:{ci.branch}"
