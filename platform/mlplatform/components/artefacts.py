"""Where a target keeps the artefacts of models and the platform's own images, and the commands that fill and look.

The commands are those of the clouds' own command lines, so that a person can run them with the rights they have.
"""

from __future__ import annotations

from mlplatform.fast.record import record


@record()
class Transfer:
    """The commands for one artefact."""

    copy: tuple[str, ...]
    """Copies a local folder or file into the store."""

    look: tuple[str, ...]
    """Prints one line per file of the artefact, and nothing, or an error, where there is none."""
