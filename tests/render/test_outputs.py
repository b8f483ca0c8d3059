"""Outputs come out of every format as they went in, whatever is in them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, UNKNOWN
from mlplatform.render.outputs.formats import FORMATS, format_outputs
from mlplatform.render.outputs.names import snake, unique_names
from mlplatform.render.outputs.values import NoOutputs, Plain, read_outputs

NASTY = {
    "quotes": 'it\'s "so" \\ `id`',
    "template": "${path.module} %{ if true } {{ lookup('env', 'HOME') }} {% x %} $(id) $HOME",
    "lines": "one\ntwo\r\n\tthree\n",
    "yaml": "yes",
    "comment": "a # b",
    "unicode": "Grüße 雪",
    "empty": "",
}
VALUES: dict[str, Plain] = {
    "cloud": "aws",
    "storeUris": {"data": "s3://data", "with.dot": "s3://x"},
    "endpoints": {"fraud-scorer": {"url": "https://x", "phase": "serving"}, "a,b[1:2]": {"url": "{{ 1 }}"}},
    "notes": ["one", {"two": 2}],
    "count": 3,
    "ratio": 0.5,
    "on": True,
    "nothing": None,
    "none": {},
    "nasty": dict(NASTY),
}


def test_secrets_and_unknown_values_are_left_out() -> None:
    secret = {SIGNATURE: SECRET_SIGNATURE, "plaintext": '"hunter2"'}
    document = {"b": [1.0, "[secret]", secret], "a": {"x": secret, "y": UNKNOWN, "z": "kept"}, "c": "[secret]"}
    found = read_outputs(document)
    assert found.values == {"a": {"z": "kept"}, "b": [1]}
    assert found.left_out == ("a.x", "a.y", "b[1]", "b[2]", "c")
    shown = read_outputs(document, show_secrets=True)
    assert shown.values == {"a": {"x": "hunter2", "z": "kept"}, "b": [1, "hunter2"]}
    assert read_outputs({"a": {SIGNATURE: SECRET_SIGNATURE, "ciphertext": "v1:x"}}, show_secrets=True).left_out == (
        "a",
    )


@pytest.mark.parametrize("document", [[], None, {"version": 3, "deployment": {}}])
def test_not_outputs(document: object) -> None:
    with pytest.raises(NoOutputs, match="pulumi stack output --json"):
        read_outputs(document)


def test_names_are_legal_and_stay_different() -> None:
    assert [snake(name) for name in ("storeUris", "HTTPUrl", "a.b-c", "9lives", "prometheusUrl", "雪")] == [
        "store_uris",
        "http_url",
        "a_b_c",
        "_9lives",
        "prometheus_url",
        "_",
    ]
    names = unique_names(["storeUris", "store_uris", "count", "x"], frozenset({"count"}))
    assert len(set(names.values())) == 4
    assert names["x"] == "x"
    assert names["count"] != "count"
    assert unique_names(["store_uris", "storeUris"])["storeUris"] == names["storeUris"]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_values_give_the_same_bytes(form: str) -> None:
    assert format_outputs(VALUES, form) == format_outputs(dict(VALUES), form)  # type: ignore[arg-type]
    assert format_outputs({}, form) is not None  # type: ignore[arg-type]


def test_data() -> None:
    assert json.loads(format_outputs(VALUES, "json")) == VALUES
    assert yaml.safe_load(format_outputs(VALUES, "yaml")) == VALUES
    variables = json.loads(format_outputs(VALUES, "tfvars-json"))
    assert variables["store_uris"] == VALUES["storeUris"]
    assert "count" not in variables  # no variable may be called so


def test_a_shell_reads_the_environment_file(tmp_path: Path) -> None:
    file = tmp_path / "outputs.env"
    file.write_text(format_outputs(VALUES, "dotenv"), encoding="utf-8", newline="\n")
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    command = f"set -a; . {file}; exec python3 -c '{code}'"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}
    )
    read = json.loads(done.stdout)
    for name, text in NASTY.items():
        assert read[f"NASTY_{name.upper()}"] == text
    assert read["STORE_URIS_WITH_DOT"] == "s3://x"
    assert (read["NOTES_1_TWO"], read["ON"], read["NOTHING"]) == ("2", "true", "")


@pytest.mark.parametrize("form", ["tfvars", "tfvars-json"])
def test_terraform_reads_the_variables(form: str, tmp_path: Path) -> None:
    if shutil.which("terraform") is None:
        pytest.skip("no `terraform` on PATH: https://developer.hashicorp.com/terraform/install")
    suffix = ".auto.tfvars" + (".json" if form == "tfvars-json" else "")
    (tmp_path / f"platform{suffix}").write_text(format_outputs(VALUES, form), encoding="utf-8")  # type: ignore[arg-type]
    names = json.loads(format_outputs(VALUES, "tfvars-json"))
    blocks = [f'variable "{name}" {{}}\noutput "{name}" {{ value = var.{name} }}\n' for name in names]
    (tmp_path / "main.tf").write_text("".join(blocks), encoding="utf-8")
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
    for arguments in (["init"], ["apply", "-auto-approve"]):
        subprocess.run(["terraform", *arguments], cwd=tmp_path, env=environment, check=True, capture_output=True)
    done = subprocess.run(
        ["terraform", "output", "-json"], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    )
    read = {name: output["value"] for name, output in json.loads(done.stdout).items()}
    # an output that is null is not kept in the state
    assert read == {name: value for name, value in names.items() if value is not None}


def test_the_inventory_has_hosts_and_no_templates() -> None:
    text = format_outputs(VALUES, "ansible-inventory")
    assert '!unsafe "${path.module}' in text

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!unsafe", lambda _, node: f"unsafe:{node.value}")
    groups = yaml.load(text, Loader)["all"]["children"]
    assert groups["mlplatform_platform"]["vars"]["mlplatform_store_uris"] == VALUES["storeUris"]
    assert list(groups["mlplatform_platform"]["hosts"]) == ["platform-aws"]
    assert list(groups["mlplatform_endpoints"]["hosts"]) == ["fraud-scorer", "a-b-1-2"]
    assert groups["mlplatform_endpoints"]["hosts"]["a-b-1-2"]["mlplatform_endpoint_url"] == "unsafe:{{ 1 }}"


def test_ansible_reads_the_inventory(tmp_path: Path) -> None:
    file = tmp_path / "inventory.yaml"
    file.write_text(format_outputs(VALUES, "ansible-inventory"), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("ansible-inventory")), "-i", str(file), "--list"]
    # Ansible keeps its settings and caches in the home
    environment = {**os.environ, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    read = json.loads(done.stdout)
    assert read["mlplatform_endpoints"]["hosts"] == ["fraud-scorer", "a-b-1-2"]
    variables = read["_meta"]["hostvars"]["platform-aws"]
    assert variables["ansible_connection"] == "local"
    assert variables["mlplatform_store_uris"] == VALUES["storeUris"]
    assert variables["mlplatform_nasty"]["lines"] == NASTY["lines"]
    # read as text: Ansible marks what it must not fill in
    assert variables["mlplatform_nasty"]["template"] in (NASTY["template"], {"__ansible_unsafe": NASTY["template"]})
