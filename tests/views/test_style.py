"""The style of text on a screen."""

from __future__ import annotations

from mlplatform.views.style import Style


def test_colour_only_where_wanted() -> None:
    assert Style(color=True).paint("x", "red") == "\x1b[31mx\x1b[0m"
    assert Style(color=False).paint("x", "red") == "x"
