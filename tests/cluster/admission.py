"""What happens to a job that somebody sends: Kueue's rules, pod security, and whether its pods find nodes.

Written from the rules of the projects and not from the code that renders jobs:
https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/, https://kubernetes.io/docs/concepts/security/pod-security-standards/,
https://docs.cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes (most memory of the three clouds) and
https://learn.microsoft.com/azure/aks/node-resource-reservations (most CPUs).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, cast

from mlplatform.cluster.content import layer_items
from mlplatform.cluster.facts import AnyNodes, LayerContext, PoolNodes
from mlplatform.cluster.items import ChartRelease
from mlplatform.cluster.objects.base import Taint
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.spec.gpu_sharing import Mig, TimeSlicing

Body = Mapping[str, Any]

_UNITS = {"m": Fraction(1, 1000), "": Fraction(1), "Mi": Fraction(2**20), "Gi": Fraction(2**30)}
_BASELINE = frozenset(
    (
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"),
        *("SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    )
)
"""Capabilities that the level `baseline` admits."""

_DAEMONS = {"cpu": Fraction(1), "memory": Fraction(3 * 2**29)}
"""What the daemons of a node ask for together, generously."""


class Admission:
    """The layer of one target as the API server has it."""

    def __init__(self, layer: LayerContext) -> None:
        items = layer_items(layer)
        self.layer = layer
        self.objects: list[Body] = [wire_object(item.body) for item in items if not isinstance(item.body, ChartRelease)]
        kueue = next(item.body for item in items if item.role == "release-kueue")
        values = cast("Any", cast("ChartRelease", kueue).values)
        self.settings: Any = json.loads(values["managerConfig"]["controllerManagerConfigYaml"])

    def refusals(self, job: Body) -> list[str]:
        """Why a job is refused, or waits for ever; nothing where it runs."""
        return list(self._refusals(job))

    def _refusals(self, job: Body) -> Iterator[str]:
        namespace, labels = job["metadata"]["namespace"], job["metadata"]["labels"]
        place = self._find("Namespace", namespace)
        if place is None:
            yield f"namespaces {namespace!r} not found"
            return
        if self._find("WorkloadPriorityClass", labels["kueue.x-k8s.io/priority-class"]) is None:
            yield "no such WorkloadPriorityClass"
        local = self._find("LocalQueue", labels["kueue.x-k8s.io/queue-name"], namespace)
        queue = self._find("ClusterQueue", local["spec"]["clusterQueue"]) if local else None
        if queue is None:
            yield "LocalQueue or ClusterQueue doesn't exist"
            return
        if queue["spec"]["namespaceSelector"]["matchLabels"] != {"kubernetes.io/metadata.name": namespace}:
            yield "the workload's namespace doesn't match the ClusterQueue's selector"
        try:
            sets = list(self._pod_sets(job))
        except LookupError as error:
            yield str(error)
            return
        level = place["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        chosen = defaultdict[tuple[str, str], Fraction](Fraction)
        for count, pod in sets:
            if self._find("ServiceAccount", pod.get("serviceAccountName", "default"), namespace) is None:
                yield f"serviceaccount {pod.get('serviceAccountName')!r} not found"
            yield from pod_security(level, pod)
            for claim in pod.get("resourceClaims", ()):
                if self._find("ResourceClaimTemplate", claim["resourceClaimTemplateName"], namespace) is None:
                    yield f"no claim template {claim['resourceClaimTemplateName']!r}"
            counted = {name: amount for name, amount in _asked(pod).items() if not self._excluded(name)}
            counted |= self._claimed(pod, namespace)
            tolerations, selector = list(pod.get("tolerations", ())), dict(pod.get("nodeSelector", {}))
            for group, names in self._groups(queue, counted):
                if group is None:
                    yield f"resource {names[0]} unavailable in ClusterQueue"
                    continue
                flavor = self._flavor(group, selector, tolerations)
                if flavor is None:
                    yield "couldn't assign flavors: no flavor matches selector and tolerations"
                    continue
                for name in names:
                    chosen[flavor["metadata"]["name"], name] += counted[name] * count
                tolerations += flavor["spec"].get("tolerations", ())
                selector |= flavor["spec"]["nodeLabels"]
            yield from self._schedule(count, pod, selector, tolerations)
        for (flavor_name, name), amount in chosen.items():
            if amount > (most := self._most(queue, flavor_name, name)):
                yield f"insufficient quota for {name} in flavor {flavor_name}: {amount} of {most}"

    def _find(self, kind: str, name: str, namespace: str | None = None) -> Body | None:
        for body in self.objects:
            metadata = body["metadata"]
            if (body["kind"], metadata["name"], metadata.get("namespace")) == (kind, name, namespace):
                return body
        return None

    def _pod_sets(self, job: Body) -> Iterator[tuple[int, Body]]:
        spec = job["spec"]
        match job["kind"]:
            case "TrainJob":
                trainer = spec["trainer"]
                runtime = self._find("ClusterTrainingRuntime", spec["runtimeRef"]["name"])
                if runtime is None:
                    raise LookupError(f"runtime {spec['runtimeRef']['name']!r} not found")
                pod = _pod(runtime["spec"]["template"]["spec"]["replicatedJobs"][0]["template"]["spec"])
                (node, *others) = pod["containers"]
                own = trainer.get("resourcesPerNode", {})
                merged = {
                    part: {**node["resources"].get(part, {}), **own.get(part, {})} for part in ("requests", "limits")
                }
                yield trainer["numNodes"], {**pod, "containers": [{**node, "resources": merged}, *others]}
            case "JobSet":
                for each in spec["replicatedJobs"]:
                    yield each["template"]["spec"]["parallelism"], _pod(each["template"]["spec"])
            case "Job":
                yield spec["parallelism"], _pod(spec)
            case "RayJob":
                cluster = spec["rayClusterSpec"]
                yield 1, _pod(cluster["headGroupSpec"])
                for each in cluster["workerGroupSpecs"]:
                    yield each["replicas"], _pod(each)
            case kind:
                raise LookupError(f"no matches for kind {kind!r}")

    def _excluded(self, name: str) -> bool:
        return name.startswith(tuple(self.settings["resources"]["excludeResourcePrefixes"]))

    def _claimed(self, pod: Body, namespace: str) -> dict[str, Fraction]:
        found: dict[str, Fraction] = {}
        for claim in pod.get("resourceClaims", ()):
            template = self._find("ResourceClaimTemplate", claim["resourceClaimTemplateName"], namespace)
            for request in template["spec"]["spec"]["devices"]["requests"] if template else ():
                exactly = request["exactly"]
                mapped = [
                    each["name"]
                    for each in self.settings["resources"].get("deviceClassMappings", ())
                    if exactly["deviceClassName"] in each["deviceClassNames"]
                ]
                name = mapped[0] if mapped else f"DeviceClass {exactly['deviceClassName']}"
                found[name] = Fraction(exactly["count"])
        return found

    def _groups(self, queue: Body, counted: Mapping[str, Fraction]) -> Iterator[tuple[Body | None, list[str]]]:
        left = sorted(counted)
        for group in queue["spec"].get("resourceGroups", ()):
            if names := [name for name in left if name in group["coveredResources"]]:
                yield group, names
                left = [name for name in left if name not in names]
        for name in left:
            yield None, [name]

    def _flavor(self, group: Body, selector: Mapping[str, str], tolerations: Sequence[Body]) -> Body | None:
        for quota in group["flavors"]:
            flavor = self._find("ResourceFlavor", quota["name"])
            if flavor is None:
                continue
            spec = flavor["spec"]
            matches = all(selector.get(key, value) == value for key, value in spec["nodeLabels"].items())
            all_tolerations = [*tolerations, *spec.get("tolerations", ())]
            if matches and all(_tolerated(taint, all_tolerations) for taint in spec.get("nodeTaints", ())):
                return flavor
        return None

    def _most(self, queue: Body, flavor: str, name: str) -> Fraction:
        """What a queue can have at most: its own, and what its cohort lends."""
        own, borrow, lent = Fraction(0), None, Fraction(0)
        for other in (body for body in self.objects if body["kind"] == "ClusterQueue"):
            if other["spec"]["cohortName"] != queue["spec"]["cohortName"]:
                continue
            for quota in _quotas(other, flavor, name):
                if other is queue:
                    own += Fraction(quota["nominalQuota"])
                    borrow = quota.get("borrowingLimit")
                else:
                    lent += Fraction(quota.get("lendingLimit", quota["nominalQuota"]))
        return own + (lent if borrow is None else min(lent, Fraction(borrow)))

    def _schedule(
        self, count: int, pod: Body, selector: Mapping[str, str], tolerations: Sequence[Body]
    ) -> Iterator[str]:
        if not selector:
            # the cluster's own nodes
            return
        fitting = [
            nodes
            for nodes in self.layer.all_pools
            if selector.items() <= _labels(nodes).items()
            and all(_tolerated(_taint(taint), tolerations) for taint in nodes.taints)
        ]
        if not fitting:
            yield f"no node matches {dict(selector)} with the pod's tolerations"
            return
        asked = _asked(pod)
        for nodes in fitting:
            has = _allocatable(nodes)
            if short := sorted(name for name, amount in asked.items() if amount > has.get(name, 0)):
                yield f"a node of {nodes.pool.name} has too little {short[0]}"
                return
            each = min(int(has[name] // amount) for name, amount in asked.items() if amount)
            if count > each * nodes.pool.max_nodes:
                yield f"{count} pods, and {nodes.pool.name} has room for {each * nodes.pool.max_nodes}"


def _pod(holder: Body) -> Body:
    return holder["template"]["spec"]


def _quantity(text: str) -> Fraction:
    digits = text.rstrip("mMGi")
    return Fraction(digits) * _UNITS[text[len(digits) :]]


def _asked(pod: Body) -> dict[str, Fraction]:
    """What a pod asks for: all containers, and those that run beside them."""
    total = defaultdict[str, Fraction](Fraction)
    for container in (*pod["containers"], *pod.get("initContainers", ())):
        resources = container.get("resources", {})
        for name, text in {**resources.get("limits", {}), **resources.get("requests", {})}.items():
            total[name] += _quantity(text)
    return dict(total)


def _quotas(queue: Body, flavor: str, name: str) -> Iterator[Body]:
    for group in queue["spec"].get("resourceGroups", ()):
        for each in group["flavors"]:
            if each["name"] == flavor:
                yield from (quota for quota in each["resources"] if quota["name"] == name)


def _taint(taint: Taint) -> Body:
    return {"key": taint.key, "value": taint.value, "effect": taint.effect}


def _tolerated(taint: Body, tolerations: Sequence[Body]) -> bool:
    return taint["effect"] == "PreferNoSchedule" or any(
        each.get("key") in (None, taint["key"])
        and each.get("effect") in (None, taint["effect"])
        and (each.get("operator") == "Exists" or each.get("value", "") == taint["value"])
        for each in tolerations
    )


def _labels(nodes: AnyNodes) -> dict[str, str]:
    """Labels of the template, and those that GKE sets where GPUs are shared."""
    shared: dict[str, str] = {}
    match nodes.pool.sharing if isinstance(nodes, PoolNodes) else None:
        case TimeSlicing(clients=clients):
            shared = {
                "cloud.google.com/gke-gpu-sharing-strategy": "time-sharing",
                "cloud.google.com/gke-max-shared-clients-per-gpu": str(clients),
            }
        case Mig(profile=profile):
            shared = {"cloud.google.com/gke-gpu-partition-size": profile}
        case None:
            pass
    return {**nodes.labels, **(nodes.given or {}), **shared}


def _allocatable(nodes: AnyNodes) -> dict[str, Fraction]:
    """What a node has for pods, less its daemons; of a fabric, what the machine has."""
    memory, reserved = Fraction(nodes.machine.memory_gib), Fraction(0)
    for size, part in ((4, "0.25"), (4, "0.2"), (8, "0.1"), (112, "0.06"), (None, "0.02")):
        step = memory if size is None else min(memory, Fraction(size))
        memory, reserved = memory - step, reserved + step * Fraction(part)
    has = {
        "cpu": Fraction(nodes.machine.vcpus) * Fraction("0.98") - Fraction("0.06") - _DAEMONS["cpu"],
        "memory": (Fraction(nodes.machine.memory_gib) - reserved - Fraction("0.1")) * 2**30 - _DAEMONS["memory"],
    }
    if isinstance(nodes, PoolNodes):
        has[nodes.resource] = Fraction(nodes.devices)
        if fabric := nodes.fabric:
            has |= {name: Fraction(fabric.interfaces) for name in ("vpc.amazonaws.com/efa", "rdma/ib")}
            # Bottlerocket's and AKS' images reserve 5128 pages of 2 MiB
            has["hugepages-2Mi"] = Fraction(5128 * 2 * 2**20)
    return has


def pod_security(level: str, pod: Body) -> Iterator[str]:
    if level == "privileged":
        return
    if any("hostPath" in volume for volume in pod.get("volumes", ())):
        yield f"violates PodSecurity {level!r}: hostPath volumes"
    if pod.get("hostNetwork") or pod.get("hostPID"):
        yield f"violates PodSecurity {level!r}: host namespaces"
    for container in (*pod["containers"], *pod.get("initContainers", ())):
        security = container.get("securityContext", {})
        if security.get("privileged"):
            yield f"violates PodSecurity {level!r}: privileged"
        if set(security.get("capabilities", {}).get("add", ())) - _BASELINE:
            yield f"violates PodSecurity {level!r}: non-default capabilities"
