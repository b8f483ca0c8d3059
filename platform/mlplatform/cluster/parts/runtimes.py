"""A runtime per pool and framework: a job that names it has the pool's devices, fabric and identity by itself."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.cluster.facts import AnyNodes, DeviceClaim, LayerContext, PoolNodes
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import Metadata
from mlplatform.cluster.objects.device_claims import (
    ClaimBody,
    ClaimTemplateSpec,
    DeviceRequest,
    DeviceRequests,
    ExactDevices,
    ResourceClaimTemplate,
)
from mlplatform.cluster.objects.trainer import ClusterTrainingRuntime, JobSetTemplate, MlPolicy, RuntimeSpec
from mlplatform.cluster.parts.gangs import gang_pools
from mlplatform.cluster.parts.pods import SET_ENV, default_devices, job_set, pod_template
from mlplatform.cluster.parts.runtime_images import FRAMEWORKS, Framework, RuntimeImage, runtime_image
from mlplatform.cluster.pod_facts import PodWiring, WiresPods
from mlplatform.cluster.wiring import claim_name
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE


def runtime_name(framework: Framework, nodes: AnyNodes) -> str:
    """Name of the runtime of a framework on a pool: `torch-pretrain`."""
    return f"{framework}-{nodes.pool.name}"


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """Trainer's runtimes, and the claims of fabrics that come by a claim."""
    spec = layer.spec
    engines = spec.cluster.engines if spec.cluster else ()
    wire = discovery.backend(spec.targets[0].cloud).load(WiresPods)
    for nodes in layer.all_pools:
        if isinstance(nodes, PoolNodes) and nodes.claim:
            yield fabric_claim(nodes, nodes.claim, spec.access.training_namespace)
            if any(each.pool.name == nodes.pool.name for each in gang_pools(layer)):
                yield fabric_claim(nodes, nodes.claim, PIPELINES_NAMESPACE)
            for team in spec.cluster.teams if spec.cluster else ():
                if nodes.pool.name in team.quota:
                    yield fabric_claim(nodes, nodes.claim, team.namespace)
        if "trainer" not in engines:
            continue
        wiring = wire(spec, nodes)
        for framework in FRAMEWORKS:
            if image := runtime_image(framework, nodes):
                yield LayerItem(
                    role=f"runtime-{runtime_name(framework, nodes)}",
                    stage="access",
                    body=_runtime(framework, image, nodes, wiring),
                )


def _runtime(framework: Framework, image: RuntimeImage, nodes: AnyNodes, wiring: PodWiring) -> ClusterTrainingRuntime:
    template = pod_template(nodes, wiring, image.address, devices=default_devices(nodes), own_env=SET_ENV)
    return ClusterTrainingRuntime(
        metadata=Metadata(name=runtime_name(framework, nodes), labels={"trainer.kubeflow.org/framework": framework}),
        spec=RuntimeSpec(
            ml_policy=MlPolicy(num_nodes=1, torch={} if framework == "torch" else None),
            template=JobSetTemplate(
                spec=job_set(template, nodes=None, labels={"trainer.kubeflow.org/trainjob-ancestor-step": "trainer"})
            ),
        ),
    )


def fabric_claim(nodes: PoolNodes, claim: DeviceClaim, namespace: str) -> LayerItem:
    """The template of claims for a pool's fabric, in a namespace of its pods."""
    exactly = ExactDevices(device_class_name=claim.device_class, count=claim.count)
    requests = DeviceRequests(requests=(DeviceRequest(name="fabric", exactly=exactly),))
    return LayerItem(
        role=f"claim-{namespace}-{nodes.pool.name}",
        stage="access",
        body=ResourceClaimTemplate(
            metadata=Metadata(name=claim_name(nodes), namespace=namespace),
            spec=ClaimTemplateSpec(spec=ClaimBody(devices=requests)),
        ),
    )
