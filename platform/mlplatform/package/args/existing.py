"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict

from mlplatform.package.args.existing_aws import AwsExistingArgs, AwsMade
from mlplatform.package.args.existing_azure import AzureExistingArgs, AzureMade
from mlplatform.package.args.existing_gcp import GcpExistingArgs, GcpMade


class ExistingArgs(TypedDict):
    """What is not made but used. Its settings, its rights for services and its alarms stay its owner's. Give the
    target's cloud.
    """

    aws: NotRequired[AwsExistingArgs]
    """On AWS."""

    azure: NotRequired[AzureExistingArgs]
    """On Azure."""

    gcp: NotRequired[GcpExistingArgs]
    """On GCP."""


class Made(TypedDict):
    """What a component made, in the shape in which `existing` takes it"""

    aws: NotRequired[AwsMade]
    """On AWS."""

    azure: NotRequired[AzureMade]
    """On Azure."""

    gcp: NotRequired[GcpMade]
    """On GCP."""
