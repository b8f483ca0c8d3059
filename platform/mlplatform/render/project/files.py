"""From the answers of a user to the files of a project."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from pydantic import ValidationError

import mlplatform
from mlplatform import discovery
from mlplatform.components.remarks import is_for_examples
from mlplatform.fast.record import record
from mlplatform.render.project.answers import ENVIRONMENTS, ProjectAnswers, TargetAnswer
from mlplatform.render.templates import builtin_templates, render_template
from mlplatform.spec.platform import PlatformSpec

LOCK = "requirements.lock"
"""The packages that CI installs, with hashes."""
TESTS = "python -m pytest -q"
"""The project's tests, as CI runs them."""

_TRUSTED = ("github", "gitlab")
"""Systems whose jobs the platform itself can trust by their tokens."""

_STATIC = (
    ".editorconfig",
    "Pulumi.yaml",
    "README.md",
    "images/training/Dockerfile",
    "images/training/first_job.py",
    "images/training/first_pipeline.py",
    "program/__main__.py",
    "pytest.ini",
    "stacks/base.py",
    "tests/test_first_pipeline.py",
    "tests/test_platform.py",
)
"""Files with a template of their own; `.gitignore` and `.vscode` have names that tools would act on in a checkout."""

_WITH: Mapping[str, frozenset[str]] = {
    "images/training/Dockerfile": frozenset({"training", "pipelines"}),
    "images/training/first_job.py": frozenset({"training"}),
    "images/training/first_pipeline.py": frozenset({"pipelines"}),
    "tests/test_first_pipeline.py": frozenset({"pipelines"}),
}
"""Files that are written where the project has one of these sections."""

_RENAMED = {".gitignore": "gitignore", ".vscode/settings.json": "vscode.json"}


@record()
class ProjectFile:
    """One file of a project."""

    path: str
    """Relative to the project's folder."""

    text: str
    """Its content."""


def ci_arguments(answers: ProjectAnswers) -> tuple[str, ...]:
    """The arguments of `mlplatform render ci` for a project."""
    specs = (f"stacks/{environment}.py" for environment in ENVIRONMENTS[answers.size])
    return ("--system", answers.ci, *specs, "--lock", LOCK, "--test", TESTS)


def project_files(answers: ProjectAnswers, schemas: Mapping[str, str]) -> tuple[ProjectFile, ...]:
    """All files of a project, in the order of their paths.

    Args:
        answers: of its user.
        schemas: JSON Schemas for its editor, by the name of their file.

    Raises:
        mlplatform.render.templates.TemplateRefused: a template is broken.
    """
    own = (ProjectFile(f"schemas/{name}", text) for name, text in schemas.items())
    return tuple(sorted((*_files(answers), *own), key=lambda file: file.path))


def _files(answers: ProjectAnswers) -> Iterator[ProjectFile]:
    folder = builtin_templates() / "project"
    environments = ENVIRONMENTS[answers.size]
    first = answers.targets[0]
    values = {
        "answers": answers,
        "environments": environments,
        "parts": answers.parts,
        "left_out": answers.left_out,
        "image": _image(answers),
        "ci_command": shlex.join(("mlplatform", "render", "ci", *ci_arguments(answers))),
        "first_stack": f"{environments[0]}-{first.cloud}",
        "imports": _imports(answers),
        "targets": [_target(target) for target in answers.targets],
        "trusted": answers.repository if answers.ci in _TRUSTED else "",
        "todo": to_do(answers),
        "lock": LOCK,
    }
    for path in _STATIC:
        if path in _WITH and _WITH[path].isdisjoint(answers.parts):
            continue
        yield ProjectFile(path, render_template([folder], f"{PurePosixPath(path).name}.j2", values))
    for path, template in _RENAMED.items():
        yield ProjectFile(path, render_template([folder], f"{template}.j2", values))
    for environment in environments:
        of_it = {**values, "environment": environment}
        yield ProjectFile(f"stacks/{environment}.py", render_template([folder], "environment.py.j2", of_it))
        yield ProjectFile(f"stacks/models/{environment}.json", render_template([folder], "record.json.j2", of_it))
        for target in answers.targets:
            for layer in ("", "-cluster") if "cluster" in answers.parts else ("",):
                text = render_template([folder], "stack.yaml.j2", {**of_it, "target": target.cloud, "layer": layer})
                yield ProjectFile(f"stacks/Pulumi.{environment}-{target.cloud}{layer}.yaml", text)


def to_do(answers: ProjectAnswers) -> tuple[tuple[str, str], ...]:
    """What must be written before the first `up`: a field of `stacks/base.py`, and what to write there."""
    found: list[tuple[str, str]] = []
    for target in answers.targets:
        found += [(f"{target.cloud}.{field}", "it is nobody's; write yours") for field in target.placeholders]
        if not target.administrators and "cluster" in answers.parts:
            person = discovery.backend(target.cloud).first_target.person
            found.append((f"{target.cloud}.people", f"name who may administer the cluster: {person}"))
    if is_for_examples(answers.email):
        found.append(("monitoring.routes", "nobody receives mail at example.com; write the address that alerts go to"))
    return tuple(found)


def _image(answers: ProjectAnswers) -> str:
    """The image of the first job and the first pipeline, in the registry of the first environment."""
    first = answers.targets[0]
    backend = discovery.backend(first.cloud)
    environment = ENVIRONMENTS[answers.size][0]
    try:
        spec = _smallest(answers.name, environment, first.cloud, first.fields)
    except ValidationError:
        # the spec with this answer is refused as a whole: the image of another name adds no problem to it
        spec = _smallest("refused", environment, first.cloud, backend.first_target.fields)
    own = backend.own_images(spec.on(first.cloud))
    return f"{own[0]}{backend.first_target.image}:first" if own else "registry.invalid/training:first"


def _smallest(name: str, environment: str, cloud: str, fields: Mapping[str, str]) -> PlatformSpec:
    return PlatformSpec.model_validate(
        {
            "name": name,
            "environment": environment,
            "owner": "nobody",
            "cost_center": "none",
            "registry": {"repositories": ("training",)},
            "targets": ({"cloud": cloud, **fields},),
        }
    )


def _imports(answers: ProjectAnswers) -> tuple[str, ...]:
    """The lines that import the types of targets which are not the package's own."""
    kinds = {discovery.backend(target.cloud).target_type for target in answers.targets}
    foreign = sorted((kind.__module__, kind.__name__) for kind in kinds if not hasattr(mlplatform, kind.__name__))
    return tuple(f"from {module} import {name}" for module, name in foreign)


def _target(target: TargetAnswer) -> dict[str, object]:
    """What the template of the spec needs of a target."""
    kind = discovery.backend(target.cloud).target_type.__name__
    return {
        "cloud": target.cloud,
        "kind": kind,
        "own": hasattr(mlplatform, kind),
        "fields": tuple(target.fields.items()),
        "placeholders": target.placeholders,
        "administrators": target.administrators,
    }
