"""Service accounts that CI impersonates by workload identity federation. Imports no SDK."""

from __future__ import annotations

import json

from mlplatform.backends.gcp.naming import ACCOUNT, COMPUTE, POOL, lasting, physical
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.ci_login import DOCUMENT, TOKEN, CiLogin, CiSystem, Duty
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, duty: Duty, system: CiSystem) -> CiLogin:
    """The service account of one duty, from a spec narrowed to GCP.

    https://docs.cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines
    """
    target = spec.targets[0]
    if not isinstance(target, GcpTarget):
        raise TypeError(f"expected a GcpTarget, got {type(target).__name__}")
    own = duty == "images" and system.own
    account = f"{physical(spec, 'ci' if own else duty, ACCOUNT)}@{target.project}.iam.gserviceaccount.com"
    # a pool of its own for who deploys: the platform's goes with the platform
    pool = lasting(spec, target, "ci", POOL) if own else physical(spec, "deploy", POOL)
    provider = (
        f"//iam.googleapis.com/projects/{target.project_number}/locations/global/"
        f"workloadIdentityPools/{pool}/providers/{system.name}"
    )
    host = f"{target.region}-docker.pkg.dev"
    return CiLogin(
        identity=account,
        audience=f"https:{provider}",
        environment={"GOOGLE_APPLICATION_CREDENTIALS": DOCUMENT, "CLOUDSDK_CORE_PROJECT": target.project},
        document=json.dumps(
            {
                "type": "external_account",
                "audience": provider,
                "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                "token_url": "https://sts.googleapis.com/v1/token",
                "service_account_impersonation_url": "https://iamcredentials.googleapis.com/v1/projects/-/"
                f"serviceAccounts/{account}:generateAccessToken",
                "credential_source": {"file": TOKEN},
            }
        ),
        # a repository of Artifact Registry holds images by name, and the first part is the repository's
        images={
            name: f"{host}/{target.project}/{physical(spec, name, COMPUTE)}/{name}"
            for name in spec.registry.repositories
        },
        registry_login='gcloud auth login --quiet --cred-file="$GOOGLE_APPLICATION_CREDENTIALS"'
        f" && gcloud auth print-access-token | docker login -u oauth2accesstoken --password-stdin https://{host}",
    )
