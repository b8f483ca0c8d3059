"""State, identities, services and the deployer's roles of one stack on GCP. Imports no SDK."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from mlplatform.backends.gcp.addresses import place_uri
from mlplatform.backends.gcp.naming import ACCOUNT, COMPUTE, POOL, bucket_name
from mlplatform.backends.gcp.rights import build as derive_rights
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.bootstrap import OPERATIONS, Bootstrap, BootstrapStep, PlannedResource, sum_rights
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.narrowed import target_of
from mlplatform.components.record_copy import compares
from mlplatform.spec.access import CiSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import COPY_PATH

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

BUDGET_ROLE = "roles/billing.costsManager"
"""Writes budgets of a billing account, https://docs.cloud.google.com/billing/docs/how-to/budgets#permissions

No role of a project does, Owner included: a budget belongs to the billing account.
"""

_BILLING = "billing."
_GRANT = "resourcemanager.projects.setIamPolicy"
_ALWAYS = ("logging.cmekSettings.get", "resourcemanager.projects.get", "serviceusage.services.use")
"""Calls of the provider and of data sources, whatever is planned: the provider names the project as the quota's."""
_DUTIES = ("deploy", "preview")
COPY_ROLE = "roles/storage.objectUser"
"""To replace an object takes the right to delete it too: https://docs.cloud.google.com/storage/docs/access-control/iam-roles"""
_COPY = "The copy of the record of releases, which gates read"


def build(spec: PlatformSpec, resources: Sequence[PlannedResource], state: str | None) -> Bootstrap:
    """The bootstrap, from a spec narrowed to GCP."""
    target = target_of(spec, GcpTarget)
    apply = tuple(sorted({*sum_rights(derive_rights, resources, OPERATIONS), *_ALWAYS}))
    preview = tuple(sorted({*sum_rights(derive_rights, resources, ("read",)), *_ALWAYS}))
    budget = any(right.startswith(_BILLING) for right in apply)
    granted = tuple(
        sorted({str(each.inputs["role"]) for each in resources if each.type == "gcp:projects/iAMMember:IAMMember"})
    )
    held = {"deploy": [right for right in apply if not right.startswith(_BILLING) and right != _GRANT]}
    held["preview"] = [right for right in preview if not right.startswith(_BILLING)]
    documents = {
        f"{duty}-role.json": _json(
            {
                "title": physical_name(spec, duty, 100),
                "description": f"Runs {'up' if duty == 'deploy' else 'preview'} of one stack",
                "stage": "GA",
                "includedPermissions": held[duty],
            }
        )
        for duty in _DUTIES
    }
    documents["grant-role.json"] = _json(
        {
            "title": physical_name(spec, "grant", 100),
            "description": "Grants roles on the project, under a condition that names them",
            "stage": "GA",
            "includedPermissions": ["resourcemanager.projects.getIamPolicy", _GRANT],
        }
    )
    condition = grant_condition(granted)
    documents["grant-condition.json"] = _json(
        {"title": "planned-roles", "description": "Only the roles that the platform grants", "expression": condition}
    )
    record = copy_condition(spec) if compares(spec) else None
    if record:
        documents["record-condition.json"] = _json({"title": "record-copy", "description": _COPY, "expression": record})
    bucket = _bucket_of(state) or bucket_name(spec, target, "state")
    ring = physical_name(spec, "state", COMPUTE)
    key = f"projects/{target.project}/locations/{target.region}/keyRings/{ring}/cryptoKeys/state"
    ci = spec.access.ci
    values: dict[str, object] = {
        "project": target.project,
        "region": target.region,
        "labels": {"platform": spec.name, "environment": spec.environment, "managed-by": "mlplatform-bootstrap"},
        "services": [f"{name}.googleapis.com" for name in FIRST_SERVICES],
        "bucket": bucket,
        "make_state": state is None,
        "key_ring": ring,
        "billing_account": target.billing_account if budget else None,
        "budget_role": BUDGET_ROLE,
        "condition": condition,
        "record_condition": {"description": _COPY, "expression": record} if record else None,
        "accounts": {duty: physical_name(spec, duty, ACCOUNT) for duty in _DUTIES},
        "roles": {duty: role_id(spec, duty) for duty in (*_DUTIES, "grant")},
        "trust": None if ci is None else _trust(spec, target, ci),
    }
    return Bootstrap(
        state=state or f"gs://{bucket}",
        secrets="" if state else f"gcpkms://{key}",
        apply=apply,
        preview=preview,
        documents=documents,
        steps=tuple(_steps(spec, target, values)),
        settings=(),
        limits=(
            "whoever may set the policy of a bucket, key, account or service may give it to anybody: "
            "Google has no condition "
            "for these; the project's own policy is limited to the roles that the platform grants",
            "whoever may write custom roles can widen the platform's own; only the organisation can deny that",
            *(
                ("a billing administrator must run the step of the billing account: a project's Owner cannot",)
                if budget
                else ()
            ),
        ),
        values=values,
        program=Path(__file__).with_name("bootstrap_program.py"),
    )


def role_id(spec: PlatformSpec, duty: str) -> str:
    """Id of a custom role, which has no hyphens."""
    return re.sub("[^a-zA-Z0-9_.]", "_", f"{platform_name(spec)}_{duty}")


def grant_condition(roles: Sequence[str]) -> str:
    """The condition under which only these roles may be granted on the project.

    https://docs.cloud.google.com/iam/docs/setting-limits-on-granting-roles
    """
    names = ", ".join(f"'{role}'" for role in roles)
    return f"api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([{names}])"


def copy_condition(spec: PlatformSpec) -> str:
    """The condition under which a role holds for one object, the copy of the record of releases.

    https://docs.cloud.google.com/iam/docs/conditions-resource-attributes#resource-name
    """
    bucket = place_uri(spec, "models").removeprefix("gs://")
    return f"resource.name == 'projects/_/buckets/{bucket}/objects/{COPY_PATH}'"


def _trust(spec: PlatformSpec, target: GcpTarget, ci: CiSpec) -> dict[str, object]:
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


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, indent=2) + "\n"


def _bucket_of(state: str | None) -> str:
    if state is None:
        return ""
    parts = urlsplit(state)
    if parts.scheme != "gs" or not parts.netloc:
        raise ValueError(f"got '{state[:80]}', expected `gs://BUCKET`")
    return parts.netloc


def _steps(spec: PlatformSpec, target: GcpTarget, values: dict[str, object]) -> Iterator[BootstrapStep]:
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
        trust = _trust(spec, target, ci)
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
