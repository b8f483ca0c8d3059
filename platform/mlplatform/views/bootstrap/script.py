"""The bootstrap as a shell script; run again, it changes nothing that is already so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.components.bootstrap import Bootstrap

_MARK = "END_OF_DOCUMENT"


def document(stacks: Sequence[str], bootstrap: Bootstrap) -> str:
    """The script.

    Args:
        stacks: the stacks' names, in the order in which they are applied.
        bootstrap: what they need.
    """
    return "\n".join(_lines(stacks, bootstrap)) + "\n"


def _lines(stacks: Sequence[str], bootstrap: Bootstrap) -> Iterator[str]:
    yield "#!/usr/bin/env bash"
    yield f"# What the stack {stacks[0]} needs before its first `up`. Its rights are those of what it plans:"
    yield f"# {len(bootstrap.apply)} to apply, {len(bootstrap.preview)} to preview. Run it again when the spec changes."
    yield "# Whoever runs it may make roles and grants in the account; the identities that it makes may not."
    yield "set -euo pipefail"
    yield 'cd "$(mktemp -d)"'
    for name, text in bootstrap.documents.items():
        yield ""
        yield f"cat > {name} <<'{_MARK}'"
        yield text.rstrip("\n")
        yield _MARK
    for step in bootstrap.steps:
        yield ""
        yield f"# {step.title}: {step.why}."
        yield from step.commands
    yield ""
    yield "# Afterwards:"
    yield f"# pulumi login '{bootstrap.state}'"
    if bootstrap.secrets:
        for stack in stacks:
            yield f"# pulumi stack init {stack} --secrets-provider '{bootstrap.secrets}'"
    for setting in bootstrap.settings:
        yield f"# {setting}."
    yield "# What these rights still allow, or a person must do:"
    for limit in bootstrap.limits:
        yield f"# - {limit}."
