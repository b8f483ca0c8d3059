"""Rights on Google Cloud: bindings, whole policies, access lists, and workload identity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform.checks.resource import Resource
from mlplatform.plan.sources.fields import items, mapping, text, texts
from mlplatform.risk.condition import Condition, expression_conditions
from mlplatform.risk.grants.fields import Reader, attached, conditions_at, kind_of, value_at
from mlplatform.risk.right import LOG_IN, Right

SCOPES = (
    "bucket", "cryptoKeyId", "keyRingId", "repository", "topic", "subscription", "secretId", "serviceAccountId", "name",
    "location", "cloudRunServiceName", "subnetwork", "tableId", "datasetId", "dataset", "instance", "instanceName",
    "cluster", "service", "orgId", "folder", "billingAccountId", "project",
)  # fmt: skip
"""Properties that name what a binding is about, the narrowest first."""


def _policy(resource: Resource) -> Iterator[Right]:
    """A whole policy: https://cloud.google.com/iam/docs/reference/rest/v1/Policy"""
    on = value_at(resource, *SCOPES)
    for binding in map(mapping, items(resource.document("policyData").get("bindings"))):
        role = text(binding.get("role"))
        conditions = frozenset(expression_conditions(text(mapping(binding.get("condition")).get("expression"))))
        for member in texts(binding.get("members")):
            yield Right(member, role, on, kind_of(role), conditions, path="policyData")


def _dataset(resource: Resource) -> Iterator[Right]:
    """https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets"""
    lists = items(resource.step.inputs.get("accesses")) or [resource.step.inputs]
    for access in map(mapping, lists):
        role = text(access.get("role")) or "read"
        for key in ("userByEmail", "groupByEmail", "domain", "specialGroup", "iamMember"):
            if name := text(access.get(key)):
                yield Right(_MEMBERS.get(key, "") + name, role, resource.step.urn, path="accesses")


_MEMBERS = {"userByEmail": "user:", "groupByEmail": "group:", "domain": "domain:"}


def _entities(resource: Resource) -> Iterator[Right]:
    """https://cloud.google.com/storage/docs/access-control/lists"""
    on = value_at(resource, "bucket")
    for pair in resource.texts("roleEntities[]"):
        role, _, entity = pair.partition(":")
        yield Right(_entity(entity), role, on, path="roleEntities")
    if entity := resource.text("entity"):
        yield Right(_entity(entity), value_at(resource, "role"), on, path="entity")


def _entity(entity: str) -> str:
    kind, dash, name = entity.partition("-")
    return f"{kind}:{name}" if dash and kind in ("user", "group", "domain") else entity


def _membership(resource: Resource) -> Iterator[Right]:
    for role in resource.texts("roles[].name"):
        member = value_at(resource, "preferredMemberKey.id", "memberKey.id")
        yield Right(
            f"user:{member}", f"{role.lower()} of the group", value_at(resource, "group"), path="preferredMemberKey.id"
        )


def _provider(resource: Resource) -> Iterator[Right]:
    """https://cloud.google.com/iam/docs/workload-identity-federation"""
    if resource.true("disabled"):
        return
    conditions = set(conditions_at(resource, "attributeCondition"))
    for key, value in mapping(resource.step.inputs.get("attributeMapping")).items():
        conditions.add(Condition("mapping", key.lower(), frozenset({str(value)})))
    audiences = resource.texts("oidc.allowedAudiences[]") or ["the provider's own"]
    on = value_at(resource, "workloadIdentityPoolId", "workforcePoolId")
    issuer = value_at(
        resource,
        "oidc.issuerUri",
        "aws.accountId",
        "saml.idpMetadataXml",
        "x509.trustStore.trustAnchors[].pemCertificate",
    )
    for audience in audiences:
        about = frozenset({*conditions, Condition("StringEquals", "aud", frozenset({audience}))})
        yield Right(issuer, LOG_IN, on, "login", about, nature="Federated", path="attributeCondition")


def _custom_role(resource: Resource) -> Iterator[Right]:
    for permission in resource.texts("permissions[]"):
        yield Right(resource.step.urn, permission, value_at(resource, "orgId", "project"), path="permissions")


def _members(resource: Resource) -> Iterator[Right]:
    for path in ("basic.conditions[].members[]", "condition.members[]"):
        for member in resource.texts(path):
            yield Right(member, "pass the access level", resource.step.urn, path=path.partition("[")[0])


_MEMBER = attached("member", "role", *SCOPES, condition="condition.expression")
_BINDING = attached("members[]", "role", *SCOPES, condition="condition.expression")
READERS: Mapping[str, Reader] = {
    "gcp:*IAMMember": _MEMBER,
    "gcp:*IamMember": _MEMBER,
    "gcp:*IAMBinding": _BINDING,
    "gcp:*IamBinding": _BINDING,
    "gcp:*IAMPolicy": _policy,
    "gcp:*IamPolicy": _policy,
    "gcp:*AMCustomRole": _custom_role,
    "gcp:bigquery/dataset:Dataset": _dataset,
    "gcp:bigquery/datasetAccess:DatasetAccess": _dataset,
    "gcp:storage/*ACL": _entities,
    "gcp:storage/*AccessControl": _entities,
    "gcp:cloudidentity/groupMembership:GroupMembership": _membership,
    "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": _provider,
    "gcp:iam/workforcePoolProvider:WorkforcePoolProvider": _provider,
    "gcp:accesscontextmanager/*": _members,
}
"""https://cloud.google.com/iam/docs/principals-overview"""
