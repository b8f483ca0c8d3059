"""Who was granted what: a line for each grant of a component, in the words of the components and not of a cloud."""

from __future__ import annotations

from typing import Literal

from mlplatform.fast.record import record
from mlplatform.spec.artifact_store import Place

Right = Literal["read", "add", "write", "pull", "push", "register", "start", "ask", "call", "log", "use"]
"""What somebody may do: `read`, `add` to and `write` a place or `read` versions of models; `pull` and `push` images;
`register` versions of models; `start` jobs and pipelines, which act as the pipelines' identity; `ask` for runs; `call`
endpoints; `log` runs of training; `use` the API of the cluster, as far as the cluster allows it."""

Thing = (
    Place
    | Literal["images", "registry", "jobs", "door", "endpoints", "tracking", "cluster", "online-features", "airflow"]
)
"""What the right is on: a place of the store, or a part of the platform."""


@record(kw_only=True)
class GrantNote:
    """One grant."""

    holder: str
    """Name of the identity without the platform's: `pipelines`, `data-scientist`, `endpoint-fraud-scorer`."""

    right: Right
    """What it may do."""

    on: Thing
    """With what."""

    part: str = ""
    """The only folder or endpoint that it holds for. Omitted: all of it."""
