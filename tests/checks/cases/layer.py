"""What the layer inside the cluster and the pools say of each other."""

from __future__ import annotations

import json

from tests.checks.cases.case import DEV, TAGS, Around, around, case

RELEASE = "kubernetes:helm.sh/v3:Release"
KUEUE = "kueue.x-k8s.io/v1beta2"
FLAVOR, QUEUE = f"kubernetes:{KUEUE}:ResourceFlavor", f"kubernetes:{KUEUE}:ClusterQueue"
GROUP, GPOOL, APOOL = (
    "aws:eks/nodeGroup:NodeGroup",
    "gcp:container/nodePool:NodePool",
    "azure-native:containerservice:AgentPool",
)
MANAGED = "azure-native:containerservice:ManagedCluster"
LABELS = {"mlplatform.dev/pool": "big", "mlplatform.dev/accelerator": "H100"}
SPOT = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"
EVERY = [{"operator": "Exists"}]
POOL = (APOOL, "", {"nodeLabels": LABELS, "nodeTaints": ["nvidia.com/gpu=present:NoSchedule", SPOT]})
OTHER = (APOOL, "", {"nodeLabels": {**LABELS, "mlplatform.dev/pool": "other"}})
SYSTEM = (APOOL, "", {"nodeLabels": {"mlplatform.dev/pool": "cpu"}, "nodeTaints": ["a=b:NoSchedule"]})


def _affinity(key: str, *values: str):
    terms = [{"matchExpressions": [{"key": key, "operator": "In", "values": list(values)}]}]
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}


def _release(chart: str, **values: object):
    return {"chart": chart, "name": chart.rpartition("/")[2], "version": "1", "values": values}


def _plugin(*others: tuple[str, str, dict[str, object]], **values: object):
    return around(_release("nvidia-device-plugin", **values), *others)


def _efa(*others: tuple[str, str, dict[str, object]], **values: object):
    return around(_release("aws-efa-k8s-device-plugin", **values), *others)


def _neuron(*others: tuple[str, str, dict[str, object]], **plugin: object):
    return around(_release("neuron-helm-chart", devicePlugin=plugin), *others)


_EFA_POOL = (
    GROUP,
    "",
    {
        "labels": {**LABELS, "mlplatform.dev/fabric": "efa"},
        "taints": [{"key": "own", "value": "a", "effect": "NO_SCHEDULE"}],
    },
)
_NEURON_POOL = (
    GROUP,
    "",
    {"labels": {**LABELS, "mlplatform.dev/accelerator": "Trainium2"}, "taints": _EFA_POOL[2]["taints"]},
)
_BY_POOL = {"keys": ["mlplatform.dev/pool"], "values": ["big"]}
_BY_TYPE = {"keys": ["node.kubernetes.io/instance-type"], "values": ["p5.48xlarge"]}
OURS = _affinity("mlplatform.dev/pool", "big", "other")
GPU_ONLY = [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]


def _flavor(labels: object = None, tolerations: object = None):
    return {
        "apiVersion": KUEUE,
        "kind": "ResourceFlavor",
        "metadata": {"name": "big"},
        "spec": {"nodeLabels": labels or {"mlplatform.dev/pool": "big"}, "tolerations": tolerations or EVERY},
    }


