"""Changes of guards that a reviewer need not read: stronger, cosmetic, or a matter of taste."""

from __future__ import annotations

from .edit import REMOVED, Edit, more

_LIFE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"

EDITS = (
    # AWS
    Edit("logs for longer", "aws", "LogGroup", "retentionInDays", 731, None),
    Edit("logs for ever", "aws", "LogGroup", "retentionInDays", 0, None),
    Edit("a lower threshold", "aws", "MetricAlarm", "threshold", 1, None),
    Edit("another description", "aws", "MetricAlarm", "alarmDescription", "see the run book", None),
    Edit("one more receiver", "aws", "MetricAlarm", "alarmActions", more("arn:aws:sns:us-east-1:345678901234:acme-ml-prod-more"), None),
    Edit("fewer periods", "aws", "aws:cloudwatch/metricAlarm:MetricAlarm", "evaluationPeriods", 1, None, inputs={"evaluationPeriods": 3, "comparisonOperator": "GreaterThanThreshold"}),
    Edit("a lower budget", "aws", "budgets/budget:Budget", "limitAmount", "500000", None),
    Edit("one more notification", "aws", "budgets/budget:Budget", "notifications", more({"threshold": 120, "thresholdType": "PERCENTAGE", "notificationType": "FORECASTED", "comparisonOperator": "GREATER_THAN"}), None),
    Edit("more copies", "aws", "appautoscaling/target:Target", "maxCapacity", 30, None),
    Edit("one copy less of many", "aws", "appautoscaling/target:Target", "minCapacity", 2, None),
    Edit("a smaller canary", "aws", "sagemaker/endpoint:Endpoint", "deploymentConfig.blueGreenUpdatePolicy.trafficRoutingConfiguration.canarySize.value", 5, None),
    Edit("one more alarm rolls back", "aws", "sagemaker/endpoint:Endpoint", "deploymentConfig.autoRollbackConfiguration.alarms", more({"alarmName": "x"}), None),
    Edit("kept for longer", "aws", "BucketLifecycleConfiguration *access-logs*", "rules[0].expiration.days", 730, None),
    Edit("more old versions", "aws", _LIFE, "rules[0].noncurrentVersionExpiration.newerNoncurrentVersions", 20, None, inputs={"rules": [{"id": "r", "status": "Enabled", "noncurrentVersionExpiration": {"noncurrentDays": 30, "newerNoncurrentVersions": 2}}]}),
    Edit("a narrower rule", "aws", _LIFE, "rules[0].filter", {"prefix": "tmp/"}, None, inputs={"rules": [{"id": "r", "status": "Enabled", "filter": {"prefix": ""}, "expiration": {"days": 30}}]}),
    Edit("a second rule that says less", "aws", _LIFE, "rules", more({"id": "s", "status": "Enabled", "filter": {"prefix": "tmp/"}, "expiration": {"days": 60}}), None, inputs={"rules": [{"id": "r", "status": "Enabled", "filter": {"prefix": ""}, "expiration": {"days": 30}}]}),
    Edit("colder sooner", "aws", _LIFE, "rules[0].transitions[0].days", 30, None, inputs={"rules": [{"id": "r", "status": "Enabled", "transitions": [{"days": 90, "storageClass": "GLACIER_IR"}]}]}),
    Edit("a longer lock", "aws", "BucketObjectLockConfiguration", "rule.defaultRetention.days", 730, None),
    Edit("a stronger lock", "aws", "BucketObjectLockConfiguration", "rule.defaultRetention.mode", "COMPLIANCE", None),
    Edit("more images", "aws", "ecr/lifecyclePolicy:LifecyclePolicy", "policy.rules[1].selection.countNumber", 80, None),
    Edit("another label", "aws", "NodeGroup acme-ml-cluster-system", "labels.team", "a", None),
    Edit("a tag of a route", "aws", "ec2/routeTable:RouteTable", "tags.owner", "risk-team", None),
    Edit("logs of more calls", "aws", "EndpointConfiguration", "dataCaptureConfig.initialSamplingPercentage", 20, None),
    Edit("private guard", "aws", "aws:rds/instance:Instance", "deletionProtection", True, None, inputs={"deletionProtection": False}),
    Edit("longer backups", "aws", "aws:rds/instance:Instance", "backupRetentionPeriod", 30, None, inputs={"backupRetentionPeriod": 7}),
    # GCP
    Edit("one more channel", "gcp", "AlertPolicy", "notificationChannels", more("projects/acme-ml-prod/notificationChannels/1"), None),
    Edit("another text", "gcp", "AlertPolicy", "documentation.content", "see the run book", None),
    Edit("more serious", "gcp", "gcp:monitoring/alertPolicy:AlertPolicy", "severity", "CRITICAL", None, inputs={"severity": "WARNING"}),
    Edit("a higher objective", "gcp", "Slo", "goal", 0.9999, None),
    Edit("logs for longer", "gcp", "ProjectBucketConfig", "retentionDays", 730, None),
    Edit("flow logs of more", "gcp", "Subnetwork *nodes*", "logConfig.flowSampling", 1, None),
    Edit("one more copy", "gcp", "gcp:cloudrunv2/service:Service", "template.scaling.minInstanceCount", 3, None, inputs={"template": {"scaling": {"minInstanceCount": 2}}}),
    Edit("one more zone", "gcp", "gcp:container/nodePool:NodePool", "nodeLocations", more("us-central1-c"), None, inputs={"nodeLocations": ["us-central1-a", "us-central1-b"]}),
    Edit("longer soft deletion", "gcp", "storage/bucket:Bucket acme-ml-store-data", "softDeletePolicy.retentionDurationSeconds", 7776000, None),
    Edit("colder sooner", "gcp", "storage/bucket:Bucket acme-ml-store-data", "lifecycleRules", more({"action": {"type": "SetStorageClass", "storageClass": "COLDLINE"}, "condition": {"age": 30}}), None),
    Edit("a hold", "gcp", "storage/bucket:Bucket", "defaultEventBasedHold", True, None),
    Edit("a time to live of a name", "gcp", "RecordSet", "ttl", 60, None),
    Edit("tighter", "gcp", "gcp:cloudrunv2/service:Service", "ingress", "INGRESS_TRAFFIC_INTERNAL_ONLY", None, inputs={"ingress": "INGRESS_TRAFFIC_ALL"}),
    Edit("fewer machines of a tag", "gcp", "gcp:compute/firewall:Firewall", "sourceTags", ["web"], None, inputs={"allows": [{"protocol": "tcp"}], "sourceTags": ["web", "db"]}),
    Edit("one more service inside", "gcp", "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter", "status.restrictedServices", ["a", "b"], None, inputs={"status": {"restrictedServices": ["a"]}}),
    # Azure
    Edit("sooner", "azure", "MetricAlert", "windowSize", "PT1M", None),
    Edit("a lower threshold", "azure", "MetricAlert", "criteria.allOf[0].threshold", 500, None),
    Edit("one more receiver", "azure", "ActionGroup", "emailReceivers", more({"name": "more", "emailAddress": "more@acme.example"}), None),
    Edit("metrics, too", "azure", "DiagnosticSetting acme-ml-store-main-logs", "metrics", [{"category": "Transaction", "enabled": True}], None),
    Edit("one more category", "azure", "DiagnosticSetting acme-ml-store-main-logs", "logs", more({"category": "More", "enabled": True}), None),
    Edit("longer soft deletion", "azure", "BlobServiceProperties", "deleteRetentionPolicy.days", 90, None),
    Edit("more regions", "azure", "StorageAccount acme-ml-store-main", "sku.name", "Standard_GZRS", None),
    Edit("more copies", "azure", "AutoscaleSetting", "profiles[0].capacity.maximum", "30", None),
    Edit("one more rule that refuses", "azure", "NetworkSecurityGroup", "securityRules", more({"name": "no-ssh", "access": "Deny", "direction": "Inbound", "priority": 200, "protocol": "Tcp", "destinationPortRange": "22", "sourcePortRange": "*", "sourceAddressPrefix": "*", "destinationAddressPrefix": "*"}), None),
    Edit("no cap", "azure", "azure-native:operationalinsights:Workspace", "workspaceCapping.dailyQuotaGb", -1, None, inputs={"workspaceCapping": {"dailyQuotaGb": 10}}),
    Edit("no end of documents", "azure", "azure-native:cosmosdb:SqlResourceSqlContainer", "resource.defaultTtl", -1, None, inputs={"resource": {"id": "c", "defaultTtl": 3600}}),
    Edit("a lock", "azure", "azure-native:authorization:ManagementLockAtResourceGroupLevel", "", {"level": "CanNotDelete"}, None, inputs={"level": "CanNotDelete"}),
    Edit("another probe's path", "azure", "azure-native:app:ContainerApp", "template.containers[0].probes[0].httpGet.path", "/ready", None, inputs={"template": {"containers": [{"name": "c", "probes": [{"type": "Liveness", "httpGet": {"path": "/"}}]}]}}),
    Edit("the next release of a deployment", "azure", "azure-native:monitor:MetricAlert", "scopes", ["/e/deployments/main-2"], None, inputs={"scopes": ["/e/deployments/main-1"]}),
    # clusters
    Edit("more pods", "aws", "kubernetes:apps/v1:Deployment", "spec.replicas", 5, None, inputs={"spec": {"replicas": 3}}),
    Edit("fewer rights", "gcp", "kubernetes:core/v1:Pod", "spec.containers[0].securityContext.readOnlyRootFilesystem", True, None, inputs={"spec": {"containers": [{"name": "c"}]}}),
    Edit("no reason to say less", "azure", "kubernetes:core/v1:ConfigMap", "data.note", REMOVED, None, inputs={"data": {"note": "a", "other": "b"}}),
)  # fmt: skip
