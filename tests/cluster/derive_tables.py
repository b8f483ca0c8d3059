"""Writes the tables of kinds from what others publish: `python -m tests.cluster.derive_tables CRDS OUTPUT`.

Of custom resources, everything in their definitions (CRDs) but their status; pods in them are Kubernetes' own type. Of
Kubernetes' own kinds, the types of Pulumi's SDK, without what no object of this platform has.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import yaml

from mlplatform.providers.schema import resource_schema
from mlplatform.providers.types import EnumOf, ListOf, MapOf, ObjectOf, Scalar, SchemaType, UnionOf

CRD_FILES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "kueue": (
        "kueue-v0.19.2",
        "https://github.com/kubernetes-sigs/kueue/tree/v0.19.2/config/components/crd/bases",
        (
            "admissionchecks",
            "clusterqueues",
            "cohorts",
            "localqueues",
            "provisioningrequestconfigs",
            "resourceflavors",
            "topologies",
            "workloadpriorityclasses",
        ),
    ),
    "jobset": (
        "jobset-v0.12.0",
        "https://github.com/kubernetes-sigs/jobset/tree/v0.12.0/config/components/crd/bases",
        ("jobsets",),
    ),
    "lws": (
        "lws-v0.10.0",
        "https://github.com/kubernetes-sigs/lws/tree/v0.10.0/charts/lws/crds",
        ("leaderworkersets",),
    ),
    "trainer": (
        "trainer-v2.3.0",
        "https://github.com/kubeflow/trainer/tree/v2.3.0/manifests/base/crds",
        ("clustertrainingruntimes", "trainingruntimes", "trainjobs"),
    ),
    "ray": (
        "kuberay-v1.7.0",
        "https://github.com/ray-project/kuberay/tree/v1.7.0/helm-chart/kuberay-operator/crds",
        ("rayclusters", "rayjobs", "rayservices"),
    ),
    "rollouts": (
        "argo-rollouts-2.41.0",
        "https://github.com/argoproj/argo-helm/tree/argo-rollouts-2.41.0/charts/argo-rollouts/templates/crds",
        ("analysistemplates", "rollouts"),
    ),
    "argo": (
        "argo-workflows-1.0.18",
        "https://github.com/argoproj/argo-helm/tree/argo-workflows-1.0.18/charts/argo-workflows/files/crds/full",
        ("workflowtemplates",),
    ),
    "external-secrets": (
        "external-secrets-2.9.0",
        "https://github.com/external-secrets/external-secrets/tree/v2.9.0/config/crds/bases",
        ("secretstores",),
    ),
}
"""By table: folder, source, and the kinds' plural names."""

CORE: Mapping[str, str] = {
    "v1/ConfigMap": "namespace",
    "v1/LimitRange": "namespace",
    "v1/Namespace": "cluster",
    "v1/PersistentVolume": "cluster",
    "v1/PersistentVolumeClaim": "namespace",
    "v1/ResourceQuota": "namespace",
    "v1/Secret": "namespace",
    "v1/Service": "namespace",
    "v1/ServiceAccount": "namespace",
    "apps/v1/DaemonSet": "namespace",
    "apps/v1/Deployment": "namespace",
    "autoscaling/v2/HorizontalPodAutoscaler": "namespace",
    "batch/v1/CronJob": "namespace",
    "batch/v1/Job": "namespace",
    "networking.k8s.io/v1/NetworkPolicy": "namespace",
    "policy/v1/PodDisruptionBudget": "namespace",
    "rbac.authorization.k8s.io/v1/ClusterRole": "cluster",
    "rbac.authorization.k8s.io/v1/ClusterRoleBinding": "cluster",
    "rbac.authorization.k8s.io/v1/Role": "namespace",
    "rbac.authorization.k8s.io/v1/RoleBinding": "namespace",
    "resource.k8s.io/v1/DeviceClass": "cluster",
    "resource.k8s.io/v1/ResourceClaimTemplate": "namespace",
    "scheduling.k8s.io/v1/PriorityClass": "cluster",
    "storage.k8s.io/v1/CSIDriver": "cluster",
    "storage.k8s.io/v1/StorageClass": "cluster",
}
"""Kinds of Kubernetes itself, and whether they are in a namespace."""

