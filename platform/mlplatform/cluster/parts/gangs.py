"""Steps of pipelines on several nodes: which pools they use."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.cluster.facts import AnyNodes, LayerContext
from mlplatform.spec.pipeline_places import step_pools


def gang_pools(layer: LayerContext) -> Iterator[AnyNodes]:
    """The pools of steps of several nodes."""
    pools = {nodes.pool.name: nodes for nodes in layer.all_pools}
    for pipeline in layer.spec.cluster_pipelines:
        for step in pipeline.steps:
            if step.resources.nodes > 1:
                yield pools[step_pools(step.resources, [nodes.pool for nodes in pools.values()])[0].name]
