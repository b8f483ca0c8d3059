"""The table of roles in docs/access.md is what production grants, on each cloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from mlplatform.plan.model import Plan
from mlplatform.spec.access import JOB_ROLES, ROLES, Role

from ...conftest import CLOUDS, ROOT

StackPlan = Callable[..., Plan]
THINGS = (
    *("data", "features", "pipelines", "models", "monitoring"),
    *("registry", "jobs", "door", "tracking", "images", "endpoints", "cluster"),
)
"""What grants are on, in the order of the table's lines."""
WORDS = {
    "read": "reads", "add": "adds", "write": "writes", "pull": "pulls", "push": "pushes", "register": "registers",
    "start": "starts", "ask": "asks", "call": "calls", "log": "logs",
}  # fmt: skip
NOTHING = "\N{EN DASH}"
IN_CLUSTER: Mapping[str, str] = {
    "operator": "administers", "auditor": "sees", "data-engineer": "sees jobs", **dict.fromkeys(JOB_ROLES, "runs jobs")
}  # fmt: skip


def _table() -> dict[tuple[Role, str], str]:
    """What the document says, by role and by the place of the line."""
    lines = (ROOT / "docs" / "access.md").read_text("utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| | data scientist"))
    assert [cell.strip().lower().replace(" ", "-") for cell in lines[start].split("|")[2:-1]] == list(ROLES)
    found: dict[tuple[Role, str], str] = {}
    for thing, line in zip(THINGS, lines[start + 2 :], strict=False):
        first, *cells = (cell.strip() for cell in line.split("|")[1:-1])
        assert thing in first.replace("`", ""), f"the line of {thing}: {line}"
        found |= {(role, thing): cell.replace("`", "") for role, cell in zip(ROLES, cells, strict=True)}
    return found


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_table_is_what_is_granted(stack_plan: StackPlan, cloud: str) -> None:
    plan = stack_plan("prod", cloud, resolve=True)
    granted: dict[tuple[Role, str], str] = {}
    for role in ROLES:
        for each in (note for note in plan.grants if note.holder == role):
            word = IN_CLUSTER[role] if each.right == "use" else WORDS[each.right]
            granted[role, each.on] = f"{word} {each.part}".strip()
    told = {key: word for key, word in _table().items() if word != NOTHING}
    # who runs jobs in the cluster reaches the server there; the cloud's own server has grants
    assert tuple(role for role, thing in told if thing == "tracking") == JOB_ROLES
    assert granted == {key: word for key, word in told.items() if key[1] != "tracking"}
