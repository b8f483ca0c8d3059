"""The identity that runs `up`: what it may do, asked before each call, and refused in the cloud's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mlplatform import discovery
from mlplatform.components.bootstrap import DerivesRights, Operation, PlannedResource
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rules import rules_of


class Deployer:
    """An identity with some rights. It checks actions, not on which resource or under which condition.

    Args:
        cloud: the cloud.
        allowed: rights in the cloud's own names; `*` stands for any text.
        left_out: rights that are not allowed although they match, as a role of Azure leaves some out.
    """

    def __init__(self, cloud: str, allowed: Sequence[str], left_out: Sequence[str] = ()) -> None:
        self._derive = discovery.backend(cloud).load(DerivesRights)
        self._allowed, self._left_out = _pattern(allowed), _pattern(left_out)

    def may(self, right: str) -> bool:
        """Whether it has a right."""
        return bool(self._allowed.fullmatch(right)) and not self._left_out.fullmatch(right)

    def lacks(self, operation: Operation, token: str, inputs: Mapping[str, object]) -> tuple[str, ...]:
        """The rights that one operation takes and that it does not have, sorted.

        Raises:
            UnknownRights: the rights of the type stand in no table.
        """
        rights = self._derive(PlannedResource(type=token, inputs=inputs), operation)
        return tuple(right for right in rights if not self.may(right))

    def refuse_denied(
        self, operation: Operation, token: str, name: str, id_: str, inputs: Mapping[str, object]
    ) -> None:
        """Raises CloudRefused for the first right that it lacks: a cloud names one at a time."""
        missing = self.lacks(operation, token, inputs)
        if missing:
            raise word_refusal(rules_of(token).denied, token, name, id_ or name, missing[0])


def _pattern(rights: Sequence[str]) -> re.Pattern[str]:
    texts = (re.escape(right).replace(r"\*", ".*") for right in rights)
    # no right at all matches nothing, not even an empty text
    return re.compile("|".join(texts) or r"(?!)", re.IGNORECASE)
