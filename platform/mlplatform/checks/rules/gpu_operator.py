"""NVIDIA's GPU operator is on no cluster whose cloud installs the driver."""

from __future__ import annotations

from mlplatform.checks.nodes_and_pods import RELEASE, chart_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_POOL = "azure-native:containerservice:AgentPool"


def _beside(release: Resource) -> list[CheckFault]:
    pools = [pool for pool in release.index.of_type(_POOL) if pool.text("gpuProfile.driver") == "Install"]
    names = ", ".join(sorted(pool.text("agentPoolName") or pool.step.name for pool in pools))
    return [CheckFault(f"AKS installs the driver of {shown(names)}.", "chart")] if pools else []


RULE = CheckRule(
    id="gpu-operator",
    level="high",
    topic="cluster",
    title="No GPU operator runs beside the cloud's own driver",
    why="The two exclude each other: the operator replaces the nodes' container runtime, and cannot put it back.",
    fix="Leave the operator out and run the device plugin, or set the driver of every pool to None.",
    entries=(
        Entry(
            (RELEASE,),
            _beside,
            link="https://azure.github.io/aks-rdma-infiniband/configurations/gpu-drivers",
            when=lambda release: chart_of(release) == "gpu-operator",
            siblings=True,
        ),
    ),
)
