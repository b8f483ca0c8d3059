"""Outputs of single GCP types that programs read and that do not follow from a property's name."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Mapping

from mlplatform.providers.outputs.gcp.ids import project_of
from mlplatform.providers.outputs.generic import certificate
from mlplatform.providers.outputs.subject import OutputSubject
from mlplatform.providers.wire import as_object, plain_value

_OutputsOfType = Callable[[OutputSubject, str, str], dict[str, object]]


def _bucket(subject: OutputSubject, id_: str, _project: str) -> dict[str, object]:
    return {"url": f"gs://{id_}", "projectNumber": int(subject.account.number)}


def _network(subject: OutputSubject, _id: str, _project: str) -> dict[str, object]:
    return {"numericId": subject.digits(19), "networkId": subject.digits(19), "gatewayIpv4": ""}


def _subnetwork(subject: OutputSubject, _id: str, _project: str) -> dict[str, object]:
    network = (subject.text("ipCidrRange") or "10.0.0.0/20").rpartition(".")[0]
    return {"gatewayAddress": f"{network}.1", "state": "", "ipv6CidrRange": "", "ipv6GceEndpoint": ""}


def _cluster(subject: OutputSubject, _id: str, _project: str) -> dict[str, object]:
    region = subject.text("location") or subject.account.region
    given = as_object(plain_value(subject.inputs.get("masterAuth"))) or {}
    result: dict[str, object] = {
        "endpoint": f"172.16.{int(subject.hex(2), 16)}.2",
        "masterAuth": {**given, "clusterCaCertificate": certificate(subject), "clientCertificate": ""},
        "masterVersion": subject.text("minMasterVersion") or "1.33.5-gke.1000000",
        "servicesIpv4Cidr": "34.118.224.0/20",
        "tpuIpv4CidrBlock": "",
        "emulatedVersion": "",
    }
    control = as_object(plain_value(subject.inputs.get("controlPlaneEndpointsConfig"))) or {}
    dns = as_object(control.get("dnsEndpointConfig"))
    if dns is not None:
        name = f"gke-{subject.hex(34)}-{subject.account.number}.{region}.gke.goog"
        result["controlPlaneEndpointsConfig"] = {**control, "dnsEndpointConfig": {"endpoint": name, **dns}}
    return result


def _node_pool(subject: OutputSubject, id_: str, project: str) -> dict[str, object]:
    zone = f"{subject.account.region}-a"
    base = f"https://www.googleapis.com/compute/v1/projects/{project}/zones/{zone}"
    name = f"gke-{id_.rpartition('/')[2]}-{subject.hex(8)}-grp"
    return {
        "instanceGroupUrls": [f"{base}/instanceGroupManagers/{name}"],
        "managedInstanceGroupUrls": [f"{base}/instanceGroups/{name}"],
        "version": "1.33.5-gke.1000000",
    }


def _database(subject: OutputSubject, id_: str, project: str) -> dict[str, object]:
    name, region = id_.rpartition("/")[2], subject.text("region") or subject.account.region
    attachment = (
        f"projects/{subject.hex(16)}-tp/regions/{region}/serviceAttachments/a-{subject.hex(12)}-psc-service-attachment"
    )
    authority = {
        "cert": b64decode(certificate(subject)).decode(),
        "commonName": "C=US,O=Google\\, Inc",
        "sha1Fingerprint": subject.hex(40),
    }
    return {
        "connectionName": f"{project}:{region}:{name}",
        "dnsName": f"{subject.hex(12)}.{subject.hex(12)}.{region}.sql.goog.",
        "pscServiceAttachmentLink": attachment,
        "serverCaCerts": [authority],
        "ipAddresses": [],
    }


def _service(subject: OutputSubject, id_: str, _project: str) -> dict[str, object]:
    name = id_.rpartition("/")[2]
    region = subject.text("location") or subject.account.region
    uri = f"https://{name}-{subject.account.number}.{region}.run.app"
    revision = f"{name}-00001-{subject.hex(3)}"
    return {
        "uri": uri,
        "urls": [uri],
        "uid": subject.guid(),
        "generation": "1",
        "observedGeneration": "1",
        "latestCreatedRevision": f"{id_}/revisions/{revision}",
        "latestReadyRevision": f"{id_}/revisions/{revision}",
    }


def _repository(subject: OutputSubject, _id: str, project: str) -> dict[str, object]:
    name = subject.named("repositoryId")
    location = subject.text("location") or subject.account.region
    form = (subject.text("format") or "docker").lower()
    host = f"{location}-{'docker' if form == 'docker' else form}.pkg.dev"
    return {"name": name, "registryUri": f"{host}/{project}/{name}"}


def _sink(subject: OutputSubject, _id: str, _project: str) -> dict[str, object]:
    agent = f"service-{subject.account.number}@gcp-sa-logging.iam.gserviceaccount.com"
    return {"writerIdentity": f"serviceAccount:{agent}"}


def _zone(subject: OutputSubject, _id: str, _project: str) -> dict[str, object]:
    if subject.text("visibility") == "private":
        return {"nameServers": ["ns-gcp-private.googledomains.com."]}
    return {"nameServers": [f"ns-cloud-a{index}.googledomains.com." for index in range(1, 5)]}


def _vertex(subject: OutputSubject, id_: str, _project: str) -> dict[str, object]:
    if subject.inputs.get("dedicatedEndpointEnabled") is not True:
        return {"dedicatedEndpointDns": "", "modelDeploymentMonitoringJob": ""}
    name = re.sub(r"\D", "", id_.rpartition("/")[2]) or subject.digits(10)
    region = subject.text("location") or subject.account.region
    dns = f"{name}.{region}-{subject.account.number}.prediction.vertexai.goog"
    return {"dedicatedEndpointDns": dns, "modelDeploymentMonitoringJob": ""}


def _address(subject: OutputSubject, _id: str, _project: str) -> dict[str, object]:
    first = "10.0" if subject.text("addressType") == "INTERNAL" else "203.0"
    return {"address": subject.text("address") or f"{first}.113.{int(subject.hex(2), 16) % 254 + 1}"}


def _lustre(subject: OutputSubject, _id: str, _project: str) -> dict[str, object]:
    return {"mountPoint": f"10.9.0.{int(subject.hex(2), 16) % 254 + 1}@tcp:/{subject.text('filesystem')}"}


_BY_TYPE: Mapping[str, _OutputsOfType] = {
    "gcp:storage/bucket:Bucket": _bucket,
    "gcp:compute/network:Network": _network,
    "gcp:compute/subnetwork:Subnetwork": _subnetwork,
    "gcp:compute/globalAddress:GlobalAddress": _address,
    "gcp:compute/address:Address": _address,
    "gcp:sql/databaseInstance:DatabaseInstance": _database,
    "gcp:container/cluster:Cluster": _cluster,
    "gcp:container/nodePool:NodePool": _node_pool,
    "gcp:cloudrunv2/service:Service": _service,
    "gcp:artifactregistry/repository:Repository": _repository,
    "gcp:logging/projectSink:ProjectSink": _sink,
    "gcp:dns/managedZone:ManagedZone": _zone,
    "gcp:vertex/aiEndpoint:AiEndpoint": _vertex,
    "gcp:lustre/instance:Instance": _lustre,
}


def type_outputs(subject: OutputSubject, id_: str) -> dict[str, object]:
    """Outputs of a resource that follow from its type alone."""
    labels = subject.inputs.get("labels", subject.inputs.get("resourceLabels"))
    result: dict[str, object] = {"effectiveLabels": labels, "pulumiLabels": labels} if labels is not None else {}
    of_type = _BY_TYPE.get(subject.token)
    if of_type is not None:
        result |= of_type(subject, id_, project_of(subject))
    return result