LEFT_OUT = frozenset(
    {
        "status", "managedFields", "ownerReferences", "creationTimestamp", "deletionTimestamp", "uid", "selfLink",
        "resourceVersion", "generation", "deletionGracePeriodSeconds", "clusterName",
        # volumes that these clusters do not have, and what is only for debugging
        "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "fc", "flexVolume", "flocker",
        "gcePersistentDisk", "gitRepo", "glusterfs", "iscsi", "photonPersistentDisk", "portworxVolume", "quobyte",
        "rbd", "scaleIO", "storageos", "vsphereVolume", "ephemeralContainers", "windowsOptions",
        # of Ray and JobSet
        "networkPolicy", "historyServerOptions", "headService", "volumeClaimPolicies", "serveService",
        "gcsFaultToleranceOptions", "volumeClaimTemplate",
    }
)  # fmt: skip
"""Fields that no object of the platform has."""

NOT_OURS: Mapping[str, frozenset[str]] = {
    "rollouts": frozenset(
        {
            "activeMetadata", "analysis", "analysisRunMetadata", "antiAffinity", "authentication", "canary",
            "cloudWatch", "datadog", "dryRun", "fieldRef", "graphite", "headers", "influxdb", "kayenta",
            "measurementRetention", "newRelic", "plugin", "previewMetadata", "rangeQuery", "rollbackWindow",
            "secretKeyRef", "skywalking", "wavefront", "web", "workloadRef",
            # of a job that measures
            "backoffLimitPerIndex", "completionMode", "completions", "managedBy", "manualSelector",
            "maxFailedIndexes", "parallelism", "podFailurePolicy", "podReplacementPolicy", "successPolicy", "suspend",
        }
    ),
    "argo": frozenset(
        {
            # of a workflow
            "affinity", "artifactGC", "artifactRepositoryRef", "automountServiceAccountToken",
            "daemon", "dnsConfig", "executor", "hooks", "hostAliases", "imagePullSecrets", "memoize", "metrics",
            "onExit",
            "plugin", "podGC", "podMetadata", "podDisruptionBudget", "priorityClassName", "schedulerName",
            "schedulingConstraints", "securityContext", "shutdown", "suspend", "synchronization", "templateDefaults",
            "templateRef", "ttlStrategy", "volumeClaimGC", "volumeClaimTemplates", "workflowMetadata",
            "workflowTemplateRef",
            # of a template
            "annotations", "containerSet", "data", "failFast", "http", "initContainers", "inline",
            "parallelism",
            "flags", "manifestFrom", "mergeStrategy",
            "script", "sidecars", "steps", "timeout", "withItems", "withParam", "withSequence",
            # of a container
            "lifecycle", "livenessProbe", "readinessProbe", "resizePolicy", "restartPolicyRules", "startupProbe",
            "volumeDevices",
            # of an artefact
            "archiveLogs", "artifactory", "deleted", "fromExpression", "git", "globalName", "hdfs", "optional", "oss",
            "raw", "recurseMode", "subPath", "tar", "zip", "accessKeySecret", "secretKeySecret", "sessionTokenSecret",
            "accountKeySecret", "serviceAccountKeySecret", "caSecret", "encryptionOptions", "createBucketIfNotPresent",
            "configMapKeyRef", "supplied", "event", "expression", "jqFilter", "jsonPath",
        }
    ),
    "external-secrets": frozenset(
        {
            # vaults of others
            "akeyless", "barbican", "beyondtrust", "beyondtrustworkloadcredentials",
            "bitwardensecretsmanager", "chef", "cloudrusm", "conjur", "crd", "delinea", "doppler",
            "dvls", "fake", "fortanix", "github", "gitlab", "ibm", "infisical", "keepersecurity",
            "provider.kubernetes", "nebiusmysterybox", "ngrok", "onboardbase", "onepassword", "onepasswordSDK",
            "openBao", "oracle", "ovh", "passbolt", "passworddepot", "previder", "pulumi", "scaleway",
            "secretserver", "senhasegura", "volcengine", "webhook", "yandexcertificatemanager",
            "yandexlockbox",
            # other ways to log in
            "additionalRoles", "authSecretRef", "conditions", "controller", "customCloudConfig",
            "customSessionTags", "externalID", "identityId", "retrySettings", "secretRef",
            "secretsManager", "sessionTags", "sessionTagsPolicy", "transitiveTagKeys",
            "workloadIdentityFederation",
            # of Vault, which a cloud of another package may have
            "appRole", "auth.namespace", "caBundle", "caProvider", "cert", "checkAndSet", "forwardInconsistent",
            "headers", "iam", "ldap", "readYourWrites", "tls", "tokenSecretRef", "userPass", "vault.auth.gcp",
            "vault.auth.jwt",
        }
    ),
}  # fmt: skip
"""By table: further fields that no object of the platform has. Argo repeats pods and artefacts in dozens of places."""

