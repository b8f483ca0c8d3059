"""The commands of the bootstrap, for a person with the Google Cloud command line."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.bootstrap.policies import BUDGET_ROLE, role_id
from mlplatform.backends.gcp.bootstrap.record_rights import COPY_ROLE
from mlplatform.backends.gcp.bootstrap.trust import trust_settings
from mlplatform.backends.gcp.naming import ACCOUNT
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.bootstrap import BootstrapStep
from mlplatform.components.names import physical_name
from mlplatform.spec.platform import PlatformSpec

FIRST_SERVICES = (
    "serviceusage",
    "cloudresourcemanager",
    "iam",
    "iamcredentials",
    "sts",
    "cloudkms",
    "storage",
    "cloudbilling",
)
"""APIs that the first `up` calls before it can enable any, and those of the bootstrap itself."""


def bootstrap_steps(spec: PlatformSpec, target: GcpTarget, values: dict[str, object]) -> Iterator[BootstrapStep]:
    """The commands, in their order."""
    project = f"--project={target.project}"
    names = ("deploy", "preview")
    accounts = {
        duty: f"{physical_name(spec, duty, ACCOUNT)}@{target.project}.iam.gserviceaccount.com" for duty in names
    }
    yield BootstrapStep(
        title="Services",
        why="no service can be enabled, and no project read, before the first two are",
        commands=(f"gcloud services enable {' '.join(f'{name}.googleapis.com' for name in FIRST_SERVICES)} {project}",),
    )
    bucket, ring = values["bucket"], values["key_ring"]
    keys = f"--keyring={ring} --location={target.region} {project}"
    if values["make_state"]:
        yield BootstrapStep(
            title="State and its key",
            why="Pulumi's state holds the stack's secrets, encrypted, and every version of itself",
            commands=(
                f"gcloud kms keyrings describe {ring} --location={target.region} {project} >/dev/null 2>&1 || "
                f"gcloud kms keyrings create {ring} --location={target.region} {project}",
                f"gcloud kms keys describe state {keys} >/dev/null 2>&1 || gcloud kms keys create "
                "state --purpose=encryption "
                f"--rotation-period=90d --next-rotation-time=\"$(date -u -d '+90 days' +%Y-%m-%dT%H:%M:%SZ)\" {keys}",
                f"gcloud storage buckets describe gs://{bucket} >/dev/null 2>&1 || gcloud storage "
                f"buckets create gs://{bucket} "
                f"--location={target.region} --uniform-bucket-level-access --public-access-prevention {project}",
                f"gcloud storage buckets update gs://{bucket} --versioning --soft-delete-duration=30d",
            ),
        )
    for duty in (*names, "grant"):
        role = role_id(spec, duty)
        yield BootstrapStep(
            title=f"Role {role}",
            why={"deploy": "runs `up`", "preview": "runs `preview`: it reads, and changes nothing"}.get(
                duty, "grants on the project; a role of its own, because only its binding has a condition"
            ),
            commands=(
                f"gcloud iam roles describe {role} {project} >/dev/null 2>&1 && gcloud iam roles "
                f"update {role} {project} "
                f"--file={duty}-role.json --quiet || gcloud iam roles create {role} {project} "
                f"--file={duty}-role.json --quiet",
            ),
        )
    commands: list[str] = []
    for duty, account in accounts.items():
        member = f"--member=serviceAccount:{account}"
        commands += [
            f"gcloud iam service-accounts describe {account} {project} >/dev/null 2>&1 || "
            f"gcloud iam service-accounts create {account.partition('@')[0]} {project}",
            f"gcloud projects add-iam-policy-binding {target.project} {member} --condition=None "
            f"--role=projects/{target.project}/roles/{role_id(spec, duty)} >/dev/null",
            f"gcloud storage buckets add-iam-policy-binding gs://{bucket} {member} "
            f"--role=roles/storage.{'objectUser' if duty == 'deploy' else 'objectViewer'} >/dev/null",
        ]
        if values["make_state"]:
            commands.append(
                f"gcloud kms keys add-iam-policy-binding state {keys} {member} "
                f"--role=roles/cloudkms.cryptoKey{'EncrypterDecrypter' if duty == 'deploy' else 'Decrypter'} >/dev/null"
            )
    commands.append(
        f"gcloud projects add-iam-policy-binding {target.project} --member=serviceAccount:{accounts['deploy']} "
        f"--role=projects/{target.project}/roles/{role_id(spec, 'grant')} "
        "--condition-from-file=grant-condition.json >/dev/null"
    )
    if values["record_condition"]:
        commands.append(
            f"gcloud projects add-iam-policy-binding {target.project} --member=serviceAccount:{accounts['deploy']} "
            f"--role={COPY_ROLE} --condition-from-file=record-condition.json >/dev/null"
        )
    yield BootstrapStep(title="Accounts of deploy and preview", why="jobs act as them", commands=tuple(commands))
    if values["billing_account"]:
        yield BootstrapStep(
            title="Rights on the billing account",
            why="a budget belongs to the billing account: no role of the project, Owner included, lets it be written",
            commands=tuple(
                f"gcloud billing accounts add-iam-policy-binding {target.billing_account} "
                f"--member=serviceAccount:{accounts[duty]} --role={role} >/dev/null"
                for duty, role in (("deploy", BUDGET_ROLE), ("preview", "roles/billing.viewer"))
            ),
        )
    ci = spec.access.ci
    if ci is not None:
        trust = trust_settings(spec, target, ci)
        where = f"--location=global {project}"
        mapping = ",".join(f"{key}={value}" for key, value in dict[str, str](trust["mapping"]).items())  # pyright: ignore
        provider = f"{trust['provider']} --workload-identity-pool={trust['pool']} {where}"
        members: dict[str, list[str]] = trust["members"]  # pyright: ignore[reportAssignmentType] - made above
        yield BootstrapStep(
            title="Trust in the CI system",
            why="its jobs get short credentials for their token, and no key exists",
            commands=(
                f"gcloud iam workload-identity-pools describe {trust['pool']} {where} >/dev/null 2>&1 || "
                f"gcloud iam workload-identity-pools create {trust['pool']} {where}",
                f"gcloud iam workload-identity-pools providers describe {provider} >/dev/null 2>&1 || "
                f"gcloud iam workload-identity-pools providers create-oidc {provider} --issuer-uri={trust['issuer']} "
                f'--attribute-mapping={mapping} --attribute-condition="{trust["condition"]}"',
                *(
                    f"gcloud iam service-accounts add-iam-policy-binding {accounts[duty]} {project} "
                    f"--role=roles/iam.workloadIdentityUser --member='{member}' >/dev/null"
                    for duty in names
                    for member in members[duty]
                ),
            ),
        )
