"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict

from mlplatform.package.args.existing_aws import AwsExistingArgs, AwsMade
from mlplatform.package.args.existing_azure import AzureExistingArgs, AzureMade
from mlplatform.package.args.existing_gcp import GcpExistingArgs, GcpMade


class ExistingArgs(TypedDict):
    """Existing resources that the platform uses. Their owner keeps their settings, service rights and alarms. Set
    the field of the target's cloud.
    """

    aws: NotRequired[AwsExistingArgs]
    """On AWS."""

    azure: NotRequired[AzureExistingArgs]
    """On Azure."""

    gcp: NotRequired[GcpExistingArgs]
    """On GCP."""


class Made(TypedDict):
    """A component's resources, in the shape in which `existing` takes them."""

    aws: NotRequired[AwsMade]
    """On AWS."""

    azure: NotRequired[AzureMade]
    """On Azure."""

    gcp: NotRequired[GcpMade]
    """On GCP."""
