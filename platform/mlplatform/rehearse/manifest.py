"""The user's Pulumi.yaml: what of it a rehearsal uses, and the refusal of one that the engine would not run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import yaml

from mlplatform.fast.record import record
from mlplatform.rehearse.stopped import ProjectRefused

_NAMES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
"""Names of the file: https://www.pulumi.com/docs/iac/concepts/projects/project-file/"""
_DEFAULT = "mlplatform"
_PASSED = ("options", "requiredPulumiVersion")
"""Sections that the throwaway project has too. The rest has no place in it: configuration, backend and the folder of
the stacks are its own, providers are the mock cloud, and the interpreter is the present one."""


@record(kw_only=True)
class Manifest:
    """What a rehearsal takes over from a project."""

    name: str
    """The project's name."""

    main: str
    """The program's folder or file, relative to the project; empty where the file names none."""

    passed: Mapping[str, object]
    """Sections that are copied."""


def read_manifest(project: Path) -> Manifest:
    """Read a project's file; without one, the settings of a platform's usual project.

    Raises:
        ProjectRefused: the file is damaged, or the program is not in Python.
    """
    file = next((project / name for name in _NAMES if (project / name).is_file()), None)
    if file is None:
        return Manifest(name=_DEFAULT, main="", passed={"options": {"refresh": "always"}})
    settings = _parsed(file)
    name = settings.get("name")
    if not isinstance(name, str) or not name:
        raise _refused(file, "name", name, "the project's name", f"write `name: {_DEFAULT}`")
    main = settings.get("main", "")
    if not isinstance(main, str) or "\0" in main:
        raise _refused(file, "main", main, "the path of a folder", "write the program's folder, relative to this file")
    _require_python(file, settings.get("runtime"))
    options = settings.get("options", {})
    if not isinstance(options, dict):
        raise _refused(file, "options", options, "a mapping", "write `options: {refresh: always}`")
    passed = {key: settings[key] for key in _PASSED if settings.get(key) is not None}
    return Manifest(name=name, main=main, passed=passed)


def _parsed(file: Path) -> Mapping[str, object]:
    try:
        settings: object = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ProjectRefused(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ProjectRefused(f"{file}: got bytes that are not UTF-8, expected UTF-8; save it as UTF-8") from None
    except RecursionError:
        raise ProjectRefused(f"{file}: nested too deeply; expected a Pulumi project") from None
    except (yaml.YAMLError, ValueError) as error:
        # the parser's own values, such as impossible dates, are no YAMLError
        raise ProjectRefused(f"{file}: no valid YAML: {' '.join(str(error).split())[:200]}") from None
    if not isinstance(settings, dict):
        raise ProjectRefused(
            f"{file}: got {_shown(settings)}, expected a mapping with name and runtime; see "
            "https://www.pulumi.com/docs/iac/concepts/projects/project-file/"
        )
    return cast("Mapping[str, object]", settings)


def _require_python(file: Path, runtime: object) -> None:
    name: object = cast("Mapping[str, object]", runtime).get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        raise _refused(
            file,
            "runtime",
            name,
            "python: a rehearsal runs the program of a platform with the present Python",
            "write `runtime: python`, or run the command in the folder of the platform's project",
        )


def _refused(file: Path, field: str, got: object, expected: str, fix: str) -> ProjectRefused:
    return ProjectRefused(f"{file}: {field}: got {_shown(got)}, expected {expected}; {fix}")


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return f"'{value[:60]}'" if isinstance(value, str) else f"a value of type {type(value).__name__}"
