"""The device plugin of Trainium and Inferentia, which no image of EKS has."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.cluster.daemons import EVERY_TAINT, on_pools
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import ChartRelease, LayerItem


def neuron_plugin(layer: LayerContext) -> Iterator[LayerItem]:
    """The plugin on the pools with such devices; none without such a pool.

    https://github.com/aws-neuron/neuron-helm-charts
    """
    pools = [nodes for nodes in layer.pools if nodes.choice.machine.accelerator.model.vendor == "aws"]
    if not pools:
        return
    yield LayerItem(
        role="release-neuron",
        stage="devices",
        body=ChartRelease(
            chart="neuron-helm-chart",
            namespace="kube-system",
            values={
                "devicePlugin": {
                    "tolerations": EVERY_TAINT,
                    # the chart's own list has the machine types of its day
                    "affinity": on_pools(pools),
                    "resources": {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
                },
                # the add-on eks-node-monitoring-agent watches the devices
                "npd": {"enabled": False},
            },
        ),
    )
