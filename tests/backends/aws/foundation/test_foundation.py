"""The account's own switches are set only if the target asks for them."""

from __future__ import annotations

from ....planned import Planned
from ..conftest import target


def test_the_account_is_left_alone_unless_asked(least: Planned, planned) -> None:
    kinds = ("AccountPublicAccessBlock", "EncryptionByDefault", "InstanceMetadataDefaults")
    assert not [step for kind in kinds for step in least.all(kind)]
    asked = planned(targets=(target(account_baseline=True),))
    assert [len(asked.all(kind)) for kind in kinds] == [1, 1, 1]
    assert asked.one("foundation-instance-metadata").inputs["httpTokens"] == "required"
