"""Groups of the cluster's settings: who reaches its API, how it is guarded, what is observed."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_gcp import container

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.context import Scope
from mlplatform.spec.monitoring import MonitoringSpec
from mlplatform.spec.training import TrainingSpec

LOGS = ("SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER")
METRICS = (
    "SYSTEM_COMPONENTS",
    "APISERVER",
    "CONTROLLER_MANAGER",
    "SCHEDULER",
    "STORAGE",
    "POD",
    "DEPLOYMENT",
    "STATEFULSET",
    "DAEMONSET",
    "HPA",
    "JOBSET",
    "CADVISOR",
    "KUBELET",
    "DCGM",
)
"""What Managed Prometheus collects by itself; DCGM is the GPUs' own: utilisation, memory, temperature, power."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who reaches the API."""

    private: container.ClusterPrivateClusterConfigArgs
    endpoints: container.ClusterControlPlaneEndpointsConfigArgs
    ranges: container.ClusterMasterAuthorizedNetworksConfigArgs


@dataclass(frozen=True, kw_only=True)
class Safeguards:
    """How the cluster is guarded."""

    anonymous: container.ClusterAnonymousAuthenticationConfigArgs
    bindings: container.ClusterRbacBindingConfigArgs
    admission: container.ClusterBinaryAuthorizationArgs
    posture: container.ClusterSecurityPostureConfigArgs
    secrets: container.ClusterDatabaseEncryptionArgs
    addons: container.ClusterAddonsConfigArgs
    maintenance: container.ClusterMaintenancePolicyArgs


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What is observed."""

    logging: container.ClusterLoggingConfigArgs
    monitoring: container.ClusterMonitoringConfigArgs
    events: container.ClusterNotificationConfigArgs


def access(scope: Scope, spec: TrainingSpec) -> Access:
    """The API is the network's own; named ranges reach its public address, and IAM guards its DNS name.

    https://docs.cloud.google.com/kubernetes-engine/docs/concepts/network-isolation
    """
    return Access(
        private=container.ClusterPrivateClusterConfigArgs(
            enable_private_nodes=True, enable_private_endpoint=not spec.api_cidrs
        ),
        endpoints=container.ClusterControlPlaneEndpointsConfigArgs(
            dns_endpoint_config=container.ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgs(
                allow_external_traffic=scope.target(GcpTarget).api_from_anywhere
            ),
            ip_endpoints_config=container.ClusterControlPlaneEndpointsConfigIpEndpointsConfigArgs(enabled=True),
        ),
        ranges=container.ClusterMasterAuthorizedNetworksConfigArgs(
            cidr_blocks=[
                container.ClusterMasterAuthorizedNetworksConfigCidrBlockArgs(cidr_block=str(cidr))
                for cidr in spec.api_cidrs
            ],
            gcp_public_cidrs_access_enabled=False,
        ),
    )


def safeguards(scope: Scope, keys: GcpKeys) -> Safeguards:
    """Encrypted secrets, admission by the project's policy, no rights for strangers, quiet hours for upgrades."""
    del scope
    return Safeguards(
        anonymous=container.ClusterAnonymousAuthenticationConfigArgs(mode="LIMITED"),
        bindings=container.ClusterRbacBindingConfigArgs(
            enable_insecure_binding_system_authenticated=False,
            enable_insecure_binding_system_unauthenticated=False,
        ),
        admission=container.ClusterBinaryAuthorizationArgs(evaluation_mode="PROJECT_SINGLETON_POLICY_ENFORCE"),
        posture=container.ClusterSecurityPostureConfigArgs(mode="BASIC", vulnerability_mode="VULNERABILITY_DISABLED"),
        secrets=container.ClusterDatabaseEncryptionArgs(state="ENCRYPTED", key_name=keys.ids["cluster"]),
        addons=container.ClusterAddonsConfigArgs(
            gce_persistent_disk_csi_driver_config=container.ClusterAddonsConfigGcePersistentDiskCsiDriverConfigArgs(
                enabled=True
            ),
            gcs_fuse_csi_driver_config=container.ClusterAddonsConfigGcsFuseCsiDriverConfigArgs(enabled=True),
            http_load_balancing=container.ClusterAddonsConfigHttpLoadBalancingArgs(disabled=False),
            horizontal_pod_autoscaling=container.ClusterAddonsConfigHorizontalPodAutoscalingArgs(disabled=False),
        ),
        # GKE wants 48 hours in every 32 days: eight hours on both days of each weekend, UTC
        maintenance=container.ClusterMaintenancePolicyArgs(
            recurring_window=container.ClusterMaintenancePolicyRecurringWindowArgs(
                start_time="2026-01-03T02:00:00Z",
                end_time="2026-01-03T10:00:00Z",
                recurrence="FREQ=WEEKLY;BYDAY=SA,SU",
            )
        ),
    )


def observed(spec: MonitoringSpec, topic: pulumi.Input[str]) -> Observed:
    """Logs of the control plane too, metrics of the GPUs too, and events of upgrades."""
    return Observed(
        logging=container.ClusterLoggingConfigArgs(enable_components=list(LOGS)),
        monitoring=container.ClusterMonitoringConfigArgs(
            enable_components=list(METRICS) if spec.prometheus else ["SYSTEM_COMPONENTS"],
            managed_prometheus=container.ClusterMonitoringConfigManagedPrometheusArgs(enabled=spec.prometheus),
            advanced_datapath_observability_config=container.ClusterMonitoringConfigAdvancedDatapathObservabilityConfigArgs(
                enable_metrics=spec.prometheus, enable_relay=False
            ),
        ),
        events=container.ClusterNotificationConfigArgs(
            pubsub=container.ClusterNotificationConfigPubsubArgs(enabled=True, topic=topic)
        ),
    )
