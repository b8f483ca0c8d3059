"""What is off on an interpreter is not tested there: the plain libraries do the work, and all other tests see that."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplatform.fast.switch import interpreter_supported

OFF = frozenset(
    {
        "test_aliases.py",
        "test_fields.py",
        "test_later_modules.py",
        "test_loading.py",
        "test_loop.py",
        "test_typed_dicts.py",
        "test_only_what_is_kept_is_loaded_directly",
        "test_a_default_that_all_instances_would_share_is_refused",
        "test_fields_are_inherited",
        "test_nothing_can_be_changed",
        "test_no_class_is_defined_in_the_slow_way",
        "test_a_library_finds_the_same_and_compiles_nothing_twice",
    }
)
"""Files and tests of what `interpreter_supported` switches off, or whose words are those of an earlier Python."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if interpreter_supported():
        return
    here = Path(__file__).parent
    off = pytest.mark.skip(reason="this acceleration is off on this Python: the plain library does it")
    for item in items:
        if item.path.is_relative_to(here) and {item.path.name, item.name.partition("[")[0]} & OFF:
            item.add_marker(off)
