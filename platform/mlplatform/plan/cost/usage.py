"""Usage as amounts of a month: defaults with their reasons, overridden by a usage file."""

from typing import Annotated, cast

from pydantic import BeforeValidator, Field, PlainSerializer

from mlplatform.field_problem import FieldProblem, FieldsRefused
from mlplatform.plan.cost.amount import Range
from mlplatform.spec.base import SpecModel, default


def _amount(value: object) -> object:
    if isinstance(value, Range):
        return value
    if isinstance(value, dict):
        given = cast("dict[str, object]", value)
        if set(given) != {"low", "expected", "high"}:
            raise _refused("a range with exactly low, expected and high", "give all three, or one number")
        low, expected, high = (_number(given[key]) for key in ("low", "expected", "high"))
        if not low <= expected <= high:
            raise _refused("low, expected and high in growing order", "put them in order")
        return Range(low, expected, high)
    return Range.exactly(_number(value))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        raise _refused("a number of at least 0, or a mapping of low, expected and high", "write such a number")
    return float(value)


def _refused(expected: str, fix: str) -> FieldsRefused:
    return FieldsRefused(FieldProblem((), expected, fix))


def _plain(amount: Range) -> object:
    if amount.certain:
        return amount.expected
    return {"low": amount.low, "expected": amount.expected, "high": amount.high}


Amount = Annotated[Range, BeforeValidator(_amount), PlainSerializer(_plain)]
"""A number, or `{low: …, expected: …, high: …}`."""


def _range(low: float, expected: float, high: float) -> Range:
    return Range(low, expected, high)


class PoolUsage(SpecModel):
    """Use of a node pool. At idle a pool has its minimum of nodes, at most its maximum."""

    utilisation: float = Field(default=0.25, ge=0, le=1)
    """Share of the nodes between minimum and maximum that run on average.

    The default is eight hours on 22 working days (176 of 730 hours)."""

    spot_discount_percent: float | None = Field(default=None, ge=0, lt=100)
    """Discount of spot on the on-demand price, percent. Omitted: the spot price in the price file."""

    prepaid_nodes: int | None = Field(default=None, ge=0)
    """Nodes of a reservation or capacity block, which are paid whether they are used or not.

    Omitted: the pool's maximum, because the plan does not know the contract."""


class EndpointUsage(SpecModel):
    """Use of an endpoint."""

    utilisation: float = Field(default=0.25, ge=0, le=1)
    """Share of the replicas between minimum and maximum that run on average; by default eight hours of working days."""


class StorageUsage(SpecModel):
    """Average contents of stores, GiB, and requests to them."""

    data_gib: Amount = _range(0, 1000, 10_000)
    """Raw data."""

    features_gib: Amount = _range(0, 200, 2000)
    """Features."""

    models_gib: Amount = _range(0, 200, 2000)
    """Models with their old versions."""

    pipelines_gib: Amount = _range(0, 200, 2000)
    """Intermediate results of pipelines."""

    monitoring_gib: Amount = _range(0, 100, 1000)
    """Captured requests and responses."""

    cool_share: float = Field(default=0.0, ge=0, le=1)
    """Share of a place that its lifecycle has moved to a cool class. The default is that of a new platform."""

    other_gib: Amount = _range(0, 50, 500)
    """Every other bucket or container, for example access logs, GiB."""

    def place_gib(self, place: str) -> Range:
        """Contents of a place of the artifact store, GiB."""
        amounts = {
            "data": self.data_gib,
            "features": self.features_gib,
            "models": self.models_gib,
            "pipelines": self.pipelines_gib,
            "monitoring": self.monitoring_gib,
        }
        return amounts.get(place, self.other_gib)

    images_gib: Amount = _range(0, 100, 1000)
    """Container images per registry, GiB. Serving images with CUDA are 5 to 20 GiB each."""

    notebook_homes: Amount = _range(0, 10, 100)
    """People with a disk for their notebooks. It is made at their first login and stays until somebody deletes it."""

    writes_million: Amount = _range(0, 0.1, 1)
    """Write and list requests per store, millions."""

    reads_million: Amount = _range(0, 1, 10)
    """Read requests per store, millions."""


class FeaturesUsage(SpecModel):
    """The online store of features, all groups together."""

    online_gib: Amount = _range(0, 1, 20)
    """Newest values, GiB: a million keys of one KiB each are one."""

    lookups_million: Amount = _range(0, 10, 100)
    """Keys that are looked up, each once for a group, millions: ten million are four each second."""

    writes_million: Amount = _range(0, 10, 200)
    """Keys that are written, each once for a group, millions. A job that fills every hour writes again what came in
    its last `late_hours`."""


class NetworkUsage(SpecModel):
    """Network traffic, GiB."""

    nat_gib: Amount = _range(0, 300, 3000)
    """Through all NAT gateways of a network together, GiB: packages and images from outside."""

    private_endpoint_gib: Amount = _range(0, 300, 3000)
    """Through all private endpoints together, GiB."""

    internet_gib: Amount = _range(0, 100, 1000)
    """To the internet, GiB."""

    entry_gib: Amount = _range(0, 100, 1000)
    """Through all load balancers of public entries together, in both directions, GiB."""


class ObservabilityUsage(SpecModel):
    """Logs and metrics."""

    logs_gib: Amount = _range(1, 100, 1000)
    """Ingested by the log service for the whole platform, GiB."""

    flow_logs_gib: Amount = _range(0, 20, 200)
    """Flow logs of the whole network, GiB."""

    samples_million: Amount = _range(50, 1000, 10_000)
    """Prometheus samples, millions. Ten nodes with 1,000 series each, scraped every 30 seconds, make 876."""

    grafana_editors: Amount = _range(1, 3, 10)
    """People who edit dashboards."""

    grafana_viewers: Amount = _range(0, 10, 50)
    """People who view dashboards."""


class SmallUsage(SpecModel):
    """Small costs."""

    key_operations_thousand: Amount = _range(0, 100, 10_000)
    """Cryptographic operations per key, thousands; few, because stores cache data keys."""

    messages_million: Amount = _range(0, 0.1, 1)
    """Events, notifications and queue messages, millions."""


class Usage(SpecModel):
    """Usage of one month. Every field may be omitted."""

    pools: dict[str, PoolUsage] = Field(default_factory=dict[str, PoolUsage])
    """Usage by pool; `system` is the cluster's own."""

    other_pools: PoolUsage = default(PoolUsage)
    """Pools that are not named."""

    endpoints: dict[str, EndpointUsage] = Field(default_factory=dict[str, EndpointUsage])
    """Usage by endpoint."""

    other_endpoints: EndpointUsage = default(EndpointUsage)
    """Endpoints that are not named."""

    storage: StorageUsage = default(StorageUsage)
    """Stores and registries."""

    features: FeaturesUsage = default(FeaturesUsage)
    """Features online."""

    network: NetworkUsage = default(NetworkUsage)
    """Traffic."""

    observability: ObservabilityUsage = default(ObservabilityUsage)
    """Logs and metrics."""

    small: SmallUsage = default(SmallUsage)
    """Keys and events."""

    price_region: dict[str, str] = Field(default_factory=dict[str, str])
    """By region, another region whose prices stand in for missing ones. Omitted: the nearest region with the price."""

    def pool(self, name: str) -> PoolUsage:
        """Use of one pool."""
        return self.pools.get(name, self.other_pools)

    def endpoint(self, name: str) -> EndpointUsage:
        """Use of one endpoint."""
        return self.endpoints.get(name, self.other_endpoints)


DEFAULT = default(Usage)
"""The usage without a usage file."""
