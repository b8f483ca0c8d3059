"""Service accounts that CI impersonates by workload identity federation. Imports no SDK."""

from __future__ import annotations

import json

from mlplatform.backends.gcp.naming import ACCOUNT, POOL, lasting_name
from mlplatform.backends.gcp.repositories import repository_addresses
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.ci_login import DOCUMENT, TOKEN, CiLogin, CiSystem, Duty
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, duty: Duty, system: CiSystem) -> CiLogin:
    """The service account of one duty, from a spec narrowed to GCP.

    https://docs.cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines
    """
    target = target_of(spec, GcpTarget)
    named = target.existing.identities if target.existing else None
    existing = named.ci if named and duty == "images" and system.own else None
    # the platform makes no pool for an existing account, so that of the deployments is used
    own = duty == "images" and system.own and existing is None
    account = existing or (
        f"{physical_name(spec, 'ci' if own else duty, ACCOUNT)}@{target.project}.iam.gserviceaccount.com"
    )
    # deployments have their own pool: the platform's pool is destroyed with the platform
    pool = lasting_name(spec, target, "ci", POOL) if own else physical_name(spec, "deploy", POOL)
    provider = (
        f"//iam.googleapis.com/projects/{target.project_number}/locations/global/"
        f"workloadIdentityPools/{pool}/providers/{system.name}"
    )
    repositories = repository_addresses(spec)
    hosts = dict.fromkeys(address.partition("/")[0] for address in repositories.values())
    login = "gcloud auth print-access-token | docker login -u oauth2accesstoken --password-stdin"
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
        # a repository of Artifact Registry holds named images, and the first part of a path names the repository
        images={name: f"{address}/{name}" for name, address in repositories.items()},
        registry_login=" && ".join(
            (
                'gcloud auth login --quiet --cred-file="$GOOGLE_APPLICATION_CREDENTIALS"',
                *(f"{login} https://{host}" for host in hosts),
            )
        ),
    )
