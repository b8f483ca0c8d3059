"""Accelerators by the machine types that carry them, for people who write a machine where an accelerator is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from mlplatform.catalog.catalog import load_catalog


def accelerator_of_machine(name: str, catalogs: Iterable[Path]) -> str | None:
    """The accelerator of a machine type, as a spec writes it (`H200:8`); None if no catalogue has the machine.

    Args:
        name: a machine type of any cloud, with or without the serving service's prefix; case does not matter.
        catalogs: the catalogues' files.
    """
    return _accelerators(tuple(sorted(catalogs))).get(_key(name))


@lru_cache(maxsize=4)
def _accelerators(catalogs: tuple[Path, ...]) -> Mapping[str, str]:
    carried: dict[str, set[str]] = {}
    for path in catalogs:
        for machine in load_catalog(path).machines:
            carried.setdefault(_key(machine.machine_type), set()).add(str(machine.accelerator))
    # a machine type that takes different accelerators does not say which one is meant
    return {name: next(iter(kinds)) for name, kinds in carried.items() if len(kinds) == 1}


def _key(name: str) -> str:
    return re.sub(r"^(ml\.|standard_)", "", name.strip().lower())
