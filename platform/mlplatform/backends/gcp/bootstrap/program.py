"""A Pulumi program: services, state, identities and roles of one stack on GCP.

It reads `bootstrap.json` and the documents beside it, which `mlplatform bootstrap --program` writes. It imports
nothing of mlplatform, so its own state may be anywhere: `pulumi login --local` does.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import TypedDict, cast

import pulumi
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import monitor_supports_feature
from pulumi_gcp import Provider, billing, iam, kms, projects, serviceaccount, storage

_SERVICE_SECONDS = 30
"""How long a service that was just enabled may still be refused ("wait a few minutes"), seconds:
https://docs.cloud.google.com/service-usage/docs/enable-disable"""


class _Trust(TypedDict):
    """The CI system's issuer and the subjects that may act as each account."""

    pool: str
    provider: str
    issuer: str
    mapping: dict[str, str]
    condition: str
    members: dict[str, list[str]]


class _Condition(TypedDict):
    """When a role holds."""

    description: str
    expression: str


class _Values(TypedDict):
    """`bootstrap.json`."""

    project: str
    region: str
    labels: dict[str, str]
    services: list[str]
    bucket: str
    make_state: bool
    key_ring: str
    billing_account: str | None
    budget_role: str
    condition: str
    record_condition: _Condition | None
    accounts: dict[str, str]
    roles: dict[str, str]
    trust: _Trust | None


class _RoleDocument(TypedDict):
    """`*-role.json`."""

    title: str
    description: str
    includedPermissions: list[str]


def make(folder: Path) -> None:
    """Make everything.

    Args:
        folder: where the values and the documents are.
    """
    values = cast("_Values", json.loads((folder / "bootstrap.json").read_text("utf-8")))
    provider = Provider("gcp", project=values["project"], region=values["region"])
    options = pulumi.ResourceOptions(provider=provider)
    waiting = options
    # an engine before 3.182 runs no hooks: a second `up` may be necessary there
    if monitor_supports_feature(resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS):
        hooks = pulumi.ResourceHookBinding(after_create=[_wait])
        waiting = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(hooks=hooks))
    services = [
        projects.Service(name.partition(".")[0], service=name, disable_on_destroy=False, opts=waiting)
        for name in values["services"]
    ]
    after = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=services))
    accounts = {
        duty: serviceaccount.Account(duty, account_id=name, opts=after) for duty, name in values["accounts"].items()
    }
    roles = {duty: _make_role(folder, duty, role_id, after) for duty, role_id in values["roles"].items()}
    for duty, account in accounts.items():
        projects.IAMMember(duty, project=values["project"], role=roles[duty].name, member=account.member, opts=after)
    projects.IAMMember(
        "grant",
        project=values["project"],
        role=roles["grant"].name,
        member=accounts["deploy"].member,
        condition=projects.IAMMemberConditionArgs(
            title="planned-roles",
            description="Only the roles that the platform grants",
            expression=values["condition"],
        ),
        opts=after,
    )
    if record := values["record_condition"]:
        projects.IAMMember(
            "record",
            project=values["project"],
            role="roles/storage.objectUser",
            member=accounts["deploy"].member,
            condition=projects.IAMMemberConditionArgs(
                title="record-copy", description=record["description"], expression=record["expression"]
            ),
            opts=after,
        )
    _make_state(values, accounts, after)
    if account_id := values["billing_account"]:
        for duty, role in (("deploy", values["budget_role"]), ("preview", "roles/billing.viewer")):
            billing.AccountIamMember(
                duty, billing_account_id=account_id, role=role, member=accounts[duty].member, opts=after
            )
    if trust := values["trust"]:
        _make_trust(trust, accounts, after)


async def _wait(created: pulumi.ResourceHookArgs) -> None:
    """Wait until a service that was just enabled answers: Google says that it takes minutes, and refuses until then."""
    if rehearsed := os.environ.get("MLPLATFORM_REHEARSED_WAITS"):
        with Path(rehearsed).open("a", encoding="utf-8") as file:
            file.write(f"{created.id}\n")
        return
    pulumi.log.info(f"waiting {_SERVICE_SECONDS} s until {created.name} is in effect")
    await asyncio.sleep(_SERVICE_SECONDS)


def _make_role(folder: Path, duty: str, role_id: str, options: pulumi.ResourceOptions) -> projects.IAMCustomRole:
    document = cast("_RoleDocument", json.loads((folder / f"{duty}-role.json").read_text("utf-8")))
    return projects.IAMCustomRole(
        duty,
        role_id=role_id,
        title=document["title"],
        description=document["description"],
        permissions=document["includedPermissions"],
        opts=options,
    )


def _make_state(values: _Values, accounts: dict[str, serviceaccount.Account], options: pulumi.ResourceOptions) -> None:
    kept = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(protect=True))
    name: pulumi.Input[str] = values["bucket"]
    if values["make_state"]:
        ring = kms.KeyRing("state", name=values["key_ring"], location=values["region"], opts=options)
        key = kms.CryptoKey(
            "state", name="state", key_ring=ring.id, rotation_period="7776000s", labels=values["labels"], opts=kept
        )
        name = storage.Bucket(
            "state",
            name=values["bucket"],
            location=values["region"].upper(),
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            versioning=storage.BucketVersioningArgs(enabled=True),
            soft_delete_policy=storage.BucketSoftDeletePolicyArgs(retention_duration_seconds=30 * 86_400),
            labels=values["labels"],
            opts=kept,
        ).name
        for duty, account in accounts.items():
            role = "cryptoKeyEncrypterDecrypter" if duty == "deploy" else "cryptoKeyDecrypter"
            kms.CryptoKeyIAMMember(
                duty, crypto_key_id=key.id, role=f"roles/cloudkms.{role}", member=account.member, opts=options
            )
    for duty, account in accounts.items():
        role = "objectUser" if duty == "deploy" else "objectViewer"
        storage.BucketIAMMember(duty, bucket=name, role=f"roles/storage.{role}", member=account.member, opts=options)


def _make_trust(trust: _Trust, accounts: dict[str, serviceaccount.Account], options: pulumi.ResourceOptions) -> None:
    pool = iam.WorkloadIdentityPool("deploy", workload_identity_pool_id=trust["pool"], opts=options)
    iam.WorkloadIdentityPoolProvider(
        trust["provider"],
        workload_identity_pool_id=pool.workload_identity_pool_id,
        workload_identity_pool_provider_id=trust["provider"],
        attribute_mapping=trust["mapping"],
        attribute_condition=trust["condition"],
        oidc=iam.WorkloadIdentityPoolProviderOidcArgs(issuer_uri=trust["issuer"]),
        opts=options,
    )
    for duty, members in trust["members"].items():
        for member in members:
            serviceaccount.IAMMember(
                f"{duty}-{member.rpartition('/')[2] if 'attribute' in member else member.partition('/subject/')[2]}",
                service_account_id=accounts[duty].name,
                role="roles/iam.workloadIdentityUser",
                member=member,
                opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=[pool])),
            )


if __name__ == "__main__":
    make(Path(__file__).parent)
