"""What an API server refuses, by the compact tables: planted errors, each with the words that tell what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from mlplatform.providers.accounts import Account
from mlplatform.providers.check import check_resource
from mlplatform.providers.kubernetes.check import check_kubernetes_change
from mlplatform.providers.kubernetes.tables import fixed_paths
from mlplatform.providers.unique import UniqueNames

KUEUE = "kueue.x-k8s.io/v1beta2"


def queue(**spec: object) -> dict[str, Any]:
    """A queue that is accepted, with other settings where they are given."""
    quota = {"name": "nvidia.com/gpu", "nominalQuota": "8"}
    groups = [{"coveredResources": ["nvidia.com/gpu"], "flavors": [{"name": "big", "resources": [quota]}]}]
    return {
        "apiVersion": KUEUE,
        "kind": "ClusterQueue",
        "metadata": {"name": "team"},
        "spec": {"cohortName": "all", "resourceGroups": groups, **spec},
    }


def object_of(api: str, kind: str, **body: object) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "one"}, **body}


def refusals(body: dict[str, Any]) -> str:
    api = body["apiVersion"]
    token = f"kubernetes:{api if '/' in api else f'core/{api}'}:{body['kind']}"
    return "\n".join(str(each) for each in check_resource(token, "one", body))


def test_what_an_api_server_accepts_passes() -> None:
    assert refusals(queue()) == ""
    namespaced = {"name": "one", "namespace": "training"}
    pod = {"containers": [{"name": "node", "image": "a:1", "resources": {"limits": {"nvidia.com/gpu": 8}}}]}
    assert refusals(object_of("v1", "ServiceAccount", metadata=namespaced)) == ""
    body = object_of(
        "trainer.kubeflow.org/v1alpha1",
        "ClusterTrainingRuntime",
        spec={
            "mlPolicy": {"numNodes": 1, "torch": {}},
            "template": {
                "spec": {"replicatedJobs": [{"name": "node", "template": {"spec": {"template": {"spec": pod}}}}]}
            },
        },
    )
    assert refusals(body) == ""


BIG, SMALL = {"name": "nvidia.com/gpu", "nominalQuota": "8"}, {"name": "cpu", "nominalQuota": "1"}
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "more than a ConfigMap holds": (
        object_of("v1", "ConfigMap", metadata={"name": "one", "namespace": "airflow"}, data={"a": "ü" * 524_289}),
        "1048578 bytes",
    ),
    "a template that no server keeps": (
        object_of(
            "argoproj.io/v1alpha1",
            "WorkflowTemplate",
            metadata={"name": "one", "namespace": "pipelines"},
            spec={"templates": [{"name": "a", "container": {"image": "a:1", "command": ["x" * 1_600_000]}}]},
        ),
        "what etcd takes",
    ),
    "the queue's old name of its cohort": (queue(cohort="all"), "the field 'cohort'"),
    "a service of Ray that another controller has": (
        object_of(
            "ray.io/v1",
            "RayService",
            metadata={"name": "one", "namespace": "training"},
            spec={
                "managedBy": "me",
                "rayClusterConfig": {"headGroupSpec": {"template": {"spec": {"containers": []}}}},
            },
        ),
        "one of ray.io/kuberay-operator",
    ),
    "a store of secrets in two vaults": (
        object_of(
            "external-secrets.io/v1",
            "SecretStore",
            metadata={"name": "vault", "namespace": "training"},
            spec={"provider": {"gcpsm": {"projectID": "acme"}, "azurekv": {"vaultUrl": "https://a.vault.azure.net"}}},
        ),
        "at most 1",
    ),
    "a vault without the role of its readers": (
        object_of(
            "external-secrets.io/v1",
            "SecretStore",
            metadata={"name": "vault", "namespace": "training"},
            spec={
                "provider": {
                    "vault": {"server": "https://vault.example", "auth": {"kubernetes": {"mountPath": "kubernetes"}}}
                }
            },
        ),
        "role",
    ),
    "a monitor of Google's collector that does not say how often": (
        object_of(
            "monitoring.googleapis.com/v1",
            "PodMonitoring",
            metadata={"name": "one", "namespace": "training"},
            spec={"selector": {}, "endpoints": [{"port": 8080}]},
        ),
        "interval",
    ),
    "a monitor of Azure's collector with another way to write a minute": (
        object_of(
            "azmonitoring.coreos.com/v1",
            "PodMonitor",
            metadata={"name": "one", "namespace": "training"},
            spec={"selector": {}, "podMetricsEndpoints": [{"port": "metrics", "interval": "1 min"}]},
        ),
        "a text that matches",
    ),
    "an old version": ({**queue(), "apiVersion": "kueue.x-k8s.io/v1beta1"}, "the version that is stored"),
    "borrowing without a cohort": (
        queue(
            cohortName=None,
            resourceGroups=[
                {
                    "coveredResources": ["nvidia.com/gpu"],
                    "flavors": [{"name": "big", "resources": [{**BIG, "borrowingLimit": "4"}]}],
                }
            ],
        ),
        "nobody to borrow from",
    ),
    "fewer quotas than resources": (
        queue(
            resourceGroups=[
                {"coveredResources": ["cpu", "nvidia.com/gpu"], "flavors": [{"name": "a", "resources": [BIG]}]}
            ]
        ),
        "one for each of coveredResources",
    ),
    "a resource in two groups": (
        queue(
            resourceGroups=[
                {"coveredResources": ["cpu"], "flavors": [{"name": "a", "resources": [SMALL]}]},
                {"coveredResources": ["cpu"], "flavors": [{"name": "b", "resources": [SMALL]}]},
            ]
        ),
        "in one group",
    ),
    "a topology without labels": (
        object_of(KUEUE, "ResourceFlavor", spec={"topologyName": "blocks"}),
        "at least one with topologyName",
    ),
    "a toleration of everything that names a value": (
        object_of(KUEUE, "ResourceFlavor", spec={"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]}),
        "none with Exists",
    ),
    "a level twice": (
        object_of(KUEUE, "Topology", spec={"levels": [{"nodeLabel": "a"}, {"nodeLabel": "a"}]}),
        "each level once",
    ),
    "a strategy that there is not": (queue(queueingStrategy="LIFO"), "'StrictFIFO'"),
    "a job's name that begins with a digit": (
        object_of(
            "trainer.kubeflow.org/v1alpha1",
            "TrainJob",
            metadata={"name": "1bad", "namespace": "training"},
            spec={"runtimeRef": {"name": "torch"}},
        ),
        "with a letter first",
    ),
    "the patches of pods of an old Trainer": (
        object_of(
            "trainer.kubeflow.org/v1alpha1",
            "TrainJob",
            metadata={"name": "bad", "namespace": "training"},
            spec={"runtimeRef": {"name": "torch"}, "podTemplateOverrides": []},
        ),
        "the field 'podTemplateOverrides'",
    ),
    "a namespaced kind without a namespace": (object_of(KUEUE, "LocalQueue", spec={"clusterQueue": "a"}), "in one"),
    "a cluster's kind in a namespace": (
        {**queue(), "metadata": {"name": "a", "namespace": "b"}},
        "of the whole cluster",
    ),
    "a name in capitals": ({**queue(), "metadata": {"name": "Team"}}, "lower-case letters"),
    "a label's value that is too long": (
        {**queue(), "metadata": {"name": "a", "labels": {"a": "b" * 64}}},
        "at most 63",
    ),
    "a field of the wrong type": (
        object_of("v1", "ConfigMap", metadata={"name": "a", "namespace": "b"}, data={"a": 1}),
        "text",
    ),
    "a required field": (object_of("storage.k8s.io/v1", "StorageClass"), "provisioner"),
    "an unknown kind": (object_of("acme.example/v1", "Widget"), "a kind of the tables"),
    "a taint's effect": (
        object_of(KUEUE, "ResourceFlavor", spec={"nodeTaints": [{"key": "a", "effect": "Never"}]}),
        "NoSchedule",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_a_planted_error_is_refused(what: str) -> None:
    body, words = BAD[what]
    assert words in refusals(body)


def test_the_length_of_a_ports_name_says_nothing_of_its_number() -> None:
    endpoint = {"port": 8080, "interval": "30s"}
    metadata = {"name": "one", "namespace": "training"}
    spec = {"selector": {}, "endpoints": [endpoint]}
    body = object_of("monitoring.googleapis.com/v1", "PodMonitoring", metadata=metadata, spec=spec)
    assert not check_resource("kubernetes:monitoring.googleapis.com/v1:PodMonitoring", "a", body)
    endpoint["port"] = ""
    assert "spec.endpoints[0].port" in refusals(body)


def test_an_unpinned_release_is_refused() -> None:
    found = check_resource("kubernetes:helm.sh/v3:Release", "a", {"chart": "kueue", "name": "kueue"})
    assert [each.path for each in found] == ["version"]


def test_two_objects_of_one_name_are_refused_also_at_two_versions() -> None:
    names = UniqueNames(Account.sample("aws"))
    for api, urn in (("v1beta1", "a"), ("v1beta2", "b")):
        refused = names.add(f"kubernetes:kueue.x-k8s.io/{api}:ClusterQueue", queue(), urn)
    assert refused is not None
    assert "'team', which a already has" in refused.got
    other = {"metadata": {"name": "one", "namespace": "b"}}
    token = "kubernetes:core/v1:ServiceAccount"
    assert names.add(token, {"metadata": {"name": "one", "namespace": "a"}}, "c") is None
    assert names.add(token, other, "d") is None


def test_what_cannot_be_changed_is_refused() -> None:
    token = f"kubernetes:{KUEUE}:LocalQueue"
    old, new = {"spec": {"clusterQueue": "a"}}, {"spec": {"clusterQueue": "b"}}
    assert [each.path for each in check_kubernetes_change(token, old, new)] == ["spec.clusterQueue"]
    assert check_kubernetes_change(token, old, old) == []
    flavor = f"kubernetes:{KUEUE}:ResourceFlavor"
    labels = [{"spec": {"topologyName": "t", "nodeLabels": {"a": each}}} for each in ("b", "c")]
    assert [each.path for each in check_kubernetes_change(flavor, *labels)] == ["spec.nodeLabels"]
    storage = "kubernetes:storage.k8s.io/v1:StorageClass"
    keys = [{"provisioner": "p", "parameters": {"key": each}} for each in ("a", "b")]
    assert [each.path for each in check_kubernetes_change(storage, *keys)] == ["parameters"]


@pytest.mark.parametrize(
    ("api", "kind", "path"),
    [
        ("v1", "PersistentVolumeClaim", "spec.volumeName"),
        ("v1", "PersistentVolume", "spec.csi"),
        ("apps/v1", "Deployment", "spec.selector"),
        # a change of a DaemonSet's selector the provider itself sends to the API server, which refuses it
        ("apps/v1", "DaemonSet", "spec.selector"),
        ("batch/v1", "Job", "spec.template"),
        ("storage.k8s.io/v1", "CSIDriver", "spec.attachRequired"),
        ("trainer.kubeflow.org/v1alpha1", "ClusterTrainingRuntime", "spec.template.spec.network"),
        ("scheduling.k8s.io/v1", "PriorityClass", "value"),
    ],
)
def test_what_cannot_be_changed_is_replaced_however_deep_it_is(api: str, kind: str, path: str) -> None:
    assert path in fixed_paths(api, kind)
