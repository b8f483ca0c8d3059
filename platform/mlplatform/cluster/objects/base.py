"""What all objects have: a version, a kind and metadata. Also values that only the cloud's stack knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from mlplatform.fast.record import record

Labels = Mapping[str, "str | FromCloud"]
"""Labels or annotations."""


@record()
class FromCloud:
    """A text around one output of the cloud's stack, which is known when that stack is applied."""

    output: str
    """Name of the output, for example `clusterEndpoint`; `identities.training` is a value inside of one."""

    before: str = ""
    """Text before it."""

    after: str = ""
    """Text after it, up to its next place."""

    more: tuple[str, ...] = ()
    """Texts after further places of the same output, in their order. Omitted: it stands in one place."""

    def around(self, value: object) -> str:
        """The text, with a value in the places of the output."""
        return str(value).join((self.before, self.after, *self.more))


Text = str | FromCloud
"""A text, known or not."""


@record(kw_only=True)
class Metadata:
    """Name, place, labels and annotations of an object."""

    name: str
    """Unique among the objects of its kind in its namespace, or in the cluster."""

    namespace: str | None = None
    """Its namespace. Omitted: the kind has none."""

    labels: Labels | None = None
    """Labels. Omitted: none but the platform's."""

    annotations: Labels | None = None
    """Annotations. Omitted: none."""


class KubeObject:
    """One object. Its fields are those of the kind, in Python's spelling."""

    __slots__ = ()

    API: ClassVar[str]
    """`apiVersion` of the kind."""

    KIND: ClassVar[str]
    """`kind`."""

    metadata: Metadata
    """Name, place, labels and annotations."""


@record(kw_only=True)
class LabelRequirement:
    """One condition on a label."""

    key: str
    """The label."""

    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"]
    """The condition."""

    values: tuple[str, ...] | None = None
    """Values for `In` and `NotIn`."""


@record(kw_only=True)
class LabelSelector:
    """Objects by their labels; without any condition, all."""

    match_labels: Mapping[str, str] | None = None
    """Labels with exactly these values."""

    match_expressions: tuple[LabelRequirement, ...] | None = None
    """Further conditions."""


@record(kw_only=True)
class Toleration:
    """A taint that a pod tolerates; with `Exists` and no key, every taint."""

    key: str | None = None
    """Key of the taint. Omitted: of any."""

    operator: Literal["Exists", "Equal"] = "Exists"
    """`Equal` compares the value too."""

    value: str | None = None
    """Value of the taint, for `Equal`."""

    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = None
    """Effect of the taint. Omitted: every effect."""


@record(kw_only=True)
class Taint:
    """A taint of a node."""

    key: str
    """Its key."""

    value: str
    """Its value; may be empty."""

    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]
    """What happens to pods that do not tolerate it."""
