"""The regions that somebody means: in another cloud's spelling or by its names, as a zone, or misspelt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from mlplatform.catalog.geography import clouds_of, continent_of, nearest_region
from mlplatform.catalog.reader import Table, read_sources, read_table
from mlplatform.similar import nearest_names

_ZONE = re.compile(r"[-_ ]?[a-f]$")
_MOST = 3
"""Regions of a continent that are offered."""


def meant_regions(written: str, cloud: str, known: Iterable[str]) -> tuple[str, ...]:
    """Regions of a cloud that a text may mean, the likeliest first; empty where it resembles none.

    Args:
        written: what somebody wrote: `East US 2`, `us-central-1`, `us-east-1a`, `frankfurt`, or the region of another
            cloud.
        cloud: the cloud's name.
        known: the names of its regions.
    """
    names = {_plain(name): name for name in known}
    for text in (written, _ZONE.sub("", written.lower())):
        if same := names.get(_plain(text)):
            return (same,)
    if others := clouds_of(written.lower()):
        places = (
            nearest_region(cloud, written.lower(), names.values(), same_continent=False, of=other) for other in others
        )
        return tuple(near for near in places if near)
    if there := _at_a_place(written, cloud, tuple(names.values())):
        return there
    alike = nearest_names(_plain(written), names, most=_MOST)
    return tuple(names[each] for each in alike)


def likeliest(meant: Iterable[tuple[str, ...]]) -> str:
    """Regions of several clouds as a question, "did you mean a or b?"; empty where none was meant.

    Args:
        meant: what `meant_regions` found for each cloud: one region where it is sure.
    """
    found = list(meant)
    sure = [each for each in found if len(each) == 1] or found
    names = list(dict.fromkeys(name for each in sure for name in each))[:3]
    return f"did you mean {' or '.join(names)}?" if names else ""


def _at_a_place(written: str, cloud: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The region at a place that somebody names, or some of a continent."""
    folded = unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode().lower()
    text = " ".join(re.findall(r"[a-z]+", folded))
    table = _places()
    for other in (name for name in table if name not in ("as_of", "sources", "continents")):
        places = table.table(other)
        for place in places:
            if re.search(rf"\b{place}\b", text):
                region = places.get(place, str)
                near = nearest_region(cloud, region, known, same_continent=False, of=other)
                return (near,) if near else ()
    continents = table.table("continents")
    for word in continents:
        if word == text:
            wanted = continents.get(word, str)
            return tuple(name for name in known if continent_of(cloud, name) == wanted)[:_MOST]
    return ()


@cache
def _places() -> Table:
    table = read_table(Path(__file__).parent / "data" / "places.toml")
    read_sources(table)
    return table


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
