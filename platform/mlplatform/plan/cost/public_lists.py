"""The clouds whose public price lists can be read, told without loading what reads them."""

from __future__ import annotations

from pathlib import Path

_OTHERS = ("document", "fetch", "quote")
_FOLDER = Path(__file__).parent / "refresh"


def has_list(cloud: str) -> bool:
    """Whether the public price list of a cloud can be read.

    Args:
        cloud: the cloud's name.
    """
    return cloud.isidentifier() and cloud not in _OTHERS and (_FOLDER / f"{cloud}.py").is_file()
