"""Groups of the cluster's settings: access to its API, protection, observability."""

from __future__ import annotations

from datetime import timedelta

import pulumi
from pulumi_gcp import container

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.monitoring import MonitoringSpec
from mlplatform.spec.training import TrainingSpec, UpgradeHold

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
"""Metrics that Managed Prometheus collects; DCGM's are the GPUs': utilisation, memory, temperature, power."""


@record(kw_only=True)
class ApiAccess:
    """Access to the API."""

    private: container.ClusterPrivateClusterConfigArgs
    endpoints: container.ClusterControlPlaneEndpointsConfigArgs
    ranges: container.ClusterMasterAuthorizedNetworksConfigArgs


@record(kw_only=True)
class Safeguards:
    """Protection of the cluster."""

    anonymous: container.ClusterAnonymousAuthenticationConfigArgs
    bindings: container.ClusterRbacBindingConfigArgs
    admission: container.ClusterBinaryAuthorizationArgs
    posture: container.ClusterSecurityPostureConfigArgs
    secrets: container.ClusterDatabaseEncryptionArgs
    addons: container.ClusterAddonsConfigArgs
    maintenance: container.ClusterMaintenancePolicyArgs


@record(kw_only=True)
class ClusterObservability:
    """Logs, metrics and events of the cluster."""

    logging: container.ClusterLoggingConfigArgs
    monitoring: container.ClusterMonitoringConfigArgs
    events: container.ClusterNotificationConfigArgs


def api_access(scope: Scope, spec: TrainingSpec) -> ApiAccess:
    """The API is private to the network; named ranges reach its addresses, and IAM protects its DNS name.

    https://docs.cloud.google.com/kubernetes-engine/docs/concepts/network-isolation
    """
    return ApiAccess(
        private=container.ClusterPrivateClusterConfigArgs(
            enable_private_nodes=True, enable_private_endpoint=not spec.public_api_cidrs
        ),
        endpoints=container.ClusterControlPlaneEndpointsConfigArgs(
            dns_endpoint_config=container.ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgs(
                # without it, not even the network itself reaches the API by this name
                allow_external_traffic=scope.spec.entry != "none",
                # only Google identities, whose rights IAM checks before a request reaches the cluster
                enable_k8s_certs_via_dns=False,
                enable_k8s_tokens_via_dns=False,
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


def cluster_safeguards(keys: GcpKeys, spec: TrainingSpec, *, lustre: bool) -> Safeguards:
    """Encrypted secrets, admission by the project's policy, no anonymous rights, upgrades only at weekends."""
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
            lustre_csi_driver_config=container.ClusterAddonsConfigLustreCsiDriverConfigArgs(enabled=True)
            if lustre
            else None,
            http_load_balancing=container.ClusterAddonsConfigHttpLoadBalancingArgs(disabled=False),
            horizontal_pod_autoscaling=container.ClusterAddonsConfigHorizontalPodAutoscalingArgs(disabled=False),
        ),
        # GKE needs 48 hours in every 32 days: eight hours on both days of each weekend, UTC
        maintenance=container.ClusterMaintenancePolicyArgs(
            recurring_window=container.ClusterMaintenancePolicyRecurringWindowArgs(
                start_time="2026-01-03T02:00:00Z",
                end_time="2026-01-03T10:00:00Z",
                recurrence="FREQ=WEEKLY;BYDAY=SA,SU",
            ),
            maintenance_exclusions=[_exclusion(hold) for hold in spec.holds] or None,
        ),
    )


def _exclusion(hold: UpgradeHold) -> container.ClusterMaintenancePolicyMaintenanceExclusionArgs:
    """A hold: no node is upgraded and no minor version raised; patches of the control plane interrupt no job."""
    return container.ClusterMaintenancePolicyMaintenanceExclusionArgs(
        exclusion_name=hold.name,
        start_time=f"{hold.starts}T00:00:00Z",
        end_time=f"{hold.ends + timedelta(days=1)}T00:00:00Z",
        exclusion_options=container.ClusterMaintenancePolicyMaintenanceExclusionExclusionOptionsArgs(
            scope="NO_MINOR_OR_NODE_UPGRADES"
        ),
    )


def cluster_observability(spec: MonitoringSpec, topic: pulumi.Input[str]) -> ClusterObservability:
    """Logs and metrics, also of the control plane and the GPUs, and events of upgrades."""
    return ClusterObservability(
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