OWN_TYPES: Mapping[str, frozenset[str]] = {
    "EnvVar": frozenset({"name", "valueFrom"}),
    "EnvFromSource": frozenset({"configMapRef", "secretRef"}),
    "SecurityContext": frozenset({"allowPrivilegeEscalation"}),
    "ResourceRequirements": frozenset({"limits", "requests"}),
    "VolumeMount": frozenset({"mountPath", "name"}),
    "LabelSelector": frozenset({"matchExpressions", "matchLabels"}),
}
"""Kubernetes' types that definitions repeat in full, by properties that tell them."""

VOLUME = frozenset({"name", "emptyDir", "hostPath", "persistentVolumeClaim"})
"""Properties that tell a volume; engines that patch pods have volumes of their own, which are read as they stand."""

_ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]

PRECISE: Mapping[str, Mapping[str, object]] = {
    "Toleration.operator": {"enum": ["Exists", "Equal", "Lt", "Gt"]},
    "Toleration.effect": {"enum": ["NoSchedule", "PreferNoSchedule", "NoExecute"]},
    "LabelSelectorRequirement.operator": {"enum": ["In", "NotIn", "Exists", "DoesNotExist"]},
    "NodeSelectorRequirement.operator": {"enum": ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]},
    "ScopedResourceSelectorRequirement.operator": {"enum": ["In", "NotIn", "Exists", "DoesNotExist"]},
    "PodSpec.restartPolicy": {"enum": ["Always", "OnFailure", "Never"]},
    "PodSpec.dnsPolicy": {"enum": ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]},
    "Container.imagePullPolicy": {"enum": ["Always", "IfNotPresent", "Never"]},
    "Container.restartPolicy": {"enum": ["Always", "OnFailure", "Never"]},
    "EmptyDirVolumeSource.medium": {"enum": ["", "Memory", "HugePages", "HugePages-2Mi", "HugePages-1Gi"]},
    "HostPathVolumeSource.type": {
        "enum": ["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"]
    },
    "SeccompProfile.type": {"enum": ["RuntimeDefault", "Unconfined", "Localhost"]},
    "storage.k8s.io/v1/StorageClass.reclaimPolicy": {"enum": ["Delete", "Retain"]},
    "storage.k8s.io/v1/StorageClass.volumeBindingMode": {"enum": ["Immediate", "WaitForFirstConsumer"]},
    "scheduling.k8s.io/v1/PriorityClass.preemptionPolicy": {"enum": ["PreemptLowerPriority", "Never"]},
    "scheduling.k8s.io/v1/PriorityClass.value": {"min": -2147483648, "max": 1000000000},
    "NetworkPolicySpec.policyTypes[]": {"enum": ["Ingress", "Egress"]},
    "NetworkPolicyPort.protocol": {"enum": ["TCP", "UDP", "SCTP"]},
    "ContainerPort.protocol": {"enum": ["TCP", "UDP", "SCTP"]},
    "RoleRef.kind": {"enum": ["Role", "ClusterRole"]},
    "Subject.kind": {"enum": ["User", "Group", "ServiceAccount"]},
    "ResourceRequirements.limits{}": {"type": "quantity"},
    "ResourceRequirements.requests{}": {"type": "quantity"},
    "VolumeResourceRequirements.limits{}": {"type": "quantity"},
    "VolumeResourceRequirements.requests{}": {"type": "quantity"},
    "ResourceQuotaSpec.hard{}": {"type": "quantity"},
    "EmptyDirVolumeSource.sizeLimit": {"type": "quantity"},
    "PersistentVolumeSpec.capacity{}": {"type": "quantity"},
    "CSIDriverSpec.fsGroupPolicy": {"enum": ["ReadWriteOnceWithFSType", "File", "None"]},
    "PersistentVolumeSpec.accessModes[]": {"enum": _ACCESS_MODES},
    "PersistentVolumeClaimSpec.accessModes[]": {"enum": _ACCESS_MODES},
    "PersistentVolumeSpec.persistentVolumeReclaimPolicy": {"enum": ["Delete", "Recycle", "Retain"]},
    **{f"LimitRangeItem.{name}{{}}": {"type": "quantity"} for name in ("default", "defaultRequest", "max", "min")},
    "JobSpec.completionMode": {"enum": ["NonIndexed", "Indexed"]},
}
"""What the SDK does not say of Kubernetes' own types: https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.35/"""

