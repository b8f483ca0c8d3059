"""Accounts that have everything that production's plan needs, as the clouds' command lines print them.

Forms of the documents: AWS, https://docs.aws.amazon.com/cli/latest/reference/ (service-quotas, ec2, iam, cloudtrail);
Google, https://docs.cloud.google.com/docs/quotas/reference/rest, .../resource-manager/reference/rest,
.../orgpolicy/reference/rest; Azure, https://learn.microsoft.com/rest/api/ (compute usages and skus, network usages,
policy assignments). Read 2026-11-30.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mlplatform import discovery
from mlplatform.plan.demand import needed_machines, quota_demand
from mlplatform.plan.model import Plan
from mlplatform.spec.platform import PlatformSpec

Documents = dict[str, Any]
"""What a command prints, by words that stand in it one after the other."""


def healthy(spec: PlatformSpec, plan: Plan) -> Documents:
    """The answers of an account that has everything."""
    return _HEALTHY[plan.cloud](spec, plan)


def _aws(spec: PlatformSpec, plan: Plan) -> Documents:
    backend = discovery.backend("aws")
    quotas = [
        {"QuotaCode": each.code or f"L-{index:08X}", "QuotaName": each.name, "Value": float(each.amount)}
        for index, each in enumerate(quota_demand(backend, spec, plan))
    ]
    offers = [
        {"InstanceType": each.machine_type, "LocationType": "availability-zone", "Location": f"us-east-1{letter}"}
        for each in needed_machines(backend, spec)
        for letter in "abc"
    ]
    return {
        "get-caller-identity": {
            "UserId": "AROAEXAMPLE:ana",
            "Account": "345678901234",
            "Arn": "arn:aws:sts::345678901234:assumed-role/admin/ana",
        },
        "list-aws-default-service-quotas": {"Quotas": []},
        "list-service-quotas": {"Quotas": quotas},
        "describe-instance-type-offerings": {"InstanceTypeOfferings": offers},
        "simulate-principal-policy": {
            "EvaluationResults": [
                {
                    "EvalActionName": action,
                    "EvalDecision": "allowed",
                    "OrganizationsDecisionDetail": {"AllowedByOrganizations": True},
                }
                for action in ("ec2:CreateVpc", "ec2:AttachInternetGateway", "iam:CreateOpenIDConnectProvider")
            ]
        },
        "list-open-id-connect-providers": {"OpenIDConnectProviderList": []},
        "list-secrets": {"SecretList": []},
    }


def _gcp(spec: PlatformSpec, plan: Plan) -> Documents:
    backend = discovery.backend("gcp")
    infos: dict[str, Documents] = {}
    for each in quota_demand(backend, spec, plan):
        found = infos.setdefault(
            each.code or each.name,
            {
                "quotaId": each.code or each.name.upper(),
                "quotaDisplayName": each.name.removeprefix("Cloud Run: "),
                "dimensionsInfos": [],
            },
        )
        dimensions = {"region": each.region} if each.region else {}
        if "(" in each.name and "=" in each.name:
            key, _, value = each.name.partition("(")[2].partition(")")[0].partition("=")
            dimensions[key] = value
        found["dimensionsInfos"].append(
            {
                "dimensions": dimensions,
                "details": {"value": str(each.amount)},
                "applicableLocations": [each.region or "global"],
            }
        )
    machines = [
        {"name": each.machine_type, "zone": f"us-central1-{letter}"}
        for each in needed_machines(backend, spec)
        for letter in "abcf"
    ]
    first = "serviceusage cloudresourcemanager iam iamcredentials sts cloudkms storage cloudbilling"
    return {
        "billing projects describe": {
            "billingAccountName": "billingAccounts/012345-678901-ABCDEF",
            "billingEnabled": True,
        },
        "projects describe": {"projectId": "acme-ml-prod", "projectNumber": "123456789012", "lifecycleState": "ACTIVE"},
        "services list": [{"config": {"name": f"{name}.googleapis.com"}, "state": "ENABLED"} for name in first.split()],
        "quotas info list": list(infos.values()),
        "machine-types list": machines,
        "org-policies describe": {
            "name": "projects/123456789012/policies/any",
            "spec": {"rules": [{"allowAll": True}]},
        },
        "roles list": [],
        "workload-identity-pools list": [],
    }


def _azure(spec: PlatformSpec, plan: Plan) -> Documents:
    backend = discovery.backend("azure")
    usages = [
        {
            "name": {"value": _azure_name(each.code, each.name), "localizedValue": each.name},
            "currentValue": "0",
            "limit": str(each.amount),
        }
        for each in quota_demand(backend, spec, plan)
    ]
    target = spec.targets[0]
    providers = discovery.backend("azure").package
    from importlib import import_module

    registrations = import_module(f"{providers}.foundation.registrations")
    return {
        "account show": {
            "id": target.subscription_id,  # type: ignore[attr-defined]
            "tenantId": target.tenant_id,  # type: ignore[attr-defined]
            "state": "Enabled",
            "name": "acme-prod",
            "user": {"name": "ana@acme.example", "type": "user"},
        },
        "provider list": [
            {"namespace": f"Microsoft.{name}", "registrationState": "Registered"}
            for name in registrations.needed_providers(spec)
        ],
        "feature show": {"properties": {"state": "Registered"}},
        "vm list-usage": usages,
        "network list-usages": usages,
        "rest --method get": {"value": usages},
        "vm list-skus": [
            {
                "name": each.machine_type,
                "resourceType": "virtualMachines",
                "locationInfo": [{"location": target.location, "zones": ["1", "2", "3"]}],
                "restrictions": [],
            }
            for each in needed_machines(backend, spec)
        ],
        "policy assignment list": [],
        "keyvault list-deleted": [],
        "role definition list": [],
    }


def _azure_name(code: str | None, name: str) -> str:
    """As its lists name a quota: Container Apps says before it that the subscription counts."""
    bare = name.rpartition(": ")[2].removeprefix("Azure Machine Learning ").removeprefix("Container Apps ")
    return code or (f"Subscription{bare.replace(' ', '')}" if "Container Apps" in name else bare)


_HEALTHY: Mapping[str, Callable[[PlatformSpec, Plan], Documents]] = {"aws": _aws, "gcp": _gcp, "azure": _azure}


def answering(documents: Mapping[str, Any], asked: list[Sequence[str]] | None = None) -> Callable[[Sequence[str]], str]:
    """A runner that prints the document of the first words that stand in a command; others fail as without a right."""
    import json

    from mlplatform.promote.carry_out import CommandFailed

    def run(command: Sequence[str]) -> str:
        if asked is not None:
            asked.append(command)
        line = " ".join(command)
        for words, document in documents.items():
            if words in line:
                return json.dumps(document)
        raise CommandFailed("AccessDenied")

    return run
