"""How several pods share a GPU."""

from typing import Annotated, Literal

from pydantic import Field

from mlplatform.spec.base import SpecModel


class TimeSlicing(SpecModel):
    """Several pods take turns on one GPU, without memory isolation."""

    kind: Literal["time-slicing"] = "time-slicing"
    """Kind of sharing: time slicing."""

    clients: int = Field(ge=2, le=48)
    """Pods that share one GPU."""


class Mig(SpecModel):
    """Each GPU is split into isolated instances of one profile."""

    kind: Literal["mig"] = "mig"
    """Kind of sharing: MIG."""

    profile: str = Field(pattern=r"^[1-7]g\.[0-9]+gb$")
    """NVIDIA's profile name, for example `3g.40gb`; the accelerator must offer it."""


Sharing = Annotated[TimeSlicing | Mig, Field(discriminator="kind")]
