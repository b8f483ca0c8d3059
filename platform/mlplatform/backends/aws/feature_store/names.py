"""What the online store is called, and how Feast is told. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.artefacts import FeastOnline
from mlplatform.components.names import platform_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def table_prefix(spec: PlatformSpec) -> str:
    """Beginning of the names of the tables; a group's name follows, in which no hyphen is."""
    return f"{platform_name(spec)}-features-"


def feast_online(spec: PlatformSpec) -> FeastOnline:
    """The tables of DynamoDB. Feast finds them there, and makes none itself: nobody has the right to."""
    return FeastOnline(
        kind="dynamodb",
        extra="aws",
        options=(
            ("region", target_of(spec, AwsTarget).region),
            ("table_name_template", f"{table_prefix(spec)}{{table_name}}"),
        ),
    )
