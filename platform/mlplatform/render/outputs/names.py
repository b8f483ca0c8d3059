"""Names that another tool accepts: legal, in its style, and unique."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

TERRAFORM_TAKEN = frozenset(
    {"count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"}
)
"""Names that no variable may have, https://developer.hashicorp.com/terraform/language/block/variable"""


def snake(name: str) -> str:
    """`storeUris` as `store_uris`: a letter or underscore, then letters, digits and underscores."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    legal = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    return legal if legal[:1].isalpha() else f"_{legal}"


def unique_names(names: Iterable[str], taken: frozenset[str] = frozenset()) -> dict[str, str]:
    """Each name in snake case; a name that is not unique or taken gets a hash of the original.

    Args:
        names: as the stack has them.
        taken: reserved names.
    """
    short = {name: snake(name) for name in names}
    alike = Counter(short.values())
    return {
        name: f"{legal}_{sha256(name.encode()).hexdigest()[:6]}" if alike[legal] > 1 or legal in taken else legal
        for name, legal in short.items()
    }
