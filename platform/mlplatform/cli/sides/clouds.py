"""Clouds and a region that options name."""

from __future__ import annotations

from collections.abc import Sequence

import click


def chosen_clouds(clouds: Sequence[str], region: str) -> tuple[str, ...]:
    """The clouds that are meant: those that have the region, of the named ones or else of all.

    Args:
        clouds: names that were typed; empty for all.
        region: the region that was typed; empty for all.

    Raises:
        click.UsageError: a cloud is unknown, or none of them has the region.
    """
    from mlplatform import discovery
    from mlplatform.catalog.region_names import likeliest

    known_clouds(clouds)
    asked = tuple(dict.fromkeys(clouds)) or discovery.clouds()
    if not region:
        return asked
    chosen = tuple(cloud for cloud in asked if discovery.backend(cloud).catalog.is_region(region))
    if not chosen:
        close = likeliest(discovery.backend(cloud).catalog.near_regions(region) for cloud in asked)
        hint = f"; {close}" if close else ""
        raise click.UsageError(f"--region: got '{region[:40]}', expected a region of {', '.join(asked)}{hint}")
    return chosen


def known_clouds(clouds: Sequence[str]) -> None:
    """Refuse a name that is no cloud's.

    Raises:
        click.UsageError: it says which cloud is meant, also by the names that people give it: `amazon`, `AWS`.
    """
    from mlplatform import discovery

    known = discovery.clouds()
    for cloud in clouds:
        if cloud in known:
            continue
        from mlplatform.reading.refusals.words import word_for
        from mlplatform.similar import nearest_names

        words = [word_for(word, known) for word in cloud.split(",") if word.strip()]
        if len(words) > 1 and all(words):
            hint = f"; write {' '.join(f'--cloud {word}' for word in words)}"
        else:
            close = word_for(cloud, known) or next(iter(nearest_names(cloud, known)), None)
            hint = f"; did you mean {close}?" if close else ""
        raise click.UsageError(f"--cloud: got '{cloud[:40]}', expected one of {', '.join(known)}{hint}")
