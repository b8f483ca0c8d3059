"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from mlplatform.package.args.access import AccessSpec
from mlplatform.package.args.cluster import ClusterSpec
from mlplatform.package.args.existing import ExistingArgs
from mlplatform.package.args.keys import KeysSpec
from mlplatform.package.args.monitoring import MonitoringSpec
from mlplatform.package.args.network import NetworkSpec


class ContextArgs(TypedDict):
    """The platform that a single component belongs to. It gives names, tags and the account."""

    name: str
    """The platform's name, 2 to 20 characters; the first part of every physical name."""

    environment: NotRequired[str]
    """dev, staging, prod or your own, at most 12 characters; the second part of every physical name."""

    owner: str
    """Team that is responsible for the platform."""

    cost_center: str
    """Cost center that pays for the platform."""

    data_class: NotRequired[str]
    """The most sensitive data the platform may hold.

    One of public, internal, confidential, restricted.
    """

    profile: NotRequired[str]
    """Set of defaults. Omitted: the profile with the environment's name, or prod if there is none.

    One of dev, staging, prod.
    """

    deletion_protection: NotRequired[bool]
    """Whether Pulumi and the cloud refuse to delete what holds data or keys, and the cluster. Omitted: as the
    profile says, off in dev. To take a platform down, set it to false, apply that, and destroy. Places with WORM
    or a legal hold stay until that ends.
    """

    tags: NotRequired[Mapping[str, str]]
    """Additional tags on every resource that can carry them. Names that the platform or a cloud sets are refused."""

    network: NotRequired[NetworkSpec]
    """The network."""

    keys: NotRequired[KeysSpec]
    """Encryption keys."""

    monitoring: NotRequired[MonitoringSpec]
    """Logs, metrics, alerts, routes."""

    access: NotRequired[AccessSpec]
    """Identities and roles."""

    cluster: NotRequired[ClusterSpec]
    """The layer inside the training cluster: queue, job engines, teams and add-ons, applied by a stack of its own.
    Omitted: none, the cluster is bare.
    """

    target: Mapping[str, Any]
    """The account and region, with `cloud`, as in the spec."""

    existing: NotRequired[ExistingArgs]
    """Existing resources that the platform uses. Omitted: everything is created."""
