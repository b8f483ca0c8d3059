"""The device plugin of EFA, which no image of EKS has: without it, jobs fall back to TCP without an error."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.daemons import EVERY_TAINT
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.components.labels import POOL_LABEL
from mlplatform.components.narrowed import target_of

_USUAL_ACCOUNT = "602401143452"
_ACCOUNTS = {
    **dict.fromkeys(
        (
            *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
            *("ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1"),
            *("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
        ),
        _USUAL_ACCOUNT,
    ),
    "af-south-1": "877085696533",
    "ap-east-1": "800184023465",
    "ap-south-2": "900889452093",
    "ap-southeast-3": "296578399912",
    "ap-southeast-4": "491585149902",
    "ca-west-1": "761377655185",
    "eu-central-2": "900612956339",
    "eu-south-1": "590381155156",
    "eu-south-2": "455263428931",
    "il-central-1": "066635153087",
    "me-central-1": "759879836304",
    "me-south-1": "558608220178",
    "us-gov-east-1": "151742754352",
    "us-gov-west-1": "013241004608",
}
"""Owner of the registry with EKS' images by region, so that a private cluster pulls through its region's endpoints,
https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html (2026-08)"""


def efa_plugin(layer: LayerContext) -> Iterator[LayerItem]:
    """The plugin on the pools with a fabric; none without such a pool."""
    pools = [nodes.pool.name for nodes in layer.pools if nodes.fabric]
    if not pools:
        return
    values: dict[str, object] = {
        "tolerations": EVERY_TAINT,
        # the chart's own list has the machine types of its day, and leaves out a newer one without a word
        "supportedInstanceLabels": {"keys": [POOL_LABEL], "values": pools},
    }
    region = target_of(layer.spec, AwsTarget).region
    # a region that the list lacks pulls the chart's own, from us-west-2
    if account := _ACCOUNTS.get(region):
        host = f"{account}.dkr.ecr.{region}.amazonaws.com"
        values["image"] = {"repository": f"{host}/eks/aws-efa-k8s-device-plugin"}
    yield LayerItem(
        role="release-efa",
        stage="devices",
        body=ChartRelease(chart="aws-efa-k8s-device-plugin", namespace="kube-system", values=values),
    )
