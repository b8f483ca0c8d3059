"""Types whose names the provider requires."""

from __future__ import annotations

ALWAYS_NAMED = frozenset(
    {
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        "aws:cloudwatch/dashboard:Dashboard",
        "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
        "aws:sagemaker/domain:Domain",
        "aws:sagemaker/featureGroup:FeatureGroup",
        "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer",
        "aws:sagemaker/modelCard:ModelCard",
        "aws:sagemaker/modelPackageGroup:ModelPackageGroup",
        "aws:sagemaker/pipeline:Pipeline",
    }
)
"""Types whose name the provider requires, by its SDK."""
