"""Finds the templates, in the wheel or in a checkout, and fills them in."""

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
    """A template cannot be read or filled in; the text says which, where and why."""


@cache
def builtin() -> Path:
    """The folder of the templates that come with the package."""
    packed = Path(__file__).resolve().parents[1] / "_templates"
    return packed if packed.is_dir() else Path(__file__).resolve().parents[3] / "templates"


def fill(folders: Sequence[Path], template: str, values: Mapping[str, object]) -> str:
    """Fill in one template.

    Args:
        folders: where it and what it includes are looked for, in order.
        template: path below one of the folders.
        values: what it may use; another name is an error, never an empty text.

    Raises:
        TemplateRefused: it is missing, broken, or uses a name that there is not.
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
        # shell, YAML and Groovy are written, and each value says by its filter which of them it is quoted for
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
    """Double quotes as YAML and JSON read them."""
    return json.dumps(value)


def _groovy(value: str) -> str:
    """Single quotes as Groovy reads them, which fills nothing in."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
