"""What Python says of a spec that does not run is told with what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplatform.reading.load import load
from mlplatform.reading.refusals.python_words import told_error, told_platform, told_syntax

ERRORS = {
    "from mlplatform import GpuPool": ("no 'GpuPool' in mlplatform", "did you mean GpuPoolSpec"),
    "from mlplatform import AwsTraget": ("no 'AwsTraget' in mlplatform", "did you mean AwsTarget?"),
    "import mlplatfrom": ("no module 'mlplatfrom'", "did you mean mlplatform?"),
    "import shaerd": ("no module 'shaerd'", "did you mean shared?"),
    "import acme_helpers": ("acme_helpers", "put acme_helpers.py beside the spec"),
    "from .shared import base": ("relative import", "write `from base import …`, without the dot"),
    "GpuPoolSpec(name='a')": ("'GpuPoolSpec', which is not imported", "add it: from mlplatform import GpuPoolSpec"),
    "pools = ()\nx = pool": ("no 'pool'", "did you mean pools?"),
    "x = L4": ("name 'L4' is not defined", "put it in quotes"),
    "from mlplatform import RegistrySpec\nRegistrySpec().modles": (
        "no 'modles' in RegistrySpec",
        "did you mean models?",
    ),
    "None.overlay": ("'overlay' of a part that the spec does not have", "write the part as a whole"),
    "from mlplatform import RegistrySpec\nRegistrySpec('x')": ("without the name of its field", "write field=value"),
    "from mlplatform import RegistrySpec\nRegistrySpec().overlay('x')": ("without the name", "write field=value"),
    "import os\nos.environ['NOBODY_SETS_ME']": ("NOBODY_SETS_ME", "os.environ.get('NOBODY_SETS_ME', …)"),
    "{}['a']": ("KeyError: 'a'", "fix what this line does"),
    "open('data.yaml')": ("no file data.yaml", "write Path(__file__).parent / 'data.yaml'"),
    "import sys\nsys.exit(3)": ("exit(3)", "remove that call"),
    "1 / 0": ("ZeroDivisionError", "fix what this line does"),
    "raise ValueError('AKIA' + 'ABCDEFGHIJKLMNOP')": ("ValueError", "fix what this line does"),
}


@pytest.mark.parametrize("text", ERRORS)
def test_an_error_says_what_to_do(text: str, tmp_path: Path) -> None:
    (tmp_path / "shared.py").write_text("base = 1\n", encoding="utf-8")
    names: dict[str, object] = {"__name__": "spec", "__package__": ""}
    with pytest.raises(BaseException) as raised:  # noqa: PT011 - any of them
        exec(compile(text, "spec.py", "exec"), names)
    told = told_error(raised.value, tmp_path / "spec.py", names)
    got, fix = ERRORS[text]
    assert got in told.got
    assert fix in told.fix
    assert "AKIA" not in told.got
    assert "site-packages" not in told.got


SYNTAX = {
    "x = f(a=1 b=2)": "write a comma between the two",
    "x = f(a=1": "close it where its last entry ends",
    "x = [1, 2)": "remove it, or open the one that it closes",
    "x = 'a": "close the quotes",
    "x = 1\n  y = 2": "remove the spaces at the beginning of the line",
    "if True:\nx = 1": "indent what belongs to the line above",
    "x = f(a=1, 2)": "write field=value for each",
    "x = f(a=1, a=2)": "keep one of the two",
    "x = \u201cacme\u201d": "write plain quotes",
    "name: acme\ntargets:\n  - cloud: aws": "belongs into a file that ends in .yaml",
    "x = = 1": "fix the syntax on this line",
}


@pytest.mark.parametrize("text", SYNTAX)
def test_a_syntax_error_says_what_to_do(text: str) -> None:
    with pytest.raises(SyntaxError) as raised:
        compile(text, "spec.py", "exec")
    assert SYNTAX[text] in told_syntax(raised.value).fix


def test_what_is_called_platform_and_is_none() -> None:
    def platform() -> None: ...

    values: tuple[object, ...] = (dict, {}, platform, pytest, 1)
    fixes = {told.fix: told.got for value in values if (told := told_platform(value, "platform"))}
    assert list(fixes) == [
        "call it with its fields: `platform = dict(…)`",
        "write `platform = PlatformSpec(**…)`, or the fields into a YAML file",
        "call it: `platform = platform()`",
        "write `platform = PlatformSpec(…)` behind the import of that name",
        "write `platform = PlatformSpec(…)`",
    ]
    assert told_platform(None, "platform") is None


def test_the_line_is_that_of_the_module_beside_it(tmp_path: Path) -> None:
    (tmp_path / "shared.py").write_text("\nfrom mlplatform import PlatfromSpec\n", encoding="utf-8")
    spec = tmp_path / "spec.py"
    spec.write_text("import shared\n", encoding="utf-8")
    (problem,) = load(spec).problems
    assert (Path(problem.file or "").name, problem.line, problem.fix) == ("shared.py", 2, "did you mean PlatformSpec?")


def test_a_value_that_is_set_afterwards_is_told_of_overlays(tmp_path: Path) -> None:
    spec = tmp_path / "spec.py"
    spec.write_text("from mlplatform import RegistrySpec\nx = RegistrySpec()\nx.keep_images = 2\n", encoding="utf-8")
    (problem,) = load(spec).problems
    assert (problem.line, problem.fix) == (3, "write a copy: ….overlay(keep_images=…)")
