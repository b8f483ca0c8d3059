"""GCP functions: projects, zones, clients and the service agents of projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlplatform.providers.outputs.gcp.ids import project_of, service_agent
from mlplatform.providers.outputs.generic import generic_text
from mlplatform.providers.outputs.subject import OutputSubject

_Answer = Callable[[OutputSubject], dict[str, object]]


def text_of(subject: OutputSubject, path: str, name: str) -> str | None:
    """A text of a result by its name."""
    if name == "project":
        return project_of(subject)
    return generic_text(subject, path, name)


def _project(subject: OutputSubject) -> dict[str, object]:
    project = subject.text("projectId") or subject.account.account
    return {
        "id": f"projects/{project}",
        "projectId": project,
        "name": project,
        "number": subject.account.number,
        "billingAccount": "000000-000000-000000",
    }


def _client(subject: OutputSubject) -> dict[str, object]:
    account = subject.account
    region = account.region
    return {"id": account.account, "project": account.account, "region": region, "zone": f"{region}-a"}


def _zones(subject: OutputSubject) -> dict[str, object]:
    region = subject.text("region") or subject.account.region
    return {
        "id": f"projects/{project_of(subject)}/regions/{region}",
        "names": [f"{region}-{letter}" for letter in "abc"],
    }


def _agent(service: str) -> _Answer:
    def answer(subject: OutputSubject) -> dict[str, object]:
        email = service_agent(service, subject.account.number)
        return {
            "id": email,
            "email": email,
            "emailAddress": email,
            "member": f"serviceAccount:{email}",
            "project": project_of(subject),
        }

    return answer


def _logging_keys(subject: OutputSubject) -> dict[str, object]:
    project = project_of(subject)
    agent = f"cmek-p{subject.account.number}@gcp-sa-logging.iam.gserviceaccount.com"
    name = f"projects/{project}/cmekSettings"
    return {"id": name, "name": name, "serviceAccountId": agent}


def _transfer_agent(subject: OutputSubject) -> dict[str, object]:
    # https://docs.cloud.google.com/storage-transfer/docs/iam-cloud: named after the service, not gcp-sa-…
    email = f"project-{subject.account.number}@storage-transfer-service.iam.gserviceaccount.com"
    member = f"serviceAccount:{email}"
    return {
        "id": email,
        "email": email,
        "member": member,
        "project": project_of(subject),
        "subjectId": subject.digits(21),
    }


ANSWERS: Mapping[str, _Answer] = {
    "gcp:organizations/getProject:getProject": _project,
    "gcp:organizations/getClientConfig:getClientConfig": _client,
    "gcp:compute/getZones:getZones": _zones,
    "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": _agent("storage.googleapis.com"),
    "gcp:storage/getTransferProjectServiceAccount:getTransferProjectServiceAccount": _transfer_agent,
    "gcp:bigquery/getDefaultServiceAccount:getDefaultServiceAccount": _agent("bigquery.googleapis.com"),
    "gcp:logging/getProjectCmekSettings:getProjectCmekSettings": _logging_keys,
}
