"""The id by which `pulumi import` takes over a resource, by type: data with the vendor's page beside it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

FOLDER = Path(__file__).with_name("data") / "imports"
"""One file per cloud."""
MADE = "<id>"
"""The part of an id that the cloud makes up when it creates the resource."""
_PART = re.compile(r"\{([^}]+)\}|\[([^\]]+)\]|(<id>)|([^{[<]+|<)")

ValueOf = Callable[[str], str | None]
"""A property of a resource by its path, or a fact of its account (`@account`, `@region`, `@number`).

None: it has none.
"""


@dataclass(frozen=True, slots=True)
class ImportForm:
    """How the resources of one type are named in an import."""

    form: str
    """The id. `{property}` is an input or output, of several with `|` the first one that is there; `<id>` is made by
    the cloud; what stands in `[]` is left out where its property is. Empty where the type cannot be imported."""

    reason: str
    """Why it cannot be imported; empty where it can."""

    source: str
    """The vendor's page."""


@dataclass(frozen=True, slots=True)
class LiveList:
    """A reading command of the cloud's command line that lists resources of one type."""

    command: tuple[str, ...]
    """Its words; `{property}` and facts are filled in as in a form."""

    items: str
    """Path of the list in its answer; empty where the answer is the list."""

    id: str
    """The id of an item, as a form over the item (`{.}` is an item that is a text), else over the planned resource."""

    like: tuple[tuple[str, str], ...]
    """Forms over an item and over the planned resource that are equal for the same thing, where the id is made by the
    cloud. Empty: the ids are compared."""

    missing: str
    """What the command says where there is nothing to list, as a pattern; empty where it then lists nothing."""


def import_form(token: str) -> ImportForm | None:
    """The form of a type; None where nobody has looked it up."""
    forms = _tables()[0]
    return forms.get(token) or forms.get(f"{token.partition(':')[0]}:*")


def live_list(token: str) -> LiveList | None:
    """The command that lists resources of a type; None where there is none."""
    lists = _tables()[1]
    return lists.get(token) or lists.get(f"{token.partition(':')[0]}:*")


def page_of(token: str) -> str:
    """The page on which a provider says how a type is imported."""
    return _tables()[2].get(token.partition(":")[0], "").replace("{}", _path(token))


def fill_form(form: str, value_of: ValueOf) -> str | None:
    """A form with its properties; None where one of them has no value."""
    filled: list[str] = []
    for prop, optional, made, text in _PART.findall(form):
        if made or text:
            filled.append(made or text)
        elif optional:
            filled.append(fill_form(optional, value_of) or "")
        else:
            value = next((found for name in prop.split("|") if (found := value_of(name))), None)
            if value is None:
                return None
            filled.append(value)
    return "".join(filled)


def properties_of(form: str) -> tuple[str, ...]:
    """The properties that a form names, without facts of the account."""
    names = [name for prop in re.findall(r"\{([^}]+)\}", form) for name in prop.split("|")]
    return tuple(name for name in names if not name.startswith("@"))


def matches(form: str, id_: str) -> bool:
    """Whether an id has a form whose properties are filled in; `<id>` is any text."""
    return re.fullmatch(".+".join(map(re.escape, form.split(MADE))), id_, re.IGNORECASE) is not None


@cache
def _tables() -> tuple[Mapping[str, ImportForm], Mapping[str, LiveList], Mapping[str, str]]:
    forms: dict[str, ImportForm] = {}
    lists: dict[str, LiveList] = {}
    pages: dict[str, str] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        document = tomllib.loads(file.read_text("utf-8"))
        package, page = str(document["package"]), str(document["page"])
        pages[package] = page
        for token, form in cast("Mapping[str, str]", document["forms"]).items():
            forms[token] = ImportForm(form, "", page.replace("{}", _path(token)))
        for token, reason in cast("Mapping[str, str]", document.get("never", {})).items():
            forms[token] = ImportForm("", reason, page.replace("{}", _path(token)))
        for token, row in cast("Mapping[str, Mapping[str, object]]", document.get("lists", {})).items():
            lists[token] = LiveList(
                (str(document["program"]), *str(row["command"]).split(), *str(document["tail"]).split()),
                str(row.get("items", "")),
                str(row["id"]),
                tuple((item, planned) for item, planned in cast("Mapping[str, str]", row.get("like", {})).items()),
                str(row.get("missing", "")),
            )
    return forms, lists, pages


def _path(token: str) -> str:
    """The part of a registry page's address that follows from a type: `ec2/vpc`."""
    _, module, kind = (*token.split(":"), "", "")[:3]
    return f"{module.partition('/')[0]}/{kind.lower()}"
