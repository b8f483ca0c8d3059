"""What the online store is called, and how Feast is told. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.artefacts import FeastOnline
from mlplatform.components.names import platform_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def table_prefix(spec: PlatformSpec) -> str:
    """Beginning of the names of tables and feature groups; a group's name follows, in which no hyphen is."""
    return f"{platform_name(spec)}-features-"


GROUP_NAME = 64
"""Most characters of a feature group's name: letters, digits and hyphens,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateFeatureGroup.html"""


def group_name(spec: PlatformSpec, group: str) -> str:
    """Name of SageMaker's feature group. No name of a group has a hyphen, so that two names stay two."""
    return f"{table_prefix(spec)}{group.replace('_', '-')}"


def feast_online(spec: PlatformSpec) -> FeastOnline:
    """The tables of DynamoDB, or SageMaker's groups. Feast makes none itself: nobody has the right to."""
    if spec.feature_store and spec.feature_store.engine == "managed":
        return FeastOnline(
            kind="sagemaker_features.SageMakerOnlineStore",
            extra="aws",
            options=(("region", target_of(spec, AwsTarget).region), ("prefix", table_prefix(spec))),
            program="sagemaker_features.py",
            expires=True,
        )
    return FeastOnline(
        kind="dynamodb",
        extra="aws",
        options=(
            ("region", target_of(spec, AwsTarget).region),
            ("table_name_template", f"{table_prefix(spec)}{{table_name}}"),
        ),
    )
