"""From the kind and the name of an extension to the files of its package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mlplatform import discovery
from mlplatform.render.extensions.kinds import FORMS, ExtensionKind
from mlplatform.render.project.files import ProjectFile
from mlplatform.render.templates import builtin_templates, render_template

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_RENAMED = {"gitignore": ".gitignore"}
"""Files that tools would act on in a checkout, by the name of their template."""


class NameRefused(ValueError):
    """A name that an extension cannot have; the text says what was found and what is expected."""


def extension_name(kind: ExtensionKind, name: str) -> str:
    """The name of an extension in its one form, words in lower case joined by hyphens.

    Args:
        kind: what it adds.
        name: as its author wrote it; underscores become hyphens.

    Raises:
        NameRefused: it has another form, is too long, or is taken.
    """
    form, plain = FORMS[kind], name.replace("_", "-")
    if not _NAME.fullmatch(plain) or len(plain) > form.longest:
        raise NameRefused(
            f"got '{name[:60]}', expected at most {form.longest} characters: words of lower-case letters and digits "
            "that are joined by hyphens and begin with a letter, for example label-store"
        )
    if plain in _taken(kind):
        raise NameRefused(f"got '{plain}', expected a name that no {kind} of mlplatform itself has: choose another")
    return plain


def _taken(kind: ExtensionKind) -> frozenset[str]:
    """The names that mlplatform itself has; those of an installed package are its own to be written again."""
    if kind == "backend":
        own = (cloud for cloud in discovery.clouds() if discovery.backend(cloud).package.startswith("mlplatform."))
        return frozenset(own)
    if kind == "check":
        from mlplatform.checks.catalogue import built_in_rules

        return frozenset(rule.id for rule in built_in_rules())
    if kind == "risk-rule":
        from mlplatform.risk.catalogue import built_in_rules as built_in_risks

        return frozenset(rule.id for rule in built_in_risks())
    return frozenset()


def project_name(kind: ExtensionKind, name: str) -> str:
    """The name of the package, and of its folder."""
    return f"mlplatform-{kind}-{name}"


def extension_files(kind: ExtensionKind, name: str) -> tuple[ProjectFile, ...]:
    """The files of a package, in the order of their paths.

    Args:
        kind: what it adds.
        name: as `extension_name` gives it.

    Raises:
        mlplatform.render.templates.TemplateRefused: a template is broken.
    """
    return tuple(sorted(_files(kind, name), key=lambda file: file.path))


def _files(kind: ExtensionKind, name: str) -> Iterator[ProjectFile]:
    form, project = FORMS[kind], project_name(kind, name)
    module = project.replace("-", "_")
    values = {
        "attribute": form.attribute,
        "description": f"{name}: {form.meaning}.",
        "further": form.further,
        "group": form.group,
        "kind": "".join(word.capitalize() for word in name.split("-")),
        "module": module,
        "name": name,
        "project": project,
        "title": name.replace("-", " ").capitalize(),
    }
    root = builtin_templates() / "extension"
    for folder in (root / "_shared", root / kind.replace("-", "_")):
        for template in sorted(folder.rglob("*.j2")):
            path = template.relative_to(folder)
            text = render_template([folder], path.as_posix(), values)
            yield ProjectFile(_path(path, module), text)


def _path(template: Path, module: str) -> str:
    """Where the file of a template is: the folder `module` has the package's name."""
    parts = [module if part == "module" else part for part in template.with_suffix("").parts]
    return "/".join(_RENAMED.get(part, part) for part in parts)
