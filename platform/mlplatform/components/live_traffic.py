"""What answers an endpoint's callers now, as the cloud says it. Read only; imports no SDK.

The commands are those of the clouds' own command lines, as for the files of a release: whoever may see an endpoint can
run them, and so does CI with the identity that shows changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol, cast

from mlplatform.components.contract import contract
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

Ask = Callable[[Sequence[str]], object]
"""Runs a command that prints JSON, and returns the document; raises `NotAnswered`."""


class NotAnswered(Exception):
    """Nobody says what answers: a command is missing or fails, or the answer has another form. The text says why."""


TrafficState = Literal["steady", "moving"]
"""`moving`: a rollout is under way, so that nothing can be said of its end."""


@record(kw_only=True)
class LiveEndpoint:
    """One endpoint as it is."""

    state: TrafficState
    """Whether its traffic moves."""

    serving: Mapping[str, tuple[object, ...]]
    """What answers for each variant or shadow: the cloud's own description of the models or containers."""

    tried: Mapping[str, tuple[object, ...]]
    """What was put there for a variant, and answers nobody: a rollout that was taken back, or never began to answer."""


@contract("serving.live")
class ReadsLiveTraffic(Protocol):
    """Asks the cloud about one endpoint of a platform that is narrowed to one target.

    Raises:
        NotAnswered: nobody can say.
    """

    def __call__(self, spec: PlatformSpec, endpoint: EndpointSpec, ask: Ask, /) -> LiveEndpoint: ...


def fields_of(answer: object) -> Mapping[str, object]:
    """An object of an answer; empty where there is none."""
    return cast("Mapping[str, object]", answer) if isinstance(answer, dict) else {}


def items_of(answer: object) -> tuple[Mapping[str, object], ...]:
    """The objects of a list of an answer; empty where there is none."""
    return tuple(fields_of(each) for each in cast("list[object]", answer)) if isinstance(answer, list) else ()


def text_of(answer: object, *path: str) -> str:
    """A text inside an answer; empty where there is none."""
    for name in path:
        answer = fields_of(answer).get(name)
    return answer if isinstance(answer, str) else ""
