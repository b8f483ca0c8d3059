"""What a backend reads: refusals do not count, so a field that only they look at is a gap of the matrix.

Names are all that this reading knows: a field that shares its name with something else is held by the proofs in
tests/capabilities/test_every_cell_is_proven.py.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from mlplatform.plan import reads
from mlplatform.plan.matrix import build_matrix


def read(source: str, tmp_path: Path) -> frozenset[str]:
    file = tmp_path / "module.py"
    file.write_text(source)
    return reads._file(file).attributes  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def build(pool): return pool.local_nvme", True),
        ("def problems(pool) -> Iterator[Problem]: yield pool.local_nvme", False),
        ("def machine(pool) -> Choice | Problem: return pool.local_nvme", False),
        ("def check(self) -> Iterator[FieldProblem]: yield self.local_nvme", False),
        ("from x import Limit\ndef wanted(pool): return pool.local_nvme", False),
        ("class A:\n    def check(self, pool) -> Iterator[Problem]: yield pool.local_nvme", False),
    ],
)
def test_a_refusal_honours_nothing(source: str, found: bool, tmp_path: Path) -> None:
    assert ("local_nvme" in read(source, tmp_path)) is found


@pytest.mark.parametrize(
    ("cloud", "field", "path"),
    [
        ("azure", "flow_logs", "network.flow_logs"),
        ("aws", "flow_logs", "network.flow_logs"),
        ("gcp", "flow_logs", "network.flow_logs"),
    ],
)
def test_a_field_that_a_backend_ignores_is_a_gap(
    cloud: str, field: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ignoring(ast.NodeTransformer):
        def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
            self.generic_visit(node)
            return ast.Constant(False) if node.attr == field else node

    def parse(file: Path) -> reads.SpecReads:
        if f"/backends/{cloud}/" not in str(file) or reads._declares_limits(ast.parse(file.read_text())):  # pyright: ignore[reportPrivateUsage]
            return original(file)
        honoured = reads._Honouring().visit(ast.parse(file.read_text()))  # pyright: ignore[reportPrivateUsage]
        return reads._of(Ignoring().visit(honoured))  # pyright: ignore[reportPrivateUsage]

    original = reads._file  # pyright: ignore[reportPrivateUsage]
    assert build_matrix().gaps() == ()
    monkeypatch.setattr(reads, "_file", parse)
    assert f"{cloud}: {path}" in build_matrix().gaps()
