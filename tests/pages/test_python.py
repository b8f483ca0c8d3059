"""Python that documents show runs, with the names that its page has; shortened forms name what is there."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pulumi
import pytest
from pydantic import BaseModel

import mlplatform
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record_program
from mlplatform.providers.accounts import Account
from mlplatform.reading.load import load

from ..blocks import Block, every_block

PYTHON = [block for block in every_block() if block.language == "python" and not block.value("needs")]
FORMS = [block for block in PYTHON if "form" in block.words]
TESTS = [block for block in PYTHON if "def test_" in block.text]
RUN = [block for block in PYTHON if block not in FORMS and block not in TESTS and not block.value("file")]
PAGES = {document: list(found) for document, found in groupby(RUN, key=lambda block: block.document)}


@pytest.mark.thorough
@pytest.mark.parametrize("document", PAGES)
def test_python_of_a_document_runs(document: str, root: Path, stack_plan: Callable[..., Plan]) -> None:
    """The blocks of a page run one after the other, as its reader types them into the project's own files."""
    names: dict[str, object] = {name: getattr(mlplatform, name) for name in mlplatform.__all__}
    platform = load(root / "stacks" / "dev.py").spec
    assert platform
    names |= {"pulumi": pulumi, "base": platform, "platform": platform, "spec": platform.on("aws")}
    if document == "docs/cost.md":
        names |= {"old_plan": stack_plan("dev", "aws"), "new_plan": stack_plan("prod", "aws")}
    keys = (*platform.registry.secret_keys(), *platform.monitoring.secret_keys())
    config = {f"mlplatform:{key}": "very-secret" for key in keys}
    account = Account.sample("aws")
    for block in PAGES[document]:
        code = compile(block.text, block.at, "exec")
        record_program(lambda code=code: exec(code, names), account=account, stack="dev-aws", config=config)


@pytest.mark.parametrize("block", FORMS, ids=[block.at for block in FORMS])
def test_a_shortened_form_names_what_is_there(block: Block) -> None:
    # what is left out, as Python can be read
    text = re.sub(r"import …", "import _", block.text).replace("(…)", "(*_)").replace("…", "...")
    tree = ast.parse(text)
    unknown = list(_unknown_arguments(tree))
    assert not unknown, f"{block.at}: {unknown}"


def _unknown_arguments(tree: ast.AST) -> Iterator[str]:
    """Arguments by name that a model of the spec does not have."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            model = getattr(mlplatform, call.func.id, None)
            if isinstance(model, type) and issubclass(model, BaseModel):
                named = {each.arg for each in call.keywords if each.arg}
                yield from (f"{call.func.id}.{name}" for name in sorted(named - model.model_fields.keys()))


@pytest.mark.thorough
@pytest.mark.parametrize("block", TESTS, ids=[block.at for block in TESTS])
def test_tests_of_a_document_end_as_it_says(block: Block, root: Path, tmp_path: Path) -> None:
    (tmp_path / "test_block.py").write_text(block.text, encoding="utf-8")
    (tmp_path / "stacks").symlink_to(root / "stacks")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    done = subprocess.run([*command, "test_block.py"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == int(block.value("exit") or 0), done.stdout
