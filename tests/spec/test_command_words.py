"""What can be the name of a program, and which words somebody meant."""

from __future__ import annotations

import pytest

from mlplatform.spec.command_words import is_program, meant_words


@pytest.mark.parametrize(
    "word", ["python", "./train.sh", "/opt/our tools/train", "{{inputs.code}}/run", "{{ inputs.code }}/run", "t.py"]
)
def test_a_program(word: str) -> None:
    assert is_program(word)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("",), ()),
        ((" ",), ()),
        ((" python", "t.py"), ("python", "t.py")),
        (("python t.py",), ("python", "t.py")),
        (("python t.py", "a b"), ("python", "t.py", "a b")),
        (("/usr/bin/python3.11 t.py",), ("/usr/bin/python3.11", "t.py")),
        (("/opt/tool -v",), ("/opt/tool", "-v")),
        (("python '/a b/t.py'",), ("python", "/a b/t.py")),
        (("{{ inputs.code }}/run {{ run }}",), ("{{inputs.code}}/run", "{{run}}")),
        (("python t.py > log",), ("sh", "-c", "python t.py > log")),
        (("cd a && python", "t.py"), ()),
        (("python 't.py",), ()),
    ],
)
def test_no_program(words: tuple[str, ...], meant: tuple[str, ...]) -> None:
    assert not is_program(words[0])
    assert meant_words(words) == meant
