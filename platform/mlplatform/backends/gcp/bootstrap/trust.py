"""Who may act as the two accounts: the jobs of the CI system."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import POOL
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.spec.access import CiSpec
from mlplatform.spec.platform import PlatformSpec


def trust_settings(spec: PlatformSpec, target: GcpTarget, ci: CiSpec) -> dict[str, object]:
    """The pool of identities, its provider, and the members that may act as the account of each duty."""
    pool = physical_name(spec, "deploy", POOL)
    subject = (
        f"principal://iam.googleapis.com/projects/{target.project_number}/locations/global/workloadIdentityPools/{pool}"
    )
    members = {
        "deploy": [f"{subject}/subject/{ci.deploy_subject(spec.environment)}"],
        "preview": [f"{subject}/subject/{each}" for each in ci.preview_subjects],
    }
    claim = "repository" if ci.system == "github" else "project_path"
    owner = [] if ci.repository_id is None else [f"assertion.repository_id == '{ci.repository_id}'"]
    return {
        "pool": pool,
        "provider": ci.system,
        "issuer": ci.issuer,
        "mapping": {"google.subject": "assertion.sub", "attribute.repository": f"assertion.{claim}"},
        "condition": " && ".join([f"assertion.{claim} == '{ci.repository}'", *owner]),
        "members": members,
    }
