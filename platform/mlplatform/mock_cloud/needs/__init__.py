"""What must be put into a cloud before it is used: objects, images and secrets, one module per cloud.

No resource of a program holds them: a person or CI puts them there after the first `up`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from mlplatform.mock_cloud.needs.base import CloudNeeds
from mlplatform.providers.accounts import Account


def needs_of(account: Account) -> CloudNeeds:
    """What the resources of an account need; a cloud without a module here needs nothing."""
    name = f"{__name__}.{account.cloud}"
    return import_module(name).NEEDS(account) if find_spec(name) else CloudNeeds(account)