IMMUTABLE = frozenset(
    {
        "storage.k8s.io/v1/StorageClass.provisioner", "storage.k8s.io/v1/StorageClass.parameters",
        "storage.k8s.io/v1/StorageClass.reclaimPolicy", "storage.k8s.io/v1/StorageClass.volumeBindingMode",
        "scheduling.k8s.io/v1/PriorityClass.value", "scheduling.k8s.io/v1/PriorityClass.preemptionPolicy",
        "rbac.authorization.k8s.io/v1/RoleBinding.roleRef", "rbac.authorization.k8s.io/v1/ClusterRoleBinding.roleRef",
        "DaemonSetSpec.selector", "DeploymentSpec.selector", "JobSpec.selector", "JobSpec.template",
        "CSIDriverSpec.attachRequired", "PersistentVolumeSpec.csi",
        "PersistentVolumeClaimSpec.accessModes", "PersistentVolumeClaimSpec.volumeName",
        "PersistentVolumeClaimSpec.storageClassName", "PersistentVolumeClaimSpec.volumeMode",
    }
)  # fmt: skip
"""What the API server lets nobody change of Kubernetes' own kinds."""

Lines = Iterator[tuple[str, dict[str, object]]]


def read_crd(folder: Path, table: str, plural: str) -> dict[str, Any]:
    """A published definition."""
    name, _, _ = CRD_FILES[table]
    (file,) = (folder / name).glob(f"*_{plural}.yaml.gz")
    return cast("dict[str, Any]", yaml.safe_load(gzip.decompress(file.read_bytes())))


def stored(crd: Mapping[str, Any]) -> Mapping[str, Any]:
    """The version of a definition that is stored."""
    return next(version for version in crd["spec"]["versions"] if version["storage"])


def crd_lines(schema: Mapping[str, Any], path: str, required: bool, table: str = "") -> Lines:
    """The fields of an object in a definition."""
    facts: dict[str, object] = {}
    kind = schema.get("type")
    below: list[tuple[str, Mapping[str, Any], bool]] = []
    if schema.get("x-kubernetes-int-or-string"):
        facts["type"] = "quantity"
    elif kind == "object":
        properties = schema.get("properties", {})
        values = schema.get("additionalProperties")
        if own := own_type(schema, table):
            facts["type"] = f"ref:{own}"
        elif path.endswith("metadata") or schema.get("x-kubernetes-embedded-resource"):
            facts["type"] = "ref:ObjectMeta"
        elif properties:
            facts["type"] = "object"
            needed = schema.get("required", ())
            below = [(f"{path}.{name}".lstrip("."), value, name in needed) for name, value in properties.items()]
        elif isinstance(values, Mapping):
            facts["type"] = "map"
            below = [(f"{path}{{}}", cast("Mapping[str, Any]", values), False)]
        else:
            facts["type"] = "any"
    elif kind == "array":
        facts["type"] = "list"
        below = [(f"{path}[]", schema["items"], False)]
    else:
        facts["type"] = kind or "any"
    names = {
        "enum": "enum", "pattern": "pattern", "minLength": "min", "maxLength": "max", "minItems": "min",
        "maxItems": "max", "minProperties": "min", "maxProperties": "max", "minimum": "min", "maximum": "max",
    }  # fmt: skip
    facts |= {ours: schema[theirs] for theirs, ours in names.items() if theirs in schema}
    if required:
        facts["required"] = True
    if "default" in schema and required:
        # the API server fills it in before it looks
        del facts["required"]
    rules = [rule["rule"] for rule in schema.get("x-kubernetes-validations", ())]
    if "self == oldSelf" in rules:
        facts["immutable"] = True
    if path:
        yield path, facts
    for name, value, needed in below:
        left_out = LEFT_OUT | NOT_OURS.get(table, frozenset())
        parts = name.split(".")
        ends = {".".join(parts[-count:]) for count in range(1, len(parts) + 1)}
        if left_out.isdisjoint(ends) and name not in ("apiVersion", "kind"):
            yield from crd_lines(value, name, needed, table)


def own_type(schema: Mapping[str, Any], table: str = "") -> str:
    """Kubernetes' own type that an object of a definition repeats; empty for none."""
    properties = schema.get("properties", {})
    spec = properties.get("spec", {}).get("properties", {})
    if "containers" in spec and "volumes" in spec:
        return "PodTemplateSpec"
    if table == "rollouts" and "valueFrom" in properties:
        # arguments of measurements look like variables
        return ""
    if table == "argo":
        if properties.keys() >= VOLUME:
            return "Volume"
        if "globalName" in properties:
            # Argo's own values look like variables
            return ""
    return next((name for name, marks in OWN_TYPES.items() if marks <= properties.keys()), "")


