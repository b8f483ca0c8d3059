"""The package's components. Pulumi's host reads their arguments and outputs from their annotations."""

import pulumi

from mlplatform.package.components.artifact_store import ArtifactStore
from mlplatform.package.components.cluster import Cluster
from mlplatform.package.components.cluster_layer import ClusterLayer, Teams
from mlplatform.package.components.endpoint import Endpoint
from mlplatform.package.components.feature_store import FeatureStore
from mlplatform.package.components.identity import Identity
from mlplatform.package.components.keys import Keys
from mlplatform.package.components.network import Network
from mlplatform.package.components.node_pool import CpuNodePool, GpuNodePool
from mlplatform.package.components.pipeline import Pipeline, PipelineDoor
from mlplatform.package.components.platform import Platform
from mlplatform.package.components.registry import ImageRegistry, ModelRegistry
from mlplatform.package.components.tracking import Tracking

COMPONENTS: list[type[pulumi.ComponentResource]] = [
    ArtifactStore,
    Cluster,
    ClusterLayer,
    CpuNodePool,
    Endpoint,
    FeatureStore,
    GpuNodePool,
    Identity,
    ImageRegistry,
    Keys,
    ModelRegistry,
    Network,
    Pipeline,
    PipelineDoor,
    Platform,
    Teams,
    Tracking,
]
"""The components of the package."""
