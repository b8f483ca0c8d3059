"""A rehearsal for tools."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from mlplatform.rehearse.model import Rehearsal
from mlplatform.views.plan import json


def document(rehearsals: Sequence[Rehearsal]) -> str:
    """All rehearsals as one JSON document."""
    return json.document_text({"ok": all(r.ok for r in rehearsals), "rehearsals": [_body(r) for r in rehearsals]})


def _body(rehearsal: Rehearsal) -> dict[str, object]:
    return {"ok": rehearsal.ok, "seconds": round(rehearsal.seconds, 3), **dataclasses.asdict(rehearsal)}
