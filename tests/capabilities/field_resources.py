"""docs/resources.md: for every field, the types of resources that another value of it changes, on each cloud.

Nobody writes this table: each field gets its second value (`field_cases.py`, `CHANGES`), and both plans are compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache

from mlplatform import PlatformSpec, discovery
from mlplatform.plan.field_resources import FILE

from ..conftest import ROOT
from .field_cases import CASES
from .test_every_cell_is_proven import UNPROVEN, is_existing, is_override, leaves, refusals, specs
from .test_nothing_is_ignored import (
    BASES,
    CHANGES,
    PARTS,
    SATISFIED,
    Fingerprint,
    base_of,
    changed_by,
    part_of,
    plan_of,
)

PAGE = ROOT / "docs" / "resources.md"
MOST = 12
"""A field that changes more types than this concerns the platform as a whole: their number says enough."""

HEAD = """\
# From a field to its resources

Which types of resources another value of a field makes, changes or takes away, on each cloud. The table is made from
plans: each field gets a second value, and the plan with it is compared with the plan before (`make resources`). It says
what follows on a platform like that of the tests; `mlplatform diff` shows the resources of your own change
([review.md](review.md)).

| Word | Meaning |
|---|---|
| `-` | the field belongs to another cloud's target |
| refused | the cloud refuses the second value: [parity.md](parity.md) has the reason and the nearest alternative |
| nothing | the cloud honours the value without another resource; parity.md says how |
| written | no plan shows it: it is in files that `mlplatform render` writes, in a secret, or told to a program |
| 40 types | the field concerns the platform as a whole: names, tags, defaults |
| `kubernetes …` | a resource inside the cluster |

`targets.pools` and `targets.endpoints` override fields of pools and endpoints: look those up. `targets.existing` takes
the place of what the platform would make.
"""


def wanted() -> list[str]:
    """The fields of the table, in the order of the matrix."""
    return [path for path in leaves() if path in _plain() and path not in UNPROVEN]


@cache
def _plain() -> Mapping[str, str]:
    """By path: the key in CHANGES; empty for those of CASES."""
    plain = {field.replace(".0", ""): field for field in CHANGES}
    return {path: plain.get(path, "") for path in leaves() if not is_override(path) and not is_existing(path)}


def cell(path: str, cloud: str) -> str:
    """What the table says of a field on a cloud."""
    if leaves()[path][cloud].support == "other":
        return "-"
    if path in CASES:
        base, changed = specs(CASES[path], cloud)
    else:
        base, changed = BASES[base_of(_plain()[path])], changed_by(BASES[base_of(_plain()[path])], _plain()[path])
    if any(refusals(changed, cloud)):
        return "refused"
    if _is_satisfied(path, cloud):
        return "nothing"
    for resolve in (False, True):
        # resolved only where nothing else differs: a document with an unknown in it hides what else is in it
        plans = (_plan(base, cloud, resolve), _plan(changed, cloud, resolve))
        layers = (_layer(base, cloud), _layer(changed, cloud))
        if found := frozenset(_differing(*plans)) | frozenset(_differing(*layers)):
            return ", ".join(sorted(found)) if len(found) <= MOST else f"{len(found)} types"
    return "written"


def _is_satisfied(path: str, cloud: str) -> bool:
    return any(where == cloud and f"{path}.".startswith(f"{of.replace('.0', '')}.") for of, where in SATISFIED)


def _differing(before: Fingerprint, after: Fingerprint) -> Iterator[str]:
    """Short names of the types of resources that are in one plan only, or differ."""
    was, now = dict(before), dict(after)
    for urn in was.keys() | now.keys():
        token = urn.split("::")[2].rpartition("$")[2]
        if was.get(urn) != now.get(urn) and not token.startswith(("mlplatform:", "pulumi:")):
            yield short_name(token)


def short_name(token: str) -> str:
    """`eks.NodeGroup` of `aws:eks/nodeGroup:NodeGroup`; types inside the cluster begin with `kubernetes`."""
    package, module, name = token.split(":")
    if package == "kubernetes":
        return f"kubernetes {name}"
    return f"{module.partition('/')[0]}.{name}" if module else name


_plans: dict[tuple[str, str, bool], Fingerprint] = {}


def _plan(spec: PlatformSpec, cloud: str, resolve: bool) -> Fingerprint:
    return _kept((spec.model_dump_json(), cloud, resolve), lambda: plan_of(spec, cloud, resolve))


def _layer(spec: PlatformSpec, cloud: str) -> Fingerprint:
    """What is inside the cluster."""
    if not spec.on(cloud).cluster:
        return []
    return _kept((spec.model_dump_json(), f"in {cloud}", False), lambda: part_of(PARTS["cluster"], spec, cloud))


def _kept(key: tuple[str, str, bool], make: Callable[[], Fingerprint]) -> Fingerprint:
    """A plan, made once for the fields that share it."""
    if key not in _plans:
        if len(_plans) >= 60:
            del _plans[next(iter(_plans))]
        _plans[key] = make()
    return _plans[key]


def rows(cloud: str) -> dict[str, str]:
    """A cell for each field, on one cloud."""
    return {path: cell(path, cloud) for path in wanted()}


def page(cells: Mapping[str, Mapping[str, str]]) -> str:
    """The page, of cells by cloud and field."""
    lines = [HEAD.rstrip("\n")]
    section = ""
    for path in wanted():
        head = path.partition(".")[0] if "." in path else "The platform as a whole"
        if head != section:
            section = head
            titles = " | ".join(discovery.backend(cloud).title for cloud in cells)
            lines += ["", f"## {section}", "", f"| Field | {titles} |", "|---|" + "---|" * len(cells)]
        lines.append(f"| `{path}` | " + " | ".join(by[path] for by in cells.values()) + " |")
    return "\n".join(lines) + "\n"


def read_page() -> dict[str, dict[str, str]]:
    """The cells of the page, by field and cloud."""
    _, _, tables = PAGE.read_text(encoding="utf-8").partition("\n## ")
    found = re.finditer(r"^\| `([^`]+)` \| (.*) \|$", tables, re.M)
    return {row[1]: dict(zip(discovery.clouds(), row[2].split(" | "), strict=True)) for row in found}


def complete_page() -> None:
    """Write the page with the rows of new fields, and without those of former ones."""
    known = read_page()
    cells = {
        cloud: {path: known.get(path, {}).get(cloud) or cell(path, cloud) for path in wanted()}
        for cloud in discovery.clouds()
    }
    _write(cells)


def _write(cells: Mapping[str, Mapping[str, str]]) -> None:
    """Write the page, and the same for the package."""
    PAGE.write_text(page(cells), encoding="utf-8")
    FILE.write_text(json.dumps(read_page(), indent=1) + "\n", encoding="utf-8")


def renew_page() -> None:
    """Write the page anew, from some four thousand plans on two processors."""
    with ProcessPoolExecutor(2) as pool:
        _write(dict(zip(discovery.clouds(), pool.map(rows, discovery.clouds()), strict=True)))


if __name__ == "__main__":
    renew_page()
