"""Access for people and for tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mlplatform.components.granted import GrantNote
from mlplatform.spec.access import JOB_ROLES
from mlplatform.spec.artifact_store import PLACES
from mlplatform.views.access.rows import AccessTarget
from mlplatform.views.escape import one_line
from mlplatform.views.plan.json import document_text
from mlplatform.views.style import Style

_WORDS: Mapping[tuple[str, str], str] = {
    ("register", "registry"): "registers versions of models, and approves none",
    ("read", "registry"): "reads versions of models",
    ("start", "jobs"): "starts jobs and pipelines, which act as pipelines",
    ("ask", "door"): "asks for runs of pipelines",
    ("log", "tracking"): "logs runs",
    ("start", "airflow"): "starts, stops and clears runs in Airflow",
    ("read", "online-features"): "looks features up",
    ("write", "online-features"): "fills the online store of features",
    ("pull", "images"): "pulls images",
    ("push", "images"): "pushes images",
    ("call", "endpoints"): "calls endpoints",
    ("use", "cluster"): "reaches the cluster, which decides the rest",
}

_IN_CLUSTER: Mapping[str, str] = {
    "operator": "administers the cluster",
    "auditor": "sees everything in the cluster but secrets",
    "data-engineer": "sees the jobs in the cluster",
    **dict.fromkeys(JOB_ROLES, "runs jobs in the cluster, which act as training"),
}
"""What the roles do there, on every cloud."""

_CLOSING = (
    "Nobody here releases a model or moves traffic: whoever may merge a change of the record of releases decides it, "
    "and the identity that runs `up` carries it out.",
    "Whoever writes may read too. What roles see of the cloud itself (logs, metrics, settings), and what the cloud's "
    "console gave, is not listed.",
)


def access_text(targets: Sequence[AccessTarget], style: Style) -> str:
    """For people: what each may do, then who reaches which data."""
    lines: list[str] = []
    for each in targets:
        lines += [*_head(each), "", "By person and program"]
        for holder in each.holders:
            members = f" ({', '.join(each.people[holder])})" if holder in each.people else ""
            rights = "; ".join(_right(grant) for grant in _joined(each.held_by(holder))) or "nothing of the platform's"
            lines += style.wrap(one_line(f"{holder}{members}: {rights}"), "  ", "    ")
        lines += ["", f"By data (class {each.data_class})"]
        for place in PLACES:
            rows = each.reaching(place)
            lines.append(f"  {place}")
            for right, word in (("write", "written by"), ("add", "added to by"), ("read", "read by")):
                names = [_in_part(row.holder, row.part) for row in rows if row.right == right]
                if names or right != "add":
                    lines += style.wrap(one_line(f"{word} {', '.join(names) or 'nobody'}"), "    ", "      ")
        lines.append("")
    for sentence in _CLOSING:
        lines += style.wrap(sentence, "", "")
    return style.plain("\n".join(lines)) + "\n"


def access_json(targets: Sequence[AccessTarget]) -> str:
    """For tools: every grant, and who holds the roles."""
    return document_text({"targets": [_document(each) for each in targets]})


def _document(target: AccessTarget) -> dict[str, object]:
    return {
        "platform": target.platform,
        "environment": target.environment,
        "target": target.target,
        "data_class": target.data_class,
        "people": {holder: list(members) for holder, members in target.people.items()},
        "grants": [
            {"holder": each.holder, "right": each.right, "on": each.on, "part": each.part or None}
            for each in target.grants
        ],
    }


def _head(target: AccessTarget) -> Iterator[str]:
    yield one_line(f"{target.platform} {target.environment} on {target.target}")


def _joined(grants: Sequence[GrantNote]) -> list[GrantNote | tuple[str, tuple[str, ...]]]:
    """The grants, with the places that are read or written put together."""
    found: list[GrantNote | tuple[str, tuple[str, ...]]] = []
    for right, word in (("write", "writes"), ("add", "adds to"), ("read", "reads")):
        places = [_in_part(each.on, each.part) for each in grants if each.right == right and each.on in PLACES]
        if places:
            found.append((word, tuple(places)))
    return [*found, *(each for each in grants if each.on not in PLACES)]


def _right(grant: GrantNote | tuple[str, tuple[str, ...]]) -> str:
    if isinstance(grant, GrantNote):
        word = _WORDS[grant.right, grant.on]
        return _in_part(_IN_CLUSTER.get(grant.holder, word) if grant.on == "cluster" else word, grant.part)
    word, places = grant
    return f"{word} {', '.join(places)}"


def _in_part(text: str, part: str) -> str:
    return f"{text} ({part} only)" if part else text
