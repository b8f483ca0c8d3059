"""Finds the templates in the wheel or in a checkout, and renders them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


class TemplateRefused(ValueError):
    """A template that cannot be read or rendered; the text says which, where and why."""


@cache
def builtin_templates() -> Path:
    """The folder of the templates that come with the package."""
    packed = Path(__file__).resolve().parents[1] / "_templates"
    return packed if packed.is_dir() else Path(__file__).resolve().parents[3] / "templates"


def render_template(folders: Sequence[Path], template: str, values: Mapping[str, object]) -> str:
    """Render one template.

    Args:
        folders: folders to search for it and its includes, in order.
        template: path below one of the folders.
        values: names it may use; another name is an error, never an empty text.

    Raises:
        TemplateRefused: it is missing, broken, or uses an undefined name.
    """
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

    try:
        return _environment(tuple(folders)).get_template(template).render(**values)
    except TemplateNotFound as error:
        raise TemplateRefused(f"{template}: no template '{error.name}' in {', '.join(map(str, folders))}") from None
    except TemplateSyntaxError as error:
        raise TemplateRefused(f"{error.name or template}, line {error.lineno}: {error.message}") from None
    except TemplateError as error:
        raise TemplateRefused(f"{template}: {error.message}") from None
    except UnicodeDecodeError:
        raise TemplateRefused(f"{template}: not UTF-8; save it as UTF-8") from None


@cache
def _environment(folders: tuple[Path, ...]) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        undefined=StrictUndefined,
        # the output is shell, YAML or Groovy; the filter of each value says which of them it is quoted for
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["sh"] = shlex.quote
    environment.filters["quoted"] = _quoted
    environment.filters["groovy"] = _groovy
    return environment


def _quoted(value: str) -> str:
    """The value in double quotes, as YAML and JSON read them."""
    return json.dumps(value)


def _groovy(value: str) -> str:
    """The value in single quotes, in which Groovy expands nothing."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
