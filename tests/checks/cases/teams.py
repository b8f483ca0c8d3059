"""What the namespaces of jobs, their queues, accounts and the pools say of each other."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.checks.cases.case import Around, around, case

from .layer import APOOL, FLAVOR, GPOOL, GROUP, KUEUE, QUEUE, RELEASE

Other = tuple[str, str, dict[str, Any]]
LOCAL, SPACE = f"kubernetes:{KUEUE}:LocalQueue", "kubernetes:core/v1:Namespace"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_LABELS = {"mlplatform.dev/pool": "big", "mlplatform.dev/accelerator": "H100", "mlplatform.dev/accelerator-count": "8"}


def _flavor(name: str = "big-1", pool: str = "big") -> dict[str, Any]:
    return {"metadata": {"name": name}, "spec": {"nodeLabels": {"mlplatform.dev/pool": pool}}}


def _queue(name: str, amount: str, flavor: str = "big-1", resource: str = "nvidia.com/gpu") -> Other:
    quota = {"name": resource, "nominalQuota": amount}
    group = {"coveredResources": [resource], "flavors": [{"name": flavor, "resources": [quota]}]}
    return QUEUE, "", {"metadata": {"name": name}, "spec": {"resourceGroups": [group]}}


def _group(most: int, labels: dict[str, str] | None = None) -> Other:
    return GROUP, "", {"labels": labels or _LABELS, "scalingConfig": {"maxSize": most}}


def _sliced(settings: str) -> tuple[Other, Other]:
    """A template with settings of Bottlerocket, and a group of one node that uses it."""
    data = {"userData": base64.b64encode(settings.encode()).decode()}
    return (TEMPLATE, "", data), (GROUP, "^launchTemplate", _group(1)[2])


def _gke(**accelerator: object) -> Other:
    return (
        GPOOL,
        "",
        {
            "nodeConfig": {"labels": _LABELS, "guestAccelerators": [{"type": "x", "count": 8, **accelerator}]},
            "autoscaling": {"totalMaxNodeCount": 2},
        },
    )


def _aks(**more: object) -> Other:
    return APOOL, "", {"nodeLabels": _LABELS, "maxCount": 2, **more}


def _local(namespace: str, queue: str = "a") -> Other:
    return LOCAL, "", {"metadata": {"name": "default", "namespace": namespace}, "spec": {"clusterQueue": queue}}


def _kueue(*held: str, named: bool = True, every: bool = False) -> dict[str, Any]:
    chosen = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": list(held)}
    config = {
        "manageJobsWithoutQueueName": named,
        **({} if every else {"managedJobsNamespaceSelector": {"matchExpressions": [chosen]}}),
    }
    values = {"managerConfig": {"controllerManagerConfigYaml": json.dumps(config)}}
    return {"chart": "oci://x/kueue", "name": "kueue", "namespace": "kueue-system", "values": values}


def _space(name: str, level: str | None) -> dict[str, Any]:
    labels = {"pod-security.kubernetes.io/enforce": level} if level else {}
    return {"metadata": {"name": name, "labels": labels}}


def _account(namespace: str, **annotations: str) -> Other:
    metadata = {"name": "training", "namespace": namespace, "annotations": annotations}
    return ACCOUNT, "", {"metadata": metadata}


def _association(namespace: str, role: str = "arn:aws:iam::1:role/a") -> dict[str, Any]:
    return {"namespace": namespace, "serviceAccount": "training", "roleArn": role}


def _member(namespace: str, account: str = "a") -> dict[str, Any]:
    return {"member": f"serviceAccount:p.svc.id.goog[{namespace}/training]", "serviceAccountId": account}


def _credential(namespace: str, identity: str = "a") -> dict[str, Any]:
    return {"subject": f"system:serviceaccount:{namespace}:training", "resourceName": identity}


_FABRIC = _group(2, {**_LABELS, "mlplatform.dev/fabric": "efa"})
_BIG = (FLAVOR, "", _flavor())
_GKE_NAME, _AKS_NAME = "iam.gke.io/gcp-service-account", "azure.workload.identity/client-id"
_TOKENS = {
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": _association,
    "gcp:serviceaccount/iAMMember:IAMMember": _member,
    "azure-native:managedidentity:FederatedIdentityCredential": _credential,
}
_GOOGLE = "gcp:serviceaccount/iAMMember:IAMMember"


def _shared(token: str) -> Around:
    make = _TOKENS[token]
    return around(make("a"), (token, "", make("b")), _local("a"), _local("b"), _account("a"), _account("b"))


def _served(pool: str = "big", replicas: int | None = 2) -> Other:
    """A deployment of an endpoint, whose pods take one GPU each, and one more while a replica is replaced."""
    container = {"resources": {"limits": {"nvidia.com/gpu": "1"}}}
    pod = {"nodeSelector": {"mlplatform.dev/pool": pool}, "containers": [container]}
    spec: dict[str, Any] = {"template": {"spec": pod}, "strategy": {"rollingUpdate": {"maxSurge": 1}}}
    if replicas is not None:
        spec["replicas"] = replicas
    return "kubernetes:apps/v1:Deployment", "", {"metadata": {"name": "llm", "namespace": "endpoints"}, "spec": spec}


_SCALED: Other = (
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    "",
    {"metadata": {"namespace": "endpoints"}, "spec": {"scaleTargetRef": {"name": "llm"}, "maxReplicas": 4}},
)


CASES = (
    case(
        "queue-quota",
        FLAVOR,
        [
            around(_flavor(), _group(1), _group(1), _queue("a", "8"), _queue("b", "8")),
            # what no table of accelerators has is not counted in devices
            around(_flavor(), _group(1), _queue("a", "64", resource="cpu")),
            around(_flavor(), _gke(gpuSharingConfig={"maxSharedClientsPerGpu": 2}), _queue("a", "32")),
            around(
                _flavor(),
                _aks(nodeLabels={**_LABELS, "nvidia.com/device-plugin.config": "time-slicing-4"}),
                _queue("a", "64"),
            ),
            around(_flavor(), *_sliced("replicas = 2"), _queue("a", "16")),
            around(_flavor(), *_sliced('device-partitioning-strategy = "mig"'), _queue("a", "56")),
            # a maker's profile decides how many there are
            around(_flavor(), _gke(gpuPartitionSize="1g.10gb"), _queue("a", "112")),
            around(_flavor(), _aks(gpuInstanceProfile="MIG1g"), _queue("a", "112")),
            around(_flavor(), _group(1), _queue("a", "5"), _served()),
            around(_flavor(), _group(1), _queue("a", "8"), _served(pool="other")),
        ],
        [
            around(_flavor(), _group(1), _queue("a", "6"), _served()),
            around(_flavor(), _group(1), _queue("a", "4"), _served(replicas=None), _SCALED),
            around(_flavor(), _group(1), _group(1), _queue("a", "8"), _queue("b", "9")),
            around(_flavor(), *_sliced("replicas = 2"), _queue("a", "17")),
            around(_flavor(), *_sliced(""), _queue("a", "9")),
            around(_flavor(), _gke(), _queue("a", "17")),
            around(_flavor(), _gke(gpuSharingConfig={"maxSharedClientsPerGpu": 2}), _queue("a", "33")),
            around(_flavor(), _aks(), _queue("a", "17")),
        ],
        around(_flavor(), _queue("a", "17")),
    ),
    case(
        "managed-namespaces",
        RELEASE,
        [around(_kueue("a", "b"), _local("a"), _local("b"))],
        [
            around(_kueue("a"), _local("a"), _local("b")),
            around(_kueue("a", "kube-system"), _local("a")),
            around(_kueue("a", "other"), _local("a"), (RELEASE, "", {"chart": "x", "namespace": "other"})),
            around(_kueue("a", named=False), _local("a")),
            around(_kueue(every=True), _local("a")),
        ],
        {"chart": "jobset", "namespace": "a"},
    ),
    case(
        "job-namespaces",
        SPACE,
        [
            around(_space("a", "baseline"), _local("a")),
            around(_space("a", "privileged"), _local("a"), _queue("a", "8"), _BIG, _FABRIC),
        ],
        [
            around(_space("a", None), _local("a")),
            around(_space("a", "privileged"), _local("a"), _queue("a", "8"), _BIG, _group(2)),
            around(_space("a", "privileged"), _local("a"), _queue("a", "8", "other"), _BIG, _FABRIC),
        ],
        _space("a", "privileged"),
    ),
    case(
        "job-namespaces",
        RELEASE,
        [around({"chart": "nvidia-device-plugin", "namespace": "a"}, (SPACE, "", _space("a", "privileged")))],
        [around({"chart": "nvidia-device-plugin", "namespace": "a"}, (SPACE, "", _space("a", "restricted")))],
        around({"chart": "jobset", "namespace": "a"}, (SPACE, "", _space("a", "restricted"))),
    ),
    *(
        case(
            "account-identity",
            token,
            [
                around(
                    make("a"), (token, "", make("b", "other")), _local("a"), _local("b"), _account("a"), _account("b")
                ),
                # a chart makes its own accounts
                around(make("a"), (RELEASE, "", {"chart": "x", "namespace": "a"}), _local("a")),
            ],
            [around(make("a"), _local("a")), _shared(token)],
            make("a"),
        )
        for token, make in _TOKENS.items()
    ),
    case(
        "account-identity",
        ACCOUNT,
        [
            around(_account("a", **{_GKE_NAME: "x"})[2], (_GOOGLE, "", _member("a"))),
            # an existing identity, whose trust is its owner's
            around(_account("a")[2], (_GOOGLE, "", _member("b"))),
        ],
        [around(_account("a", **{_GKE_NAME: "x"})[2], (_GOOGLE, "", _member("b")))],
    ),
    case("account-identity", LOCAL, around(_local("a")[2], _account("a")), _local("a")[2]),
)
