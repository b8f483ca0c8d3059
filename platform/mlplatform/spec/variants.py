"""Models behind an endpoint: variants with shares of its traffic, and one that gets copies."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from mlplatform.spec.base import SpecModel
from mlplatform.spec.moving_names import pinned_image, pinned_model

VariantName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,15}$")]
ModelPath = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,254}$"), AfterValidator(pinned_model)
]
Image = Annotated[
    str,
    # no \w: with all of Unicode in it, the repetition takes 50 ms to compile
    StringConstraints(
        max_length=400, pattern=r"^[a-z0-9]([a-z0-9._:/-]*[a-z0-9])?(:[A-Za-z0-9_.-]{1,128})?(@sha256:[0-9a-f]{64})?$"
    ),
    AfterValidator(pinned_image),
]


class VariantSpec(SpecModel):
    """One model behind the endpoint, with its share of the traffic."""

    name: VariantName
    """Name of the variant; it stays the same when the model changes."""

    model: ModelPath | None = None
    """Its model: a name (`fraud`), of which the record of releases says the version, or a path with the version
    (`fraud/7`), which pins it. Either is deployed once `mlplatform promote` has released it. Omitted: any model that is
    promoted to this variant."""

    image: Image | None = None
    """Container image of this variant. Omitted: the endpoint's."""

    traffic_percent: int = Field(default=100, ge=0, le=100)
    """Percentage of live requests, a whole number; all variants sum to 100."""


class ShadowSpec(SpecModel):
    """A model that receives a copy of live requests; its answers are only recorded."""

    name: VariantName = "shadow"
    """Must differ from the variants' names."""

    model: ModelPath
    """Its model, as a variant's: `fraud` follows the record of releases, `fraud/8` pins the version."""

    image: Image | None = None
    """Omitted: the endpoint's."""

    sample_percent: int = Field(default=100, ge=1, le=100)
    """Percentage of live requests that are copied, a whole number."""
