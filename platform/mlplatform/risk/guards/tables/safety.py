"""What keeps a service up: rollbacks, replicas, health checks, zones, repairs, quotas."""

from __future__ import annotations

from mlplatform.risk.guards.directions import Differs, Extra, Fewer, Gone, Less, More, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Row, Setting

_ROLLBACK = "A bad model or release is no longer rolled back by itself"
_AT_ONCE = "A new model or release gets more of the traffic at once"
_SCALING = "It no longer follows the load"
_NO_SPARE = "One failure, or one update, leaves nobody to answer"
_LESS_ROOM = "It has room for much less load"
_HEALTH = "Broken copies are no longer found, or found later"
_ZONES = "A failed zone takes more of it down"
_REPAIR = "Broken machines are no longer repaired by themselves"
_DRAIN = "An update takes more of it away at once"
_WINDOW = "Updates come at any time"
_QUOTA = "One team can take everything"
_TIME = "Slow answers and long starts fail"

_GUARDRAILS = "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html"
_BUDGETS = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/"
_LEAST = Less(None, floor=2)
"""A least count that falls to one or none."""
_HALF = Less(None, share=0.5)
_ML = "azure-native:machinelearningservices:*"

SAFETY: tuple[Row, ...] = (
    # AWS
    Setting("aws:*", "autoRollbackConfiguration blueGreenUpdatePolicy rollingUpdatePolicy", Gone(), "medium", _ROLLBACK, source=_GUARDRAILS),
    Setting("aws:*", "autoRollbackConfiguration.alarms deploymentConfig.autoRollbackConfiguration.alarms alarmConfiguration.alarms", Fewer(), "medium", _ROLLBACK, source=_GUARDRAILS),
    Setting("aws:*", "autoRollbackConfiguration.alarms deploymentConfig", Gone(), "medium", _ROLLBACK, source=_GUARDRAILS),
    Setting("aws:*", "autoRollbackConfiguration.enabled alarmConfiguration.enabled deploymentCircuitBreaker.enable deploymentCircuitBreaker.rollback alarms.rollback", Off(), "medium", _ROLLBACK),
    Setting("aws:*", "alarmConfiguration.ignorePollAlarmFailure", On(), "medium", _ROLLBACK),
    Setting("aws:*", "trafficRoutingConfiguration.type", Off(("canary", "linear")), "medium", _AT_ONCE, source=_GUARDRAILS),
    Setting("aws:*", "canarySize.value linearStepSize.value maximumBatchSize.value", More(), "medium", _AT_ONCE, source=_GUARDRAILS),
    Setting("aws:*", "trafficRoutingConfiguration.waitIntervalInSeconds waitIntervalInSeconds terminationWaitInSeconds", _HALF, "medium", _AT_ONCE, source=_GUARDRAILS),
    Setting("aws:codedeploy/*", "deploymentConfigName", On(("codedeploydefault.allatonce", "codedeploydefault.lambdaallatonce", "codedeploydefault.ecsallatonce")), "medium", _AT_ONCE),
    Guard("aws:appautoscaling/target:Target aws:appautoscaling/policy:Policy aws:autoscaling/policy:Policy aws:autoscalingplans/*", "medium", _SCALING),
    Setting("aws:appautoscaling/target:Target aws:autoscaling/group:Group", "minCapacity minSize desiredCapacity", _LEAST, "medium", _NO_SPARE),
    Setting("aws:appautoscaling/target:Target aws:autoscaling/group:Group", "maxCapacity maxSize", _HALF, "medium", _LESS_ROOM),
    Setting("aws:appautoscaling/target:Target", "suspendedState.*", On(), "medium", _SCALING),
    Setting("aws:autoscaling/*", "suspendedProcesses", Extra(), "medium", _SCALING),
    Setting("aws:autoscaling/*", "healthCheckType", Off(("elb", "ebs", "vpc_lattice")), "medium", _HEALTH),
    Setting("aws:*", "managedInstanceScaling.status", Off(("enabled",)), "medium", _SCALING),
    Setting("aws:*", "managedInstanceScaling.minInstanceCount initialInstanceCount scalingConfig.minSize desiredCount copyCount numCacheClusters replicasPerNodeGroup numberOfBrokerNodes instanceCount", _LEAST, "medium", _NO_SPARE),
    Setting("aws:*", "managedInstanceScaling.maxInstanceCount scalingConfig.maxSize", _HALF, "medium", _LESS_ROOM),
    Setting("aws:*", "containerStartupHealthCheckTimeoutInSeconds modelDataDownloadTimeoutInSeconds", _HALF, "medium", _TIME),
    Setting("aws:ecs/*", "deploymentMinimumHealthyPercent", Less(100), "medium", _DRAIN),
    Setting("aws:eks/*", "nodeRepairConfig.enabled", Off(), "medium", _REPAIR),
    Setting("aws:eks/*", "nodeRepairConfig", Gone(), "medium", _REPAIR),
    Setting("aws:eks/*", "updateConfig.maxUnavailable maxUnavailablePercentage", More(1), "medium", _DRAIN),
    Setting("aws:*", "subnetIds vpcZoneIdentifiers availabilityZones vpcConfig.subnets subnets", Fewer(number=True), "medium", _ZONES, where=lambda step: not step.type.endswith(":VpcEndpoint")),
    Guard("aws:eks/addon:Addon", "medium", "The cluster loses a part that others rely on"),
    Setting("aws:*", "multiAz multiAzEnabled multiAZ multiAzWithStandbyEnabled zoneAwarenessEnabled", Off(), "medium", _ZONES),
    Setting("aws:*", "automaticFailoverEnabled", Off(), "medium", _NO_SPARE),
    Setting("aws:*", "healthCheck healthCheckConfig healthCheckCustomConfig", Gone(), "medium", _HEALTH),
    Setting("aws:*", "healthCheck.enabled", Off(default="true"), "medium", _HEALTH),
    Setting("aws:*", "unhealthyThreshold healthCheck.interval healthCheck.timeout healthCheckGracePeriod healthCheckGracePeriodSeconds", More(times=2.999), "medium", _HEALTH),
    Setting("aws:route53/*", "healthCheckId evaluateTargetHealth", Gone(("", "false")), "medium", _HEALTH),
    Setting("aws:alb/* aws:lb/*", "deregistrationDelay", _HALF, "medium", "Calls in flight are cut off"),
    Setting("aws:lambda/*", "reservedConcurrentExecutions", Less(-1, forever=(-1,), floor=1), "medium", "It answers nobody"),
    Guard("aws:arczonalshift/* aws:rds/clusterInstance:ClusterInstance", "medium", _NO_SPARE),
    Setting("*", "autoRollback deploymentRollbackEnabled rollbackFailedInstancesOnPolicyBreach", Off(), "medium", _ROLLBACK),
    Setting("*", "disableRollback disableAutomaticRollback", On(), "medium", _ROLLBACK),
    Setting("*", "autoScalingEnabled isAutoScalingEnabled autoscalingEnabled", Off(), "medium", _SCALING),
    Setting("*", "connectionDraining connectionDraining.enabled", Off(), "medium", "Calls in flight are cut off"),
    Setting("*", "healthCheckDisabled disableProbe", On(), "medium", _HEALTH),
    Setting("*", "probeEnabled enableHealthCheck", Off(), "medium", _HEALTH),
    Setting("*", "gpuZonalRedundancyDisabled", On(), "medium", _ZONES),
    Setting("*", "zoneBalance", Off(), "medium", _ZONES),
    Setting("*", "highAvailabilityReplicaCount", Less(None, floor=1), "medium", _NO_SPARE),
    Setting("*", "maintenanceOptions.autoRecovery", On(("disabled",)), "medium", _REPAIR),
    # GCP
    Setting("gcp:*", "template.scaling.minInstanceCount scaling.minInstanceCount minReplicaCount minReplicas autoscaling.minNodeCount autoscaling.totalMinNodeCount minNodes", _LEAST, "medium", _NO_SPARE),
    Setting("gcp:*", "scaling.maxInstanceCount maxReplicaCount maxReplicas autoscaling.maxNodeCount autoscaling.totalMaxNodeCount", _HALF, "medium", _LESS_ROOM),
    Setting("gcp:container/*", "/autoscaling", Gone(), "medium", _SCALING),
    Setting("gcp:*", "autoscalingMetricSpecs autoscalingPolicies", Fewer(), "medium", _SCALING),
    Guard("gcp:compute/autoscaler:Autoscaler gcp:compute/regionAutoscaler:RegionAutoscaler", "medium", _SCALING),
    Guard("gcp:compute/healthCheck:HealthCheck gcp:compute/regionHealthCheck:* gcp:compute/httpHealthCheck:* gcp:compute/httpsHealthCheck:*", "medium", _HEALTH),
    Setting("gcp:*", "livenessProbe readinessProbe startupProbe healthChecks autoHealingPolicies outlierDetection livenessCheck readinessCheck", Gone(), "medium", _HEALTH),
    Setting("gcp:*", "healthChecks autoHealingPolicies", Fewer(), "medium", _HEALTH),
    Setting("gcp:*", "unhealthyThreshold failureThreshold checkIntervalSec initialDelaySec", More(times=2.999), "medium", _HEALTH),
    Setting("gcp:*", "template.timeout requestTimeout timeoutSec", _HALF, "medium", _TIME),
    Setting("gcp:cloudrun*", "traffics.percent", On(("100",)), "medium", _AT_ONCE),
    Setting("gcp:cloudrun*", "traffics.type", On(("traffic_target_allocation_type_latest",)), "medium", _AT_ONCE),
    Setting("gcp:cloudrun*", "latestRevision", On(), "medium", _AT_ONCE),
    Setting("gcp:vertex/*", "trafficSplit.*", On(("100",)), "medium", _AT_ONCE),
    Setting("gcp:clouddeploy/*", "strategy.canary canaryDeployment verify", Gone(("", "false")), "medium", _AT_ONCE),
    Guard("gcp:clouddeploy/automation:Automation gcp:clouddeploy/deployPolicy:DeployPolicy", "medium", _ROLLBACK),
    Setting("gcp:container/*", "management.autoRepair autoRepair", Off(default="true"), "medium", _REPAIR),
    Setting("gcp:container/*", "upgradeSettings.maxUnavailable", More(0), "medium", _DRAIN),
    Setting("gcp:container/*", "blueGreenSettings", Gone(), "medium", _DRAIN),
    Setting("gcp:container/*", "nodePoolSoakDuration batchSoakDuration", _HALF, "medium", _DRAIN),
    Setting("gcp:container/*", "respectPdbDuringNodePoolDeletion", Off(), "medium", _DRAIN, source=_BUDGETS),
    Setting("gcp:container/*", "/maintenancePolicy maintenancePolicy.recurringWindow maintenancePolicy.dailyMaintenanceWindow", Gone(), "medium", _WINDOW),
    Setting("gcp:container/*", "maintenanceExclusions", Fewer(), "medium", _WINDOW),
    Setting("gcp:*", "settings.maintenanceWindow maintenancePolicy", Gone(), "medium", _WINDOW),
    Setting("gcp:*", "nodeLocations zones distributionPolicyZones clusterConfig.zones", Fewer(number=True), "medium", _ZONES),
    Setting("gcp:*", "availabilityType", Off(("regional",)), "medium", _ZONES),
    Setting("gcp:redis/*", "tier", Off(("standard_ha",)), "medium", _NO_SPARE),
    Setting("gcp:*", "replicaCount readPoolConfig.nodeCount", Less(None, floor=1), "medium", _NO_SPARE),
    Setting("gcp:*", "connectionDrainingTimeoutSec", _HALF, "medium", "Calls in flight are cut off"),
    Guard("gcp:serviceusage/consumerQuotaOverride:* gcp:cloudquota/*", "medium", _QUOTA),
    # Azure
    Guard("azure-native:*:AutoscaleSetting", "medium", _SCALING),
    Setting("azure-native:*:AutoscaleSetting", "/enabled", Off(default="true"), "medium", _SCALING),
    Setting("azure-native:*:AutoscaleSetting", "profiles.rules profiles", Fewer(), "medium", _SCALING),
    Setting("azure-native:*:AutoscaleSetting", "capacity.minimum capacity.default", _LEAST, "medium", _NO_SPARE),
    Setting("azure-native:*:AutoscaleSetting", "capacity.maximum", _HALF, "medium", _LESS_ROOM),
    Setting("azure-native:app:*", "scale.minReplicas", _LEAST, "medium", _NO_SPARE),
    Setting("azure-native:app:*", "scale.maxReplicas", _HALF, "medium", _LESS_ROOM),
    Setting("azure-native:app:*", "scale.rules", Fewer(), "medium", _SCALING),
    Setting("azure-native:app:*", "probes", Fewer(), "medium", _HEALTH),
    Setting("azure-native:app:*", "probes", Gone(), "medium", _HEALTH),
    Setting("azure-native:app:*", "activeRevisionsMode", Off(("multiple",)), "medium", _AT_ONCE),
    Setting("azure-native:app:*", "traffic.weight", On(("100",)), "medium", _AT_ONCE),
    Setting("azure-native:app:*", "minimumCount", _LEAST, "medium", _NO_SPARE),
    Setting(_ML, "livenessProbe readinessProbe startupProbe", Gone(), "medium", _HEALTH),
    Setting(_ML, "failureThreshold", More(times=2.999), "medium", _HEALTH),
    Setting(_ML, "traffic.*", On(("100",)), "medium", _AT_ONCE),
    Setting(_ML, "sku.capacity", _LEAST, "medium", _NO_SPARE),
    Setting(_ML, "requestSettings.requestTimeout requestTimeout", _HALF, "medium", _TIME),
    Setting(_ML, "scaleSettings.minInstances scaleSettings.minNodeCount", _LEAST, "medium", _NO_SPARE),
    Setting("azure-native:containerservice:*", "enableAutoScaling", Off(), "medium", _SCALING),
    Setting("azure-native:containerservice:*", "minCount", _LEAST, "medium", _NO_SPARE),
    Setting("azure-native:containerservice:*", "maxCount", _HALF, "medium", _LESS_ROOM),
    Setting("azure-native:containerservice:*", "upgradeSettings.maxUnavailable", More(times=1.999), "medium", _DRAIN),
    Setting("azure-native:containerservice:*", "drainTimeoutInMinutes nodeSoakDurationInMinutes", _HALF, "medium", _DRAIN),
    Setting("azure-native:containerservice:*", "undrainableNodeBehavior", Off(("cordon",)), "low", _DRAIN),
    Setting("azure-native:containerservice:*", "forceUpgrade", On(), "medium", _DRAIN),
    Guard("azure-native:containerservice:MaintenanceConfiguration azure-native:maintenance:*", "medium", _WINDOW),
    Setting("azure-native:containerservice:MaintenanceConfiguration", "notAllowedDates notAllowedTime", Fewer(), "medium", _WINDOW),
    Setting("azure-native:*", "availabilityZones zones", Fewer(number=True), "medium", _ZONES),
    Setting("azure-native:*", "availabilityZones zones", Gone(), "medium", _ZONES),
    Setting("azure-native:*", "zoneRedundant zoneRedundancy isZoneRedundant", Off(), "medium", _ZONES),
    Setting("azure-native:*", "highAvailability.mode highAvailability", Off(("zoneredundant", "samezone", "enabled")), "medium", _ZONES),
    Setting("azure-native:*:DatabaseAccount", "enableAutomaticFailover", Off(), "medium", _NO_SPARE),
    Setting("azure-native:*:DatabaseAccount", "/locations", Fewer(), "high", "Its data is no longer copied to another region"),
    Setting("azure-native:compute:*", "automaticRepairsPolicy.enabled enableAutomaticOSUpgrade", Off(), "medium", _REPAIR),
    Setting("azure-native:compute:* azure-native:network:* azure-native:web:*", "healthProbe healthCheckPath probe", Gone(), "medium", _HEALTH),
    Setting("azure-native:network:LoadBalancer azure-native:network:ApplicationGateway", "/probes", Fewer(), "medium", _HEALTH),
    Setting("azure-native:sql:*", "readScale", Off(), "low", _NO_SPARE),
    # clusters
    Guard("kubernetes:*:PodDisruptionBudget", "medium", _DRAIN, source=_BUDGETS),
    Setting("kubernetes:*:PodDisruptionBudget", "minAvailable", Less(None), "medium", _DRAIN, source=_BUDGETS),
    Setting("kubernetes:*:PodDisruptionBudget", "maxUnavailable", More(), "medium", _DRAIN, source=_BUDGETS),
    Guard("kubernetes:*:HorizontalPodAutoscaler kubernetes:*:ScaledObject kubernetes:*:VerticalPodAutoscaler", "medium", _SCALING),
    Setting("kubernetes:*", "minReplicas minReplicaCount spec.replicas", _LEAST, "medium", _NO_SPARE),
    Setting("kubernetes:*", "maxReplicas maxReplicaCount", _HALF, "medium", _LESS_ROOM),
    Setting("kubernetes:*", "livenessProbe readinessProbe startupProbe", Gone(), "medium", _HEALTH),
    Setting("kubernetes:*", "topologySpreadConstraints podAntiAffinity priorityClassName", Gone(), "medium", _ZONES),
    Setting("kubernetes:*", "strategy.type", On(("recreate",)), "medium", _DRAIN),
    Setting("kubernetes:*", "rollingUpdate.maxUnavailable", More(), "medium", _DRAIN),
    Setting("kubernetes:*", "terminationGracePeriodSeconds", _HALF, "medium", "Calls in flight are cut off"),
    Setting("kubernetes:*:Rollout kubernetes:*:Canary", "canary.steps steps analysis.metrics", Fewer(), "medium", _AT_ONCE),
    Setting("kubernetes:*:Rollout kubernetes:*:Canary", "analysis canary.analysis", Gone(), "medium", _ROLLBACK),
    Setting("kubernetes:*:InferenceService", "canaryTrafficPercent", More(), "medium", _AT_ONCE),
    # queues, and what they can have, are the matter of `queue-lowered`
    Guard("kubernetes:*:ResourceQuota kubernetes:*:LimitRange", "medium", _QUOTA),
    Setting("kubernetes:*:ResourceQuota", "hard.*", Gone(("",)), "medium", _QUOTA),
    Setting("kubernetes:*:ResourceQuota", "hard.*", More(times=1.999), "medium", _QUOTA),
    Setting("kubernetes:*", "resources.limits", Gone(), "medium", _QUOTA),
    Setting("*:Capacity*Reservation", "endDate", Differs(), "low", "Reserved machines end at another date"),
    Setting("*", "autoscalerProfile autoScalerProfile", Gone(), "low", _SCALING),
    Setting("*", "rolloutStrategy", Ranked(("all_at_once", "linear", "canary")), "medium", _AT_ONCE),
)  # fmt: skip
