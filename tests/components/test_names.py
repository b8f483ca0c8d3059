"""How physical names are cut."""

from __future__ import annotations

from mlplatform.components.names import cut_name, hashed_name, physical_name, short_hash

from .parts import spec


def test_a_short_hash_has_the_asked_length() -> None:
    assert short_hash("text") == "982d9e3e"
    assert short_hash("text", 4) == "982d"


def test_a_short_name_stays_as_it_is() -> None:
    assert cut_name("acme-dev-data", 13) == "acme-dev-data"


def test_a_long_name_ends_in_a_hash_of_the_whole() -> None:
    cut = cut_name("acme-dev-data", 12)
    assert cut == f"acm-{short_hash('acme-dev-data')}"
    assert cut_name("acme-dev-data", 12, hash_length=6) == f"acme-{short_hash('acme-dev-data', 6)}"
    assert cut_name("acmedevdata", 10, hash_length=6, joint="") == f"acme{short_hash('acmedevdata', 6)}"


def test_a_cut_name_has_no_double_hyphen() -> None:
    assert cut_name("acme-dev-data", 14, hash_length=8) == "acme-dev-data"
    assert "--" not in cut_name("acme-dev-data-of-all", 14)


def test_a_physical_name_leaves_an_empty_role_out() -> None:
    assert physical_name(spec("aws"), "data", 63) == "acme-dev-data"
    assert physical_name(spec("aws"), "", 63) == "acme-dev"


def test_what_can_only_be_replaced_has_its_content_in_the_name() -> None:
    one, other = (hashed_name(spec("aws"), "data", content, 63) for content in ("a", "b"))
    assert one != other
    assert one == f"acme-dev-data-{short_hash('a')}"
    assert len(hashed_name(spec("aws"), "x" * 80, "a", 40)) <= 40
