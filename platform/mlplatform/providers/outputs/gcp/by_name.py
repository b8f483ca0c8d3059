"""Texts that GCP puts into properties of certain names."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.providers.outputs.gcp.ids import account_email, physical_name, project_of, resource_id
from mlplatform.providers.outputs.generic import CREATED_AT
from mlplatform.providers.outputs.subject import OutputSubject

# Resource names end with the last part of the id where the API numbers its resources.
_NAME_IS_ID = frozenset(
    {
        "gcp:monitoring/notificationChannel:NotificationChannel",
        "gcp:monitoring/alertPolicy:AlertPolicy",
        "gcp:monitoring/customService:CustomService",
        "gcp:monitoring/genericService:GenericService",
        "gcp:monitoring/slo:Slo",
        "gcp:monitoring/group:Group",
        "gcp:billing/budget:Budget",
        "gcp:serviceaccount/account:Account",
        "gcp:projects/iAMCustomRole:IAMCustomRole",
        "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
        "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
        "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        "gcp:secretmanager/secret:Secret",
        "gcp:secretmanager/secretVersion:SecretVersion",
    }
)

_LINKS: Mapping[str, str] = {
    "compute": "https://www.googleapis.com/compute/v1/",
    "container": "https://container.googleapis.com/v1/",
    "storage": "https://www.googleapis.com/storage/v1/b/",
    "bigquery": "https://bigquery.googleapis.com/bigquery/v2/",
    "sql": "https://sqladmin.googleapis.com/sql/v1beta4/",
}


def text_of(subject: OutputSubject, path: str, name: str) -> str | None:
    """A text output by its name."""
    if path == "project":
        return project_of(subject)
    if path == "name":
        return resource_id(subject) if subject.token in _NAME_IS_ID else physical_name(subject)
    if path == "selfLink":
        return _LINKS.get(subject.module, f"https://{subject.module}.googleapis.com/v1/") + resource_id(subject)
    if path in ("region", "location"):
        return subject.account.region
    if path == "email":
        return account_email(subject)
    if path == "member":
        return f"serviceAccount:{account_email(subject)}"
    if path in ("serviceId", "sloId", "secretId", "roleId", "accountId"):
        return physical_name(subject)
    if name == "etag":
        return "BwX" + subject.hex(8, path)
    if name in ("deleteTime", "destroyTime", "expireTime", "operation"):
        return ""
    if name in ("createTime", "updateTime", "creationTimestamp", "timeCreated", "updated"):
        return CREATED_AT
    if name == "lifecycleState":
        return "ACTIVE"
    return None
