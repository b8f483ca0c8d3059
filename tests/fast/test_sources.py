"""The code of a spec's text is the one of this very text, and what Python says of it is said each time."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from mlplatform.fast import modules, sources
from mlplatform.fast.code_store import CodeStore


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CodeStore:
    monkeypatch.delenv("MLPLATFORM_PLAIN", raising=False)
    monkeypatch.setenv("MLPLATFORM_CACHE", str(tmp_path))
    return _another_process(monkeypatch)


def _another_process(monkeypatch: pytest.MonkeyPatch) -> CodeStore:
    store = CodeStore("modules", "1")
    monkeypatch.setattr(modules, "_store", store)
    return store


def _value(text: str | bytes, path: str) -> object:
    names: dict[str, object] = {}
    exec(sources.compiled(text, path), names)
    return names["x"]


@pytest.mark.parametrize("text", ["x = 'é'\n", "x = 'é'\n".encode(), b"# coding: latin-1\nx = '\xe9'\n"])
def test_a_text_is_compiled_once(text: str | bytes, store: CodeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    sources.keep_compiled(text, "/spec.py")
    store.save()
    _another_process(monkeypatch)
    with monkeypatch.context() as without:
        without.setattr("builtins.compile", None)
        assert _value(text, "/spec.py") == "é"
        assert sources.compiled(text, "/spec.py").co_filename == "/spec.py"
        sources.keep_compiled(text, "/spec.py")


def test_another_text_or_place_is_compiled_again(store: CodeStore) -> None:
    sources.keep_compiled("x = 1\n", "/spec.py")
    assert [_value("x = 1\n", "/spec.py"), _value("x = 2\n", "/spec.py")] == [1, 2]
    assert sources.compiled("x = 1\n", "/other.py").co_filename == "/other.py"
    sources.keep_compiled("x = 2\n", "/spec.py")
    assert [_value("x = 1\n", "/spec.py"), _value("x = 2\n", "/spec.py")] == [1, 2]


def test_what_python_warns_of_is_warned_of_each_time(store: CodeStore) -> None:
    text = "x = 1 is 1\n"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sources.keep_compiled(text, "/spec.py")
        with pytest.raises(SyntaxError, match="literal"):
            sources.compiled(text, "/spec.py")


def test_what_is_no_python_is_refused_each_time(store: CodeStore) -> None:
    for compile_text in (sources.keep_compiled, sources.compiled):
        with pytest.raises(SyntaxError, match="never closed"):
            compile_text("x = (", "/spec.py")


def test_where_nothing_is_kept_it_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modules, "_store", None)
    sources.keep_compiled("x = 1\n", "/spec.py")
    assert _value("x = 3\n", "/spec.py") == 3
