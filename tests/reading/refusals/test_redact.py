"""Problems repeat values without secrets and cut to a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplatform.reading.load import load


def _written(file: Path, text: str) -> Path:
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("added", "secret"),
    [
        ("password: hunter2-very-secret\n", "hunter2"),
        ("endpoints: [{name: e, env: {TOKEN: [hunter2]}}]\n", "hunter2"),
        ("endpoints: [{name: e, environment: {lower: hunter2}}]\n", "hunter2"),
        ("endpoints: [{name: e, secrets: {API_KEY: 'hunter2 is no name'}}]\n", "hunter2"),
        ("monitoring: {routes: [{kind: webhook, name: h, url_secret: 'https://x.example/hunter2'}]}\n", "hunter2"),
        ("data_class: AKIAIOSFODNN7EXAMPLE\n", "AKIAIOSFODNN7EXAMPLE"),
        ("data_class: https://user:hunter2@example.com\n", "hunter2"),
        ("data_class: https://hooks.slack.com/services/T0/B0/hunter2\n", "hunter2"),
        ("data_class: ghp_abcdefghijklmnopqrstuvwxyz0123456789\n", "ghp_abc"),
    ],
)
def test_secrets_are_not_repeated(added: str, secret: str, tmp_path: Path) -> None:
    text = "name: acme\nowner: team\ncost_center: x\ntargets: [{cloud: aws}]\n" + added
    problems = load(_written(tmp_path / "spec.yaml", text)).problems
    assert len(problems) > 2
    assert secret not in str(problems)


def test_a_raised_secret_is_not_repeated(tmp_path: Path) -> None:
    text = 'raise ValueError("cannot reach https://bot:hunter2@example.com")\n'
    (problem,) = load(_written(tmp_path / "spec.py", text)).problems
    assert "cannot reach" in problem.got
    assert "hunter2" not in problem.got


def test_long_values_are_cut(tmp_path: Path) -> None:
    text = f"name: acme\ndata_class: '{'ab ' * 5000}'\n"
    assert all(len(p.got) <= 80 for p in load(_written(tmp_path / "spec.yaml", text)).problems)
