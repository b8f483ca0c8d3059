"""Collection of container logs into the log workspace."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import monitor

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope

_STREAMS = ("Microsoft-ContainerLogV2", "Microsoft-KubeEvents", "Microsoft-KubePodInventory")
"""Logs and events; metrics go to Prometheus,
https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-data-collection-configure"""


def collect_container_logs(scope: Scope, workspace_id: pulumi.Output[str]) -> pulumi.Output[str]:
    """The collection rule of container logs; nothing is collected until a cluster is associated."""
    return monitor.DataCollectionRule(
        scope.child("logs-rule"),
        data_collection_rule_name=physical_name(scope.spec, "collection", "logs"),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        kind=monitor.KnownDataCollectionRuleResourceKind.LINUX,
        data_sources=monitor.DataCollectionRuleDataSourcesArgs(
            extensions=[
                monitor.ExtensionDataSourceArgs(
                    name="ContainerInsightsExtension",
                    extension_name="ContainerInsights",
                    streams=list(_STREAMS),
                    extension_settings={
                        "dataCollectionSettings": {
                            "interval": "1m",
                            "namespaceFilteringMode": "Off",
                            "enableContainerLogV2": True,
                        }
                    },
                )
            ]
        ),
        destinations=monitor.DataCollectionRuleDestinationsArgs(
            log_analytics=[monitor.LogAnalyticsDestinationArgs(name="logs", workspace_resource_id=workspace_id)]
        ),
        data_flows=[monitor.DataFlowArgs(streams=list(_STREAMS), destinations=["logs"])],
        tags=scope.tags,
        opts=scope.opts(),
    ).id
