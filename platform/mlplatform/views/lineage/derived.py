"""What to do where a version of the data must be deleted, for people and for tools."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from mlplatform.lineage.chain import Link
from mlplatform.lineage.derived import Derived
from mlplatform.spec.releases import BY_HAND
from mlplatform.spec.variants import ShadowSpec
from mlplatform.views.escape import one_line
from mlplatform.views.lineage.facts import served
from mlplatform.views.plan.json import document_text
from mlplatform.views.style import Style

_SHADOW = str(ShadowSpec.model_fields["name"].default)
"""Name of a shadow that the spec gives no other."""


def derived_text(derived: Derived, style: Style) -> str:
    """For people: what learned from it, then the steps in their order."""
    lines = [one_line(f"{derived.data_version}: {_count(len(derived.links), 'release')} learned from it"), ""]
    for link in derived.links:
        lines += style.wrap(one_line(f"{link.entry.place}: {served(link.release)}, {_state(link)}"), "  ", "    ")
    lines += ["", "Steps, in this order:"]
    for number, step in enumerate(steps(derived), 1):
        lines += style.wrap(one_line(step), f"  {number}. ", "     ")
    if derived.unknown:
        lines += [
            "",
            f"{_count(len(derived.unknown), 'release')} may have learned from it too; their records do not say:",
        ]
        for link in derived.unknown:
            lines += style.wrap(one_line(f"{link.entry.place}: {served(link.release)}, {_state(link)}"), "  ", "    ")
    return style.plain("\n".join(lines)) + "\n"


def derived_json(derived: Derived) -> str:
    """For tools."""
    return document_text(
        {
            "data_version": derived.data_version,
            "releases": [_document(link) for link in derived.links],
            "unknown": [_document(link) for link in derived.unknown],
            "artefacts": list(derived.artefacts),
            "runs": list(derived.runs),
            "steps": list(steps(derived)),
        }
    )


def steps(derived: Derived) -> Iterator[str]:
    """What a person does, in an order in which nothing that serves is deleted."""
    for link in derived.serving:
        yield f"{link.entry.place}: {_replace(link, derived)}, commit the record, and run `pulumi up`"
    kept = [link for link in derived.links if not link.serves]
    for link in kept:
        yield (
            f"{link.entry.place}: the record still names {served(link.release)} as the release before, to which "
            "`mlplatform promote --back` returns; another release, or a reviewed edit of `previous`, takes it out"
        )
    for address in derived.artefacts:
        yield f"delete {address} with all former versions of its objects; a write-once place keeps them for its days"
    for run in derived.runs:
        yield f"delete what run {run} left in the store's `pipelines`, and its run and model in the tracking server"
    yield (
        f"delete {derived.data_version} itself: take it out of the data's repository, then `dvc gc --cloud` where DVC "
        "keeps it; features, captures and copies in other regions that come from it are in no record"
    )
    yield "keep this list with the request: the record in Git still says which version learned from what, and no data"


def _replace(link: Link, derived: Derived) -> str:
    at, release = link.entry, getattr(link.release, "previous", None)
    # the record does not say what is a shadow; `--variant` takes a shadow by its own name too
    which = "--shadow" if at.variant == _SHADOW else f"--variant {at.variant}"
    where = f"--endpoint {at.endpoint} --to {at.environment} --target {at.target} {which}"
    if release is not None and release.data_version and release.data_version != derived.data_version:
        return f"release the version before, {served(release)}: `mlplatform promote --back {where} --by NAME`"
    model = shlex.quote(f"{link.release.model or at.endpoint}/VERSION")
    # what a person released by hand came from a folder; the rest from a pipeline's run, which ends with a candidate
    by_hand = all(gate.name == BY_HAND for gate in link.release.gates)
    what = f"{model} {where} --artifact FOLDER" if by_hand else f"--candidate FILE {where}"
    return f"train without this data and release the result: `mlplatform promote {what} --by NAME`"


def _document(link: Link) -> dict[str, object]:
    at = link.entry
    return {
        "platform": at.platform,
        "environment": at.environment,
        "target": at.target,
        "endpoint": at.endpoint,
        "variant": at.variant,
        "released": served(link.release),
        "serves": link.serves,
        "artifact": link.release.artifact,
        "run": link.release.run,
    }


def _state(link: Link) -> str:
    return "serves" if link.serves else "the release before"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
