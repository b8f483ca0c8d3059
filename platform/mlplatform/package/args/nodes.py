"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict


class TaintSpec(TypedDict):
    """A Kubernetes taint on every node of a pool."""

    key: str
    """Key of the taint, optionally with a DNS prefix."""

    value: NotRequired[str]
    """Value of the taint; may be empty."""

    effect: NotRequired[str]
    """Effect on pods without a matching toleration.

    One of NoSchedule, PreferNoSchedule, NoExecute.
    """
