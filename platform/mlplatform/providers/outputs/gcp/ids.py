"""Ids and names of GCP resources.

A resource's id is its resource name. Its format is read from the import section of the SDK's own
documentation; the table below has only the types where that section names another form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import cast

from mlplatform.providers.outputs.subject import OutputSubject
from mlplatform.providers.schema import resource_class
from mlplatform.providers.sdk import SdkFunction, source_text
from mlplatform.providers.wire import UNKNOWN, plain_value, value_at_path

_IDS: Mapping[str, str] = {
    "gcp:storage/bucket:Bucket": "{name}",
    "gcp:container/nodePool:NodePool": "{cluster_path}/nodePools/{name}",
    "gcp:serviceaccount/account:Account": "projects/{project}/serviceAccounts/{email}",
    "gcp:projects/iAMCustomRole:IAMCustomRole": "projects/{project}/roles/{role_id}",
    "gcp:projects/service:Service": "{project}/{service}",
    "gcp:projects/serviceIdentity:ServiceIdentity": "projects/{project}/services/{service}",
    "gcp:monitoring/notificationChannel:NotificationChannel": ("projects/{project}/notificationChannels/{digits}"),
    "gcp:monitoring/alertPolicy:AlertPolicy": "projects/{project}/alertPolicies/{digits}",
    "gcp:monitoring/dashboard:Dashboard": "projects/{project}/dashboards/{guid}",
    "gcp:monitoring/customService:CustomService": "projects/{number}/services/{service_id}",
    "gcp:monitoring/genericService:GenericService": "projects/{number}/services/{service_id}",
    "gcp:monitoring/slo:Slo": "projects/{number}/services/{service}/serviceLevelObjectives/{slo_id}",
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": "projects/{project}/uptimeCheckConfigs/{digits}",
    "gcp:monitoring/group:Group": "projects/{project}/groups/{digits}",
    "gcp:logging/metric:Metric": "{name}",
    "gcp:logging/projectSink:ProjectSink": "projects/{project}/sinks/{name}",
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": (
        "projects/{project}/locations/{location}/buckets/{bucket_id}"
    ),
    "gcp:billing/budget:Budget": "billingAccounts/{billing_account}/budgets/{guid}",
    "gcp:dns/recordSet:RecordSet": "projects/{project}/managedZones/{managed_zone}/rrsets/{name}/{type}",
    "gcp:workflows/workflow:Workflow": "projects/{project}/locations/{location}/workflows/{name}",
    "gcp:bigquery/dataset:Dataset": "projects/{project}/datasets/{dataset_id}",
    "gcp:bigquery/table:Table": "projects/{project}/datasets/{dataset_id}/tables/{table_id}",
    "gcp:secretmanager/secretVersion:SecretVersion": "{secret}/versions/1",
    "gcp:storage/bucketObject:BucketObject": "{bucket}-{name}",
    # numbered by the service: a bucket has several
    "gcp:storage/notification:Notification": "{bucket}/notificationConfigs/{digits}",
}

# https://cloud.google.com/iam/docs/service-agents: agents that are not named `gcp-sa-<service>`.
_AGENTS: Mapping[str, str] = {
    "compute.googleapis.com": "compute-system",
    "container.googleapis.com": "container-engine-robot",
    "run.googleapis.com": "serverless-robot-prod",
    "storage.googleapis.com": "gs-project-accounts",
    "sqladmin.googleapis.com": "gcp-sa-cloud-sql",
    "file.googleapis.com": "cloud-filer",
    "composer.googleapis.com": "cloudcomposer-accounts",
    "dataflow.googleapis.com": "dataflow-service-producer-prod",
    "monitoring.googleapis.com": "gcp-sa-monitoring-notification",
    "servicenetworking.googleapis.com": "service-networking",
}


def resource_id(subject: OutputSubject) -> str:
    """The resource name that the provider takes as id."""
    if re.search(r"(?i)iam(member|binding|policy)$", subject.kind):
        return _grant(subject)
    template = _IDS.get(subject.token) or _documented_id(subject.token)
    if template is None:
        return f"projects/{project_of(subject)}/{subject.module}/{physical_name(subject)}"
    return re.sub(r"\{(\w+)\}", lambda match: _part(match.group(1), subject), template)


def physical_name(subject: OutputSubject) -> str:
    """The short name in the cloud."""
    kind = subject.kind[0].lower() + subject.kind[1:]
    return subject.named("name", f"{kind}Id", "accountId", "roleId", "serviceId", "sloId", "bucketId")


def project_of(subject: OutputSubject) -> str:
    """The resource's own project, else the account's."""
    return subject.text("project") or subject.account.account


def service_agent(service: str, number: str) -> str:
    """The e-mail address of the agent through which a Google service acts in a project."""
    if service == "bigquery.googleapis.com":
        return f"bq-{number}@bigquery-encryption.iam.gserviceaccount.com"
    agent = _AGENTS.get(service) or "gcp-sa-" + service.split(".")[0]
    return f"service-{number}@{agent}.iam.gserviceaccount.com"


def account_email(subject: OutputSubject) -> str:
    """The e-mail address of a service account or of a Google service agent."""
    if subject.kind == "ServiceIdentity":
        return service_agent(subject.text("service") or "", subject.account.number)
    return f"{physical_name(subject)}@{project_of(subject)}.iam.gserviceaccount.com"


@cache
def _documented_id(token: str) -> str | None:
    cls = resource_class(token)
    if cls is None:
        return None
    text = source_text(cast("SdkFunction", cls.__init__).__code__.co_filename)
    start = text.find("## Import")
    example = re.search(r"\* `([^`]*\{\{[^`]*)`", text[start : start + 4000]) if start >= 0 else None
    if example is None or "/" not in example.group(1):
        return None
    return example.group(1).replace("{{", "{").replace("}}", "}")


def _part(key: str, subject: OutputSubject) -> str:
    match key:
        case "project" | "project_id":
            return project_of(subject)
        case "number":
            return subject.account.number
        case "location" | "region":
            return subject.text("location", "region") or subject.account.region
        case "zone":
            return subject.text("zone", "location") or f"{subject.account.region}-a"
        case "name":
            return physical_name(subject)
        case "email":
            return account_email(subject)
        case "cluster_path":
            cluster = subject.text("cluster") or "cluster"
            location = subject.text("location") or subject.account.region
            here = f"projects/{project_of(subject)}/locations/{location}/clusters/"
            return cluster if "/" in cluster else here + cluster
        case "guid":
            return subject.guid()
        case "digits":
            return subject.digits(19)
        case _:
            camel = re.sub(r"_(\w)", lambda match: match.group(1).upper(), key)
            return subject.text(camel) or physical_name(subject)


def _grant(subject: OutputSubject) -> str:
    owner = subject.text(
        "bucket", "cryptoKeyId", "serviceAccountId", "secretId", "repository", "topic", "endpoint", "name"
    )
    parts = [owner or project_of(subject), subject.text("role") or "", subject.text("member") or ""]
    # a member with another condition is another grant: the provider's id has the condition's parts too
    condition = subject.inputs.get("condition")
    known = (plain_value(value_at_path(condition, name)) for name in ("title", "description", "expression"))
    parts += [part for part in known if isinstance(part, str) and part != UNKNOWN]
    return "/".join(part for part in parts if part)
