"""What the clouds' readers of another tool's state share: names of repositories, and notes on what is not used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from mlplatform.components.adoption import Given
from mlplatform.components.foreign_resource import ForeignResource

_NAME = r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?"
_MOST = 20
"""Repositories that a target can name."""


def repositories(given: Given, found: Iterable[ForeignResource], pattern: str, attribute: str) -> dict[str, str]:
    """Image repositories by their last name; those whose name does not fit are noted.

    Args:
        given: takes the notes.
        found: the repositories.
        pattern: of the whole reference.
        attribute: has the reference.
    """
    named: dict[str, str] = {}
    for resource in found:
        reference = resource.text(attribute)
        name = reference.rpartition("/")[2]
        if (
            not re.fullmatch(pattern, reference)
            or not re.fullmatch(_NAME, name)
            or name in named
            or len(named) == _MOST
        ):
            given.notes.append(
                f"{resource.address} ({reference or 'no id'}): write its name in registry.repositories yourself"
            )
            continue
        named[name] = reference
        given.used[f"existing.registry.repositories.{name}"] = resource.address
    return named


def note_choices(given: Given, kinds: Mapping[str, str], shown: Callable[[ForeignResource], str]) -> None:
    """Note resources of which only a person can say what they are for.

    Args:
        given: takes the notes.
        kinds: the field that each type can fill.
        shown: what people know a resource by.
    """
    used = {each.partition("[")[0] for each in given.used.values()} | set(given.used.values())
    for resource in given.of(*kinds):
        if resource.address not in used:
            given.notes.append(
                f"{resource.address} ({shown(resource)}): to use it, --map {kinds[resource.type]}={resource.address}"
            )


def refuse_other_cloud(given: Given, *beginnings: str) -> None:
    """Refuse a state that has nothing of the cloud.

    Args:
        given: takes the problem.
        beginnings: of the types of the cloud's resources.
    """
    types = sorted({each.type for each in given.resources})
    if types and not any(kind.startswith(beginnings) for kind in types):
        own = " or ".join(f"{beginning}*" for beginning in beginnings)
        given.problems.append(
            f"got {len(given.resources)} resources ({', '.join(types[:3])}, …) and none of {own}; "
            "name the cloud of the state in --cloud, or give another state"
        )


def note_rest(given: Given, read: Iterable[str]) -> None:
    """Note how many resources of other types there are."""
    known = set(read)
    counts = Counter(each.type for each in given.resources if each.type not in known)
    if counts:
        listed = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
        given.notes.append(f"no field of a target refers to {listed}")


def is_whole(given: Given, part: str, fields: Mapping[str, object]) -> bool:
    """Whether a part has all of its fields; a part that a person named in outputs and that lacks some is refused.

    Args:
        given: takes the problem, or a note where the part was found in a state.
        part: its field in the target.
        fields: what was found for each of its fields.
    """
    missing = [field for field, value in fields.items() if not value]
    if len(missing) == len(fields) or not missing:
        return not missing
    addresses = {each.address for each in given.resources}
    found = {field: given.used[field] for field in list(given.used) if field.startswith(f"{part}.")}
    if not given.problems and found and all(source.split(", ")[0] in addresses for source in found.values()):
        for field in found:
            given.used.pop(field)
        given.notes.append(f"{part}: not used, the state has nothing for {', '.join(missing)}")
        return False
    for field in missing:
        expected = "an output for it, because other outputs of the part were found"
        given.refuse(f"{part}.{field}", "no output or resource for it", expected)
    return False