class Core:
    """The fields of Kubernetes' own types, each type once."""

    def __init__(self) -> None:
        self.types: dict[str, list[tuple[str, dict[str, object]]]] = {}

    def kind(self, name: str) -> list[tuple[str, dict[str, object]]]:
        api, _, kind = name.rpartition("/")
        token = f"kubernetes:{api if '/' in api else f'core/{api}'}:{kind}"
        schema = resource_schema(token)
        assert schema is not None, token
        return list(self._fields(schema.inputs, name))

    def _fields(self, schema: ObjectOf, owner: str) -> Lines:
        for name, prop in schema.properties.items():
            # of a kind itself, every object has these two; inside of one they are fields as others
            if name in LEFT_OUT or (name in ("apiVersion", "kind") and owner in CORE):
                continue
            for path, facts in self._value(name, prop.type, name in schema.required):
                facts |= PRECISE.get(f"{owner}.{path}", {})
                yield path, {**facts, "immutable": True} if f"{owner}.{path}" in IMMUTABLE else facts

    def _value(self, path: str, type_: SchemaType, required: bool) -> Lines:
        facts: dict[str, object] = {}
        match type_:
            case Scalar(kind=kind):
                facts["type"] = "any" if kind in ("any", "asset") else kind
            case EnumOf(values=values):
                facts |= {"type": "string", "enum": list(values)}
            case ListOf(item=item):
                facts["type"] = "list"
                below = self._value(f"{path}[]", item, False)
            case MapOf(value=value):
                facts["type"] = "map"
                below = self._value(f"{path}{{}}", value, False)
            case UnionOf():
                facts["type"] = "quantity"
            case ObjectOf():
                short = type_.name.rpartition(".")[2].removesuffix("Args")
                facts["type"] = f"ref:{short}"
                if short not in self.types:
                    self.types[short] = []
                    self.types[short] = list(self._fields(type_, short))
        if required:
            facts["required"] = True
        yield path, facts
        if facts["type"] in ("list", "map"):
            yield from below


def text(value: object) -> str:
    """A value of TOML."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case list():
            return "[" + ", ".join(text(item) for item in cast("list[object]", value)) + "]"
        case _:
            return f"'{value}'" if "\\" in str(value) else f'"{value}"'


def line(path: str, facts: Mapping[str, object]) -> str:
    """One field of a table."""
    return f'"{path}" = {{ ' + ", ".join(f"{name} = {text(value)}" for name, value in facts.items()) + " }"


def crd_table(folder: Path, table: str) -> str:
    """The table of one project's kinds."""
    _, source, plurals = CRD_FILES[table]
    parts = [f'source = "{source}"\n']
    for plural in plurals:
        crd = read_crd(folder, table, plural)
        version, names = stored(crd), crd["spec"]["names"]
        scope = "namespace" if crd["spec"]["scope"] == "Namespaced" else "cluster"
        head = f"{crd['spec']['group']}/{version['name']}/{names['kind']}"
        parts.append(f'[kinds."{head}"]\nscope = "{scope}"\nplural = "{plural}"\n[kinds."{head}".fields]')
        schema = version["schema"]["openAPIV3Schema"]
        parts += [line(path, facts) for path, facts in crd_lines(schema, "", False, table)]
        parts[-1] += "\n"
    return "\n".join(parts)


def core_table() -> str:
    """The table of Kubernetes' own kinds."""
    core = Core()
    kinds = {name: core.kind(name) for name in CORE}
    parts = [
        'source = "https://github.com/pulumi/pulumi-kubernetes/tree/v4.34.2/provider/cmd (Kubernetes 1.36 OpenAPI)"\n'
    ]
    for name, fields in kinds.items():
        parts.append(f'[kinds."{name}"]\nscope = "{CORE[name]}"\nplural = "{_plural(name)}"\n[kinds."{name}".fields]')
        parts += [line(path, facts) for path, facts in fields]
        parts[-1] += "\n"
    for name, fields in sorted(core.types.items()):
        parts.append(f'[types."{name}"]')
        parts += [line(path, facts) for path, facts in fields]
        parts[-1] += "\n"
    return "\n".join(parts)


def _plural(name: str) -> str:
    kind = name.rpartition("/")[2].lower()
    if kind.endswith("y"):
        return f"{kind[:-1]}ies"
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"


def main(crds: Path, output: Path) -> None:
    """Write all tables."""
    for table in CRD_FILES:
        (output / f"{table}.toml").write_text(crd_table(crds, table), "utf-8")
    (output / "core.toml").write_text(core_table(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
