"""A problem of a spec, with the way to fix it."""

from __future__ import annotations

from dataclasses import replace

from mlplatform.fast.record import record
from mlplatform.snippet import Language, Snippet


@record()
class Problem:
    """One refused value of a spec."""

    path: str
    """Field path in the spec, for example `endpoints[0].shadow`."""

    got: str
    """The value found."""

    expected: str
    """The accepted values, or the reason for the refusal."""

    fix: str
    """The suggested fix, as an imperative."""

    cloud: str | None = None
    """The cloud that refuses it; None if the spec is invalid on every cloud."""

    file: str | None = None
    """The spec file, if known."""

    line: int | None = None
    """The line in that file, from 1, if known."""

    target: str | None = None
    """Name of the target whose cloud refuses it."""

    fields: tuple[str, ...] = ()
    """Paths of the other fields that it depends on, for example both ends of a range that are the wrong way round."""

    write: Snippet | None = None
    """What to write, as data; `worded` turns it into the end of `fix`."""

    secret: bool = False
    """Whether the value is a secret that no spec may hold."""

    def worded(self, language: Language) -> Problem:
        """The problem in the words of a spec's language: what to write is at the end of the fix."""
        fix = f"{self.fix} {self.write.written(language)}" if self.write else self.fix
        got = self.got if language == "python" else {"True": "true", "False": "false"}.get(self.got, self.got)
        return replace(self, got=got, fix=fix, write=None)