_FITS = (FLAVOR, "", _flavor())
_ELSEWHERE = (FLAVOR, "", _flavor({"mlplatform.dev/pool": "other"}))
_TAINTS = [{"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}]
_AWS = {"labels": LABELS, "taints": _TAINTS}
_GCP = {"nodeConfig": {"labels": LABELS, "taints": _TAINTS}}
_QUEUE = (QUEUE, "", {"spec": {"resourceGroups": [{"coveredResources": ["nvidia.com/gpu"]}]}})
_CONFIG = json.dumps({"resources": {"excludeResourcePrefixes": ["cpu", "vpc.amazonaws.com/"]}})
_KUEUE = (RELEASE, "", _release("oci://x/kueue", managerConfig={"controllerManagerConfigYaml": _CONFIG}))


def _job(token: str, *names: str) -> dict[str, object]:
    pod = {"spec": {"containers": [{"name": "node", "resources": {"limits": dict.fromkeys(names, 1)}}]}}
    api, kind = token.split(":", 1)[1].rsplit(":", 1)
    head: dict[str, object] = {"apiVersion": api, "kind": kind, "metadata": {"name": "a", "namespace": "b"}}
    match kind:
        case "WorkflowTemplate":
            return {**head, "spec": {"templates": [{"name": "a", "container": pod["spec"]["containers"][0]}]}}
        case "Job":
            return {**head, "spec": {"template": pod}}
        case "JobSet":
            jobs = [{"name": "node", "template": {"spec": {"template": pod}}}]
            return {**head, "spec": {"replicatedJobs": jobs}}
        case "RayCluster":
            return {**head, "spec": {"headGroupSpec": {"template": pod}}}
        case "RayJob":
            return {**head, "spec": {"rayClusterSpec": {"headGroupSpec": {"template": pod}}}}
        case _:
            jobs = [{"name": "node", "template": {"spec": {"template": pod}}}]
            template = {"spec": {"replicatedJobs": jobs}}
            if kind == "TrainJob":
                return {**head, "spec": {"runtimePatches": [{"trainingRuntimeSpec": {"template": template}}]}}
            return {**head, "spec": {"template": template}}


_JOBS = (
    "kubernetes:argoproj.io/v1alpha1:WorkflowTemplate",
    "kubernetes:batch/v1:Job",
    "kubernetes:jobset.x-k8s.io/v1alpha2:JobSet",
    "kubernetes:ray.io/v1:RayCluster",
    "kubernetes:ray.io/v1:RayJob",
    "kubernetes:trainer.kubeflow.org/v1alpha1:ClusterTrainingRuntime",
    "kubernetes:trainer.kubeflow.org/v1alpha1:TrainingRuntime",
)


def _queued(token: str, *names: str) -> Around:
    return around(_job(token, *names), _QUEUE, _KUEUE)


_EFA, _NEURON = _EFA_POOL[2], _NEURON_POOL[2]
_BOTTLEROCKET = "BOTTLEROCKET_x86_64_NVIDIA"
_OTHER_CHART = (RELEASE, "", _release("kueue"))
_EFA_PLUGIN = (RELEASE, "", _release("aws-efa-k8s-device-plugin", supportedInstanceLabels=_BY_POOL))
_GPU_PLUGIN = (RELEASE, "", _release("nvidia-device-plugin", affinity=OURS))
_CLUSTER = ("aws:eks/cluster:Cluster", "", {"name": "ml", "version": "1.35"})


def _scaler(tag: str, cluster: str = "ml"):
    return _release("cluster-autoscaler", image={"tag": tag}, autoDiscovery={"clusterName": cluster})


_GKE = ("gcp:container/cluster:Cluster", "", {"name": "ml"})
_ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ml/copies/kueue"
_DIGEST = "sha256:" + "a" * 64
_PROD, _DEV_BUCKET = (("aws:s3/bucket:Bucket", "", {"tags": tags}) for tags in (TAGS, DEV))
_VPC, _NAT = ("aws:ec2/vpc:Vpc", "", {}), ("aws:ec2/natGateway:NatGateway", "", {})
_GNET, _GNAT = ("gcp:compute/network:Network", "", {}), ("gcp:compute/routerNat:RouterNat", "", {})
_VNET, _VNAT = ("azure-native:network:VirtualNetwork", "", {}), ("azure-native:network:NatGateway", "", {})


def _kueue_image(image: tuple[str, str]):
    return {"controllerManager": {"manager": {"image": {"repository": image[0], "tag": image[1]}}}}


def _pulling(image: str):
    pod = {"initContainers": [{"name": "a", "image": image}], "containers": []}
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {}, "spec": {"template": {"spec": pod}}}


def _nic_images(repository: str, version: str):
    driver = {"repository": repository, "image": "doca-driver", "version": "doca3"}
    if "nvcr" not in repository:
        driver["repository"] = _ECR
    plugin = {"repository": repository, "image": "plugin", "version": version}
    return {"metadata": {"name": "nic-cluster-policy"}, "spec": {"ofedDriver": driver, "sriovDevicePlugin": plugin}}


def _quota(namespace: str, scope: str):
    matches = [{"scopeName": scope, "operator": "In", "values": ["system-node-critical"]}]
    spec = {"hard": {"pods": "100"}, "scopeSelector": {"matchExpressions": matches}}
    return ("kubernetes:core/v1:ResourceQuota", "", {"metadata": {"namespace": namespace}, "spec": spec})


def _daemon(namespace: str, priority: str = "system-node-critical"):
    pod = {"spec": {"priorityClassName": priority, "containers": [{"name": "a"}]}}
    return {"kind": "DaemonSet", "metadata": {"name": "a", "namespace": namespace}, "spec": {"template": pod}}


def _claim(device: str):
    requests = [{"name": "a", "exactly": {"deviceClassName": device, "count": 8}}]
    return {"metadata": {"name": "a"}, "spec": {"spec": {"devices": {"requests": requests}}}}


def _runtime(pool: str, resources: object = None, annotations: object = None, container: str = "node"):
    spec = {"nodeSelector": {"mlplatform.dev/pool": pool}, "containers": [{"name": container, "resources": resources}]}
    job = {"template": {"spec": {"template": {"metadata": {"annotations": annotations}, "spec": spec}}}}
    return {"spec": {"template": {"spec": {"replicatedJobs": [job]}}}}


def _replica(leader: object, worker: object = None):
    def pod(resources: object) -> object:
        spec = {
            "nodeSelector": {"mlplatform.dev/pool": "big"},
            "containers": [{"name": "server", "resources": resources}],
        }
        return {"spec": spec}

    group = {"size": 2, "leaderTemplate": pod(leader), "workerTemplate": pod(worker or leader)}
    return {"spec": {"leaderWorkerTemplate": group}}


def _fabric(token: str, key: str, kind: str):
    labels = {**LABELS, "mlplatform.dev/fabric": kind, "mlplatform.dev/fabric-interfaces": "32"}
    return (token, "", {"nodeConfig": {"labels": labels}} if token == GPOOL else {key: labels})


_EFA_32, _IB_32 = _fabric(GROUP, "labels", "efa"), _fabric(APOOL, "nodeLabels", "infiniband")
_FLEX = {"queuedProvisioning": {"enabled": True}}
_NICS = {"apiVersion": "mellanox.com/v1alpha1", "kind": "NicClusterPolicy", "metadata": {"name": "a"}, "spec": {}}
_ROCE, _XO = _fabric(GPOOL, "", "roce"), _fabric(GPOOL, "", "tcpxo")
_ZERO_POOL = (GROUP, "", {"labels": LABELS, "scalingConfig": {"minSize": 0}})
_RUNTIMES = tuple(
    f"kubernetes:trainer.kubeflow.org/v1alpha1:{kind}" for kind in ("ClusterTrainingRuntime", "TrainingRuntime")
)


def _nics(*parts: str):
    spec = {part: {"image": "a"} for part in parts}
    return ("kubernetes:mellanox.com/v1alpha1:NicClusterPolicy", "", {"metadata": {"name": "a"}, "spec": spec})


def _ready(**settings: object):
    config = json.dumps({"waitForPodsReady": settings} if settings else {})
    return _release("oci://x/kueue", managerConfig={"controllerManagerConfigYaml": config})


_COUNTED = (
    APOOL,
    "",
    {"nodeLabels": {**LABELS, "mlplatform.dev/accelerator-count": "8"}, "nodeTaints": ["own=a:NoSchedule"]},
)


def _placed(selector: object, tolerations: object, **limits: object):
    spec = {"nodeSelector": selector, "tolerations": tolerations, "containers": [{"resources": {"limits": limits}}]}
    job = {"template": {"spec": {"template": {"spec": spec}}}}
    return {"spec": {"template": {"spec": {"replicatedJobs": [job]}}}}


_BIG = {"mlplatform.dev/pool": "big"}
_STEPS = "kubernetes:argoproj.io/v1alpha1:WorkflowTemplate"


def _step(selector: object, tolerations: object = None, claim: str = "store-data", **limits: object):
    template = {
        "name": "step-a",
        "container": {"image": "a", "resources": {"limits": limits} if limits else {}},
        "nodeSelector": selector,
        "tolerations": tolerations,
        "volumes": [{"name": "a", "persistentVolumeClaim": {"claimName": claim}}],
        "metadata": {"labels": {"kueue.x-k8s.io/queue-name": "default"}},
        "serviceAccountName": "pipelines",
    }
    return {"metadata": {"name": "a", "namespace": "pipelines"}, "spec": {"templates": [{"name": "main"}, template]}}


def _gang(pool: str, **limits: object):
    pod = {
        "nodeSelector": {"mlplatform.dev/pool": pool},
        "tolerations": EVERY,
        "serviceAccountName": "pipelines",
        "containers": [{"image": "a", "resources": {"limits": limits}}],
    }
    job = {"template": {"spec": {"template": {"spec": pod}}}}
    manifest = json.dumps({"metadata": {"generateName": "a-"}, "spec": {"replicatedJobs": [job]}})
    template = {"name": "step-a", "resource": {"action": "create", "manifest": manifest}}
    return {"metadata": {"name": "a", "namespace": "pipelines"}, "spec": {"templates": [template]}}


def _there(namespace: str = "pipelines", queue: str = "default", account: str = "pipelines"):
    def named(name: str) -> dict[str, object]:
        return {"metadata": {"name": name, "namespace": namespace}}

    return (
        (f"kubernetes:{KUEUE}:LocalQueue", "", named(queue)),
        ("kubernetes:core/v1:ServiceAccount", "", named(account)),
        ("kubernetes:core/v1:PersistentVolumeClaim", "", named("store-data")),
    )


_TURNS = {"nvidia.com/device-plugin.config": "time-slicing-16"}


def _gke_pool(most: int, clients: int):
    sharing = {"gpuSharingStrategy": "TIME_SHARING", "maxSharedClientsPerGpu": clients}
    accelerators = [{"type": "a", "count": 8, "gpuSharingConfig": sharing}]
    labels = _COUNTED[2]["nodeLabels"]
    return {"maxPodsPerNode": most, "nodeConfig": {"labels": labels, "guestAccelerators": accelerators}}


def _system(token: str, machine: str, most: int, pool: str = "system") -> dict[str, object]:
    labels = {"mlplatform.dev/pool": pool}
    if token == GROUP:
        return {"labels": labels, "instanceTypes": [machine], "scalingConfig": {"maxSize": most}}
    if token == GPOOL:
        return {
            "nodeConfig": {"labels": labels, "machineType": machine},
            "autoscaling": {"totalMaxNodeCount": most},
        }
    half = {"name": "system1", "vmSize": machine}
    return {"agentPoolProfiles": [{**half, "maxCount": most - most // 2}, {**half, "maxCount": most // 2}]}


def _controllers(replicas: int, **requests: str):
    manager = {"manager": {"resources": {"requests": requests}}} if requests else {}
    return (RELEASE, "", _release("kueue", controllerManager={"replicas": replicas, **manager}))


def _own_pods(kind: str, cpu: str, **spec: object):
    container = {"name": "a", "resources": {"requests": {"cpu": cpu, "memory": "1Gi"}}}
    template = {"spec": {"containers": [container], **spec}}
    replicas = {"replicas": 3} if kind == "Deployment" else {}
    return (f"kubernetes:apps/v1:{kind}", "", {"metadata": {"name": "own"}, "spec": {**replicas, "template": template}})


_OWN_POOL = {"nodeSelector": {"mlplatform.dev/pool": "big"}}
OTHERS = {"affinity": OURS}
_FOUR_CPUS = {GROUP: "m7i.xlarge", GPOOL: "n4-standard-4", MANAGED: "Standard_D4ds_v5"}

CASES = (
    case(
        "pods-ready",
        RELEASE,
        around(_ready(timeout="30m", requeuingStrategy={"timestamp": "Eviction"}), POOL),
        [
            around(_ready(), POOL),
            around(_release("kueue"), POOL),
            around(_ready(enable=False, timeout="30m"), POOL),
            around(_ready(blockAdmission=True), POOL),
            around(_ready(timeout="30m", requeuingStrategy={"backoffLimitCount": 5}), POOL),
        ],
        [_ready(), around(_ready(), SYSTEM), around(_release("jobset"), POOL)],
    ),
    *(
        case(
            "runtime-placement",
            token,
            [
                around(_placed(_BIG, EVERY, **{"nvidia.com/gpu": "8"}), _COUNTED),
                around(_placed(_BIG, [{"key": "own", "operator": "Exists"}], cpu="200"), _COUNTED),
                around(_placed({"mlplatform.dev/pool": "cpu"}, EVERY), SYSTEM),
                # Kueue adds what the pool's flavor tolerates
                around(_placed(_BIG, None), _COUNTED, _FITS),
                # what its nodes offer is not known
                around(_placed(_BIG, EVERY, **{"nvidia.com/gpu": "99"}), POOL),
            ],
            [
                around(_placed(None, EVERY), _COUNTED),
                around(_placed({"mlplatform.dev/accelerator": "H100"}, EVERY), _COUNTED),
                around(_placed({"mlplatform.dev/pool": "gone"}, EVERY), _COUNTED),
                around(_placed(_BIG, None), _COUNTED),
                around(_placed(_BIG, GPU_ONLY), _COUNTED),
                around(_placed(_BIG, GPU_ONLY), _COUNTED, _ELSEWHERE),
                around(_placed(_BIG, EVERY, **{"nvidia.com/gpu": "9"}), _COUNTED),
                around(_placed(_BIG, EVERY, **{"amd.com/gpu": "8"}), _COUNTED),
                around(_placed({"mlplatform.dev/pool": "cpu"}, EVERY, **{"nvidia.com/gpu": 1}), SYSTEM),
            ],
            _placed(_BIG, EVERY),
        )
        for token in _RUNTIMES
    ),
    case(
        "step-placement",
        _STEPS,
        [
            around(_step(_BIG, EVERY, **{"nvidia.com/gpu": "8"}), _COUNTED, *_there()),
            # Kueue adds what the pool's flavor tolerates to pods with devices
            around(_step(_BIG, **{"nvidia.com/gpu": "8"}), _COUNTED, _FITS, *_there()),
            around(_step(_BIG, EVERY), _COUNTED, *_there()),
            around(_gang("big", **{"nvidia.com/gpu": "8"}), _COUNTED, *_there()),
        ],
        [
            around(_gang("gone"), _COUNTED, *_there()),
            around(_gang("big", **{"nvidia.com/gpu": "9"}), _COUNTED, *_there()),
            around(_gang("big"), _COUNTED, *_there(account="training")),
            around(_step(None, EVERY), _COUNTED, *_there()),
            around(_step({"mlplatform.dev/pool": "gone"}, EVERY), _COUNTED, *_there()),
            around(_step(_BIG), _COUNTED, _FITS, *_there()),
            around(_step(_BIG, **{"nvidia.com/gpu": "8"}), _COUNTED, _ELSEWHERE, *_there()),
            around(_step(_BIG, EVERY, **{"nvidia.com/gpu": "9"}), _COUNTED, *_there()),
            around(_step(_BIG, EVERY, **{"amd.com/gpu": "1"}), _COUNTED, *_there()),
            around(_step(_BIG, EVERY), _COUNTED, *_there("training")),
            around(_step(_BIG, EVERY), _COUNTED, *_there(queue="team")),
            around(_step(_BIG, EVERY), _COUNTED, *_there(account="training")),
            around(_step(_BIG, EVERY, claim="store-models"), _COUNTED, *_there()),
        ],
        _step(_BIG, EVERY),
    ),
    case(
        "fabric-zone",
        GROUP,
        around({**_EFA_32[2], "subnetIds": ["a"]}),
        [around({**_EFA_32[2], "subnetIds": ["a"]}, _EFA_32), around({**_EFA_32[2], "subnetIds": ["a", "b"]})],
        around({"labels": LABELS, "subnetIds": ["a", "b"]}),
    ),
    case(
        "fabric-zone",
        GPOOL,
        [{**_XO[2], "nodeLocations": ["a"]}, _ROCE[2], {**_XO[2], "nodeLocations": ["a", "b"], **_FLEX}],
        {**_XO[2], "nodeLocations": ["a", "b"]},
        {**_GCP, "nodeLocations": ["a", "b"]},
    ),
    case(
        "fabric-zone",
        APOOL,
        [{**_IB_32[2], "availabilityZones": ["1"]}, _IB_32[2]],
        {**_IB_32[2], "availabilityZones": ["1", "2"]},
        {"nodeLabels": LABELS, "availabilityZones": ["1", "2"]},
    ),
    case(
        "node-pods",
        GPOOL,
        [_gke_pool(64, 4), _gke_pool(32, 1)],
        [_gke_pool(32, 4), _gke_pool(21, 1)],
        [{"maxPodsPerNode": 8}, _GCP],
    ),
    case(
        "node-pods",
        APOOL,
        [{**_COUNTED[2], "maxPods": 110}, {"nodeLabels": {**_COUNTED[2]["nodeLabels"], **_TURNS}, "maxPods": 250}],
        [{**_COUNTED[2], "maxPods": 20}, {"nodeLabels": {**_COUNTED[2]["nodeLabels"], **_TURNS}, "maxPods": 110}],
        [{"maxPods": 8}, POOL[2]],
    ),
    case(
        "kind-version",
        "kubernetes:mellanox.com/v1alpha1:NicClusterPolicy",
        around(_NICS, (RELEASE, "", _release("network-operator"))),
        [
            around({**_NICS, "apiVersion": "mellanox.com/v1"}, (RELEASE, "", _release("network-operator"))),
            around(_NICS, _OTHER_CHART),
        ],
        around(_NICS),
    ),
    case(
        "critical-priority",
        RELEASE,
        [
            around({**_release("nvidia-device-plugin"), "namespace": "kube-system"}, _GKE),
            around({**_release("nvidia-device-plugin"), "namespace": "a"}, _GKE, _quota("a", "PriorityClass")),
            around({**_release("kueue"), "namespace": "a"}, _GKE),
            around({**_release("nvidia-device-plugin", priorityClassName="mine"), "namespace": "a"}, _GKE),
        ],
        [
            around({**_release("nvidia-device-plugin"), "namespace": "a"}, _GKE),
            around({**_release("kueue", priorityClassName="system-cluster-critical"), "namespace": "a"}, _GKE),
            around({**_release("nvidia-device-plugin"), "namespace": "a"}, _GKE, _quota("b", "PriorityClass")),
            around({**_release("nvidia-device-plugin"), "namespace": "a"}, _GKE, _quota("a", "BestEffort")),
        ],
        {**_release("nvidia-device-plugin"), "namespace": "a"},
    ),
    *(
        case(
            "critical-priority",
            f"kubernetes:apps/v1:{kind}",
            [
                around(_daemon("kube-system"), _GKE),
                around(_daemon("a"), _GKE, _quota("a", "PriorityClass")),
                around(_daemon("a", "low"), _GKE),
            ],
            around(_daemon("a"), _GKE),
            _daemon("a"),
        )
        for kind in ("DaemonSet", "Deployment")
    ),
    case(
        "claims-from-zero",
        "kubernetes:resource.k8s.io/v1:ResourceClaimTemplate",
        [
            around(_claim("mrdma.google.com"), (GPOOL, "", {**_GCP, "autoscaling": {"minNodeCount": 0}})),
            around(_claim("efa.networking.k8s.aws"), (GROUP, "", {"labels": LABELS, "scalingConfig": {"minSize": 1}})),
            around(_claim("gpu.nvidia.com"), (GPOOL, "", {**_GCP, "autoscaling": {"totalMinNodeCount": 1}})),
            around(_claim("gpu.nvidia.com"), (APOOL, "", {"nodeLabels": LABELS, "minCount": 2})),
        ],
        [
            around(_claim("efa.networking.k8s.aws"), _ZERO_POOL),
            around(_claim("gpu.nvidia.com"), (GPOOL, "", {**_GCP, "autoscaling": {"minNodeCount": 0}})),
            around(_claim("gpu.nvidia.com"), (APOOL, "", {"nodeLabels": LABELS, "minCount": 0})),
        ],
        _claim("gpu.nvidia.com"),
    ),
    *(
        case(
            "fabric-request",
            token,
            [
                around(_runtime("big", {"limits": {"vpc.amazonaws.com/efa": "32"}}), _EFA_32),
                around(_runtime("big", {"limits": {"rdma/ib": "32"}}), _IB_32),
                around(_runtime("big", {"limits": {"rdma/shared_ib": "1"}}), _IB_32),
                around(_runtime("big", {"claims": [{"name": "fabric"}]}), _ROCE),
                around(_runtime("big", annotations={"networking.gke.io/interfaces": "[]"}), _XO),
                around(_runtime("other"), _EFA_32),
                around(_runtime("big"), POOL),
            ],
            [
                around(_runtime("big", {"limits": {"nvidia.com/gpu": "8"}}), _EFA_32),
                around(_runtime("big", {"limits": {"vpc.amazonaws.com/efa": "4"}}), _EFA_32),
                around(_runtime("big", {"limits": {"vpc.amazonaws.com/efa": "32"}}, container="main"), _EFA_32),
                around(_runtime("big"), _IB_32),
                around(_runtime("big", {"limits": {"rdma/ib": "32"}}), _ROCE),
                around(_runtime("big", annotations={"a": "b"}), _XO),
            ],
            _runtime("big"),
        )
        for token in _RUNTIMES
    ),
    case(
        "fabric-request",
        "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet",
        [
            around(_replica({"limits": {"vpc.amazonaws.com/efa": "32"}}), _EFA_32),
            around(_replica({"claims": [{"name": "fabric"}]}), _ROCE),
            around(_replica({"limits": {"nvidia.com/gpu": "8"}}), POOL),
        ],
        [
            around(_replica({"limits": {"vpc.amazonaws.com/efa": "32"}}, {"limits": {"nvidia.com/gpu": "8"}}), _EFA_32),
            around(_replica({"limits": {"rdma/ib": "4"}}), _IB_32),
        ],
        _replica({"limits": {}}),
    ),
    *(
        case(
            rule,
            RELEASE,
            [
                around(_release("oci://x/kueue", **_kueue_image(good)), *others),
                # no chart of ours: nobody knows its images
                around(_release("other"), *others),
            ],
            [
                around(_release("oci://x/kueue", **_kueue_image(bad)), *others),
                around(_release("oci://x/kueue"), *others),
            ],
            around(_release("oci://x/kueue"), *free),
        )
        for rule, good, bad, others, free in (
            ("cluster-image-digest", (_ECR, f"v1@{_DIGEST}"), (_ECR, "v1"), (_PROD,), (_DEV_BUCKET,)),
            ("cluster-image-source", (_ECR, "v1"), ("quay.io/kueue", f"v1@{_DIGEST}"), (_VPC,), (_VPC, _NAT)),
        )
    ),
    *(
        case(
            rule,
            "kubernetes:apps/v1:DaemonSet",
            around(_pulling(good), *others),
            around(_pulling(bad), *others),
            around(_pulling(bad), *free),
        )
        for rule, good, bad, others, free in (
            ("cluster-image-digest", f"{_ECR}@{_DIGEST}", f"{_ECR}:v1", (_PROD,), (_DEV_BUCKET,)),
            ("cluster-image-source", f"{_ECR}:v1", "nvcr.io/nvidia/a:v1", (_VPC,), (_VPC, _NAT)),
            ("cluster-image-source", "us-docker.pkg.dev/a/b:v1", "ubuntu/a:v1", (_GNET,), (_GNET, _GNAT)),
            ("cluster-image-source", "own.azurecr.io/a:v1", "mcr.microsoft.com/a:v1", (_VNET,), (_VNET, _VNAT)),
        )
    ),
    *(
        case(
            rule,
            "kubernetes:mellanox.com/v1alpha1:NicClusterPolicy",
            around(_nic_images(*good), *others),
            around(_nic_images(*bad), *others),
        )
        for rule, good, bad, others in (
            ("cluster-image-digest", (_ECR, _DIGEST), (_ECR, "v1"), (_PROD,)),
            ("cluster-image-source", (_ECR, "v1"), ("nvcr.io/nvidia", "v1"), (_VPC,)),
        )
    ),
    case(
        "daemon-tolerations",
        RELEASE,
        [
            _plugin(POOL, tolerations=EVERY, affinity=OURS),
            _plugin(POOL, tolerations=GPU_ONLY, affinity=_affinity("mlplatform.dev/pool", "elsewhere")),
            _plugin(SYSTEM, tolerations=GPU_ONLY, affinity=OURS),
            _efa(_EFA_POOL, tolerations=EVERY, supportedInstanceLabels=_BY_POOL),
            _neuron(_NEURON_POOL, tolerations=EVERY, affinity=OURS),
        ],
        [
            _plugin(POOL, tolerations=GPU_ONLY, affinity=OURS),
            _plugin(POOL, affinity=OURS),
            _efa(_EFA_POOL, tolerations=GPU_ONLY, supportedInstanceLabels=_BY_POOL),
            around(_release("dcgm-exporter", tolerations=GPU_ONLY), POOL),
            _neuron(_NEURON_POOL, affinity=OURS),
        ],
        around(_release("kueue")),
    ),
    case(
        "daemon-placement",
        RELEASE,
        [
            _plugin(POOL, OTHER, affinity=OURS),
            _plugin(SYSTEM, affinity=OURS),
            around(_release("dcgm-exporter"), POOL),
            _efa(_EFA_POOL, supportedInstanceLabels=_BY_POOL),
            _efa(_NEURON_POOL),
            _neuron(_NEURON_POOL, affinity=OURS),
            _neuron(_EFA_POOL),
        ],
        [
            _efa(_EFA_POOL),
            _efa(_EFA_POOL, supportedInstanceLabels=_BY_TYPE),
            _neuron(_NEURON_POOL),
            _plugin(POOL),
            _plugin(POOL, affinity=_affinity("feature.node.kubernetes.io/pci-10de.present", "true")),
            _plugin(POOL, affinity=OURS, nodeSelector={"a": "b"}),
        ],
        around(_release("kueue")),
    ),
    case(
        "device-plugin",
        GROUP,
        [
            around({**_EFA, "amiType": _BOTTLEROCKET}, _EFA_PLUGIN),
            around(_NEURON, (RELEASE, "", _release("neuron-helm-chart", devicePlugin={"affinity": OURS}))),
        ],
        [
            around({**_EFA, "amiType": _BOTTLEROCKET}, _OTHER_CHART),
            around({**_EFA, "amiType": _BOTTLEROCKET}, _EFA_PLUGIN, _GPU_PLUGIN),
            around({**_EFA, "amiType": "AL2023_x86_64_NVIDIA"}, _EFA_PLUGIN),
            around(_NEURON, _OTHER_CHART),
        ],
        [_EFA, around({"labels": {"mlplatform.dev/pool": "cpu"}}, _OTHER_CHART)],
    ),
    case("device-plugin", GPOOL, around(_GCP, _OTHER_CHART), around(_GCP, _GPU_PLUGIN), _GCP),
    case(
        "device-plugin",
        APOOL,
        around(POOL[2], _GPU_PLUGIN),
        [
            around(POOL[2], _OTHER_CHART),
            around(POOL[2], _GPU_PLUGIN, (RELEASE, "", _release("gpu-operator"))),
            around(POOL[2], (RELEASE, "", _release("nvidia-device-plugin"))),
        ],
        POOL[2],
    ),
    case(
        "device-plugin",
        APOOL,
        around(_IB_32[2], _GPU_PLUGIN, _nics("sriovDevicePlugin")),
        [
            around(_IB_32[2], _GPU_PLUGIN),
            around(_IB_32[2], _GPU_PLUGIN, _nics("ofedDriver")),
            around(_IB_32[2], _GPU_PLUGIN, _nics("sriovDevicePlugin", "rdmaSharedDevicePlugin")),
        ],
    ),
    case(
        "gpu-operator",
        RELEASE,
        around(_release("gpu-operator"), (APOOL, "", {"gpuProfile": {"driver": "None"}})),
        around(_release("gpu-operator"), (APOOL, "", {"gpuProfile": {"driver": "Install"}})),
        around(_release("kueue"), (APOOL, "", {"gpuProfile": {"driver": "Install"}})),
    ),
    case(
        "autoscaler-version",
        RELEASE,
        around(_scaler("v1.35.2"), _CLUSTER),
        [
            around(_scaler("v1.34.5"), _CLUSTER),
            around(_release("cluster-autoscaler", autoDiscovery={"clusterName": "ml"}), _CLUSTER),
            around(_scaler("v1.35.2", "other"), _CLUSTER),
        ],
        [_scaler("v1.34.5"), around(_release("kueue"), _CLUSTER)],
    ),
    case(
        "queue-flavors",
        FLAVOR,
        [around(_flavor(), POOL, OTHER)],
        [
            around(_flavor({"mlplatform.dev/pool": "gone"}), POOL),
            around(_flavor({"mlplatform.dev/accelerator": "H100"}), POOL, OTHER),
            around(_flavor(tolerations=GPU_ONLY), POOL),
        ],
        around(_flavor()),
    ),
    case("queue-flavors", GROUP, around(_AWS, _FITS), around(_AWS, _ELSEWHERE), [_AWS, around({}, _FITS)]),
    case("queue-flavors", GPOOL, around(_GCP, _FITS), around(_GCP, _ELSEWHERE), _GCP),
    case("queue-flavors", APOOL, around(POOL[2], _FITS), around(POOL[2], _ELSEWHERE), POOL[2]),
    *(
        case(
            "queue-resources",
            token,
            [_queued(token, "nvidia.com/gpu", "cpu", "vpc.amazonaws.com/efa")],
            [_queued(token, "nvidia.com/gpu", "rdma/ib")],
            around(_job(token, "rdma/ib")),
        )
        for token in _JOBS
    ),
    case(
        "kind-version",
        FLAVOR,
        around(_flavor(), _KUEUE),
        [
            around({**_flavor(), "apiVersion": "kueue.x-k8s.io/v1beta1"}, _KUEUE),
            around(_flavor(), (RELEASE, "", _release("jobset"))),
        ],
        around(_flavor()),
    ),
    case(
        "single-controller",
        RELEASE,
        [
            around(_release("kubeflow-trainer", jobset={"install": False}), (RELEASE, "", _release("jobset"))),
            around(_release("kubeflow-trainer")),
        ],
        [
            around(_release("kubeflow-trainer"), (RELEASE, "", _release("jobset"))),
            around(_release("kueue"), (RELEASE, "", _release("oci://x/kueue"))),
        ],
    ),
    *(
        case(
            "system-pool-room",
            token,
            [
                around(_system(token, machine, 2), _controllers(5)),
                around(_system(token, machine, 2), _controllers(2), _own_pods("Deployment", "2", **_OWN_POOL)),
                around(_system(token, machine, 2), _controllers(2), _own_pods("DaemonSet", "2", **OTHERS)),
            ],
            [
                around(_system(token, machine, 1), _controllers(6)),
                # enough in all, and no node takes the one pod
                around(_system(token, machine, 6), _controllers(1, cpu="3", memory="1Gi")),
                around(_system(token, machine, 6), _controllers(1, cpu="1", memory="12Gi")),
                # two pods of 1.5 CPUs do not share a node of 2.8
                around(_system(token, machine, 3), _controllers(4, cpu="1500m", memory="1Gi")),
                around(_system(token, machine, 2), _own_pods("Deployment", "2")),
                # a daemon takes its part of every node
                around(_system(token, machine, 2), _controllers(5), _own_pods("DaemonSet", "2")),
            ],
            [_system(token, machine, 1), around(_system(token, "", 1), _controllers(6))],
        )
        for token, machine in _FOUR_CPUS.items()
    ),
)
