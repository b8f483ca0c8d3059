"""The commands on good input, and how the process behaves around them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Result

from mlplatform.cli import app

Command = Callable[..., Result]
SpecFile = Callable[..., Path]


def process(*args: str, code: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, after `code`."""
    program = f"{code}\nfrom mlplatform.cli import main\nmain()"
    return subprocess.run(
        [sys.executable, "-c", program, *args],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_help_names_every_command(command: Command) -> None:
    result = command("--help")
    assert result.code == 0
    for name in ("validate", "plan", "schema", "matrix", "completion"):
        assert re.search(rf"^  {name} ", result.out, re.MULTILINE)
        shown = command(name, "--help")
        assert shown.code == 0
        assert "Examples:" in shown.out


def test_version(command: Command) -> None:
    assert re.fullmatch(r"mlplatform \d+\.\d+\.\d+\n", command("--version").out)


def test_misspelled_command_proposes_the_nearest(command: Command) -> None:
    result = command("vaidate")
    assert result.code == 2
    assert "did you mean 'validate'?" in result.err


def test_validate_says_what_it_found(command: Command, spec_file: SpecFile, valid: str) -> None:
    result = command("validate", str(spec_file(valid)))
    assert result.code == 0
    assert "is valid on aws: platform acme (dev), 0 GPU pools, 0 endpoints" in result.out


def test_validate_as_json(command: Command, spec_file: SpecFile, valid: str) -> None:
    good = json.loads(command("validate", str(spec_file(valid)), "--format", "json").out)
    assert good == {"valid": True, "clouds": ["aws"], "targets": ["aws"], "problems": [], "notes": [], "awaiting": []}
    bad = command("validate", str(spec_file(valid + "regoin: x\n")), "--format", "json")
    assert bad.code == 2
    (problem,) = json.loads(bad.out)["problems"]
    assert problem["path"] == "regoin"
    assert problem["line"] == 8
    assert {"path", "got", "expected", "fix", "fields", "cloud", "file", "line", "target"} <= set(problem)


def test_a_stack_is_found_by_name_from_below(
    command: Command, tmp_path: Path, valid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    below = tmp_path / "docs" / "deep"
    below.mkdir(parents=True)
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "prod.yaml").write_text(valid)
    monkeypatch.chdir(below)
    assert command("validate", "prod").code == 0
    missing = command("validate", "prd")
    assert missing.code == 2
    assert "did you mean prod?" in missing.flat
    (tmp_path / "stacks" / "prod.json").write_text("{}")
    assert "several specs of this stack: prod.yaml, prod.json" in command("validate", "prod").flat


def test_plan_prints_only_the_document(command: Command, spec_file: SpecFile, valid: str) -> None:
    file = str(spec_file(valid))
    first = command("plan", file, "--format", "json")
    assert first.code == 0, first.err
    document = json.loads(first.out)
    assert set(document) == {"steps", "changeSummary"}
    assert {step["op"] for step in document["steps"]} == {"create"}
    assert all("newState" in step for step in document["steps"])
    assert first.err == ""
    assert command("plan", file, "--format", "json").out == first.out


def test_plan_as_text_and_markdown(command: Command, spec_file: SpecFile, valid: str) -> None:
    file = str(spec_file(valid))
    text = command("plan", file).out
    assert "acme (dev) on AWS, us-east-1" in text
    assert "Artifact store" in text
    assert "pulumi up --stack dev-aws" in text
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100
    markdown = command("plan", file, "--format", "markdown").out
    assert markdown.startswith("## Plan of acme (dev)\n")
    assert "| AWS | us-east-1 |" in markdown


def test_plan_writes_a_file_whole(command: Command, spec_file: SpecFile, valid: str) -> None:
    file = spec_file(valid)
    target = file.with_name("plan.json")
    printed = command("plan", str(file), "--format", "json")
    written = command("plan", str(file), "--format", "json", "-o", str(target))
    assert written.code == 0
    assert written.out == ""
    assert target.read_text() == printed.out
    assert sorted(entry.name for entry in file.parent.iterdir()) == ["plan.json", "spec.yaml"]


def test_plan_to_a_device_does_not_replace_it(command: Command, spec_file: SpecFile, valid: str) -> None:
    assert command("plan", str(spec_file(valid)), "-o", os.devnull).code == 0
    assert not Path(os.devnull).is_file()


def test_plan_to_a_missing_folder(command: Command, spec_file: SpecFile, valid: str) -> None:
    result = command("plan", str(spec_file(valid)), "-o", "nowhere/plan.txt")
    assert result.code == 2
    assert "nowhere/plan.txt: cannot be written: No such file or directory" in result.flat


def test_json_plan_of_several_clouds_is_refused(command: Command, stack_file: Path) -> None:
    result = command("plan", str(stack_file), "--format", "json")
    assert result.code == 2
    assert "add --target aws" in result.flat


@pytest.mark.parametrize(("shell", "line"), [("bash", "complete -o"), ("zsh", "compdef"), ("fish", "complete")])
def test_completion(shell: str, line: str, command: Command) -> None:
    result = command("completion", shell)
    assert result.code == 0
    assert line in result.out


def test_completion_offers_commands() -> None:
    done = process(_MLPLATFORM_COMPLETE="bash_complete", COMP_WORDS="mlplatform va", COMP_CWORD="1")
    assert "plain,validate" in done.stdout


def test_a_defect_is_one_message(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(app.cli, "main", broken)
    monkeypatch.delenv("MLPLATFORM_DEBUG", raising=False)
    result = command("validate", "x")
    assert result.code == 70
    assert "internal error: ZeroDivisionError: by zero" in result.err
    assert "Traceback" not in result.err
    monkeypatch.setenv("MLPLATFORM_DEBUG", "1")
    assert "Traceback" in command("validate", "x").err


def test_interruption(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(app.cli, "main", interrupted)
    result = command("plan", "x")
    assert result.code == 130
    assert "interrupted" in result.err


def test_closed_pipe_is_quiet() -> None:
    reader = subprocess.Popen(
        [sys.executable, "-c", "from mlplatform.cli import main; main()", "schema"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert reader.stdout is not None
    assert reader.stderr is not None
    reader.stdout.close()
    assert reader.stderr.read() == b""
    reader.stderr.close()
    assert reader.wait() == 141


def test_ascii_terminal(spec_file: SpecFile, valid: str) -> None:
    done = process("plan", str(spec_file(valid)), PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert "|- " in done.stdout
    bad = process("validate", str(spec_file(valid + "budget: {monthly_usd: ü}\n")), PYTHONIOENCODING="ascii")
    assert bad.returncode == 2
    assert bad.stderr == ""


def test_missing_extra_tells_the_pip_command(spec_file: SpecFile, valid: str) -> None:
    done = process("plan", str(spec_file(valid)), code="import sys; sys.modules['pulumi_aws'] = None")
    assert done.returncode == 2
    assert "pip install 'mlplatform[aws]'" in done.stderr
    assert "Traceback" not in done.stderr


SDKS = (
    "pulumi",
    "pulumi_aws",
    "pulumi_gcp",
    "pulumi_azure_native",
    "pulumi_kubernetes",
    "kubernetes",
    "jinja2",
    "grpc",
)
VALIDATION = {
    *("backends", "catalog", "cli", "components", "deprecation", "discovery", "fast", "field_problem", "reading"),
    *("pipelines", "secret_text", "similar", "snippet", "spec", "views"),
}
"""The rooms that validation needs: none of the layer in the cluster, of plans, or of the life of a stack."""


@pytest.mark.parametrize("args", [("--help",), ("validate", "SPEC"), ("schema",)])
def test_cheap_commands_import_no_sdk(args: tuple[str, ...], spec_file: SpecFile, valid: str) -> None:
    file = str(spec_file(valid))
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('LOADED', [m for m in {SDKS!r} if m in sys.modules], file=sys.stderr))"
    )
    done = process(*(file if arg == "SPEC" else arg for arg in args), code=code)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "LOADED []\n"


def test_validation_imports_only_what_it_uses() -> None:
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*[m for m in sys.modules if m.startswith('mlplatform.')], file=sys.stderr))"
    )
    done = process("validate", "stacks/prod.py", code=code)
    assert done.returncode == 0, done.stderr
    loaded = done.stderr.split()
    assert {name.split(".")[1] for name in loaded} <= VALIDATION
    # the stack names no existing resource: their models are not defined
    assert not [
        name
        for name in loaded
        if name.startswith("mlplatform.backends.") and name.endswith((".adopted", "_network", ".gcp.file_system"))
    ]


def test_help_imports_no_pydantic() -> None:
    code = "import atexit, sys\natexit.register(lambda: print('pydantic' in sys.modules, file=sys.stderr))"
    assert process("--help", code=code).stderr == "False\n"
