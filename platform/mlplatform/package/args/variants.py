"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict


class VariantSpec(TypedDict):
    """One model behind the endpoint, with its share of the traffic."""

    name: str
    """Name of the variant; it stays the same when the model changes."""

    model: NotRequired[str]
    """Its model: a name (`fraud`), of which the record of releases says the version, or a path with the version
    (`fraud/7`), which pins it. Either is deployed once `mlplatform promote` has released it. Omitted: any model
    that is promoted to this variant.
    """

    image: NotRequired[str]
    """Container image of this variant. Omitted: the endpoint's."""

    traffic_percent: NotRequired[int]
    """Percentage of live requests, a whole number; all variants sum to 100."""


class ShadowSpec(TypedDict):
    """A model that receives a copy of live requests; its answers are only recorded."""

    name: NotRequired[str]
    """Must differ from the variants' names."""

    model: str
    """Its model, as a variant's: `fraud` follows the record of releases, `fraud/8` pins the version."""

    image: NotRequired[str]
    """Omitted: the endpoint's."""

    sample_percent: NotRequired[int]
    """Percentage of live requests that are copied, a whole number."""
