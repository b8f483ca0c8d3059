"""`mlplatform cost`: budgets, changes, files that are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import VALID, Result

Command = Callable[..., Result]
SpecFile = Callable[..., Path]

BUDGET = VALID + "budget:\n  monthly_usd: {usd}\n  emails: [a@b.example]\n"


def test_an_estimate_in_three_forms(command: Command, spec_file: SpecFile) -> None:
    file = str(spec_file(VALID))
    text, markdown = command("cost", file), command("cost", file, "--format", "markdown")
    document = json.loads(command("cost", file, "--format", "json").out)["estimates"][0]
    assert text.code == markdown.code == 0
    expected = document["total"]["expected"]
    assert expected > 0
    assert document["total"]["low"] <= expected <= document["total"]["high"]
    assert document["by_component"]["acme-network"]["expected"] == pytest.approx(
        sum(r["monthly"]["expected"] for r in document["resources"] if "Network" in r["urn"]), abs=0.1
    )
    assert "Total" in text.out
    assert f"{expected:,.0f}\N{DEGREE SIGN}**" in markdown.out


def test_the_budget_of_the_spec_or_of_the_option_stops_with_1(command: Command, spec_file: SpecFile) -> None:
    file = str(spec_file(BUDGET.format(usd=1)))
    over = command("cost", file, "--budget")
    assert over.code == 1
    assert "over the budget of 1 USD" in over.err
    assert command("cost", file, "--budget=1_000_000").code == 0
    assert command("cost", str(spec_file(VALID)), "--budget").flat.count("states no budget") == 1


SMALL = VALID.replace("us-east-1", "af-south-1")
ELSEWHERE = SMALL + "training:\n  pools:\n    - {name: big, accelerator: 'T4:8', max_nodes: 8}\n"
"""A platform on a continent of which the package has no price of a machine."""


def test_a_budget_that_lacks_prices_stops_with_3_until_somebody_accepts_it(
    command: Command, spec_file: SpecFile
) -> None:
    """Eight machines without a price may cost more than any budget; the rest of the estimate fits."""
    file = str(spec_file(ELSEWHERE))
    judged = command("cost", file, "--budget=1_000_000")
    assert judged.code == 3
    assert "Nobody can say whether the cost is within the budget" in judged.flat
    assert "no price for machine/g4dn.metal (pool big)" in judged.flat
    assert "Total of what has a price" in judged.out
    document = json.loads(command("cost", file, "--budget=1_000_000", "--format=json").out)["estimates"][0]
    assert (document["verdict"], document["certainty"]) == ("unknown", "unknown")
    assert document["gpu"][0]["monthly"] is None
    accepted = command("cost", file, "--budget=1_000_000", "--accept-unpriced", "machine/*")
    assert accepted.code == 0
    assert "without what is accepted as missing: machine/*" in accepted.flat
    assert command("cost", file, "--budget=1", "--accept-unpriced", "machine/*").code == 1


def test_without_a_price_on_one_side_the_difference_is_unknown_and_no_saving(
    command: Command, spec_file: SpecFile
) -> None:
    base, head = str(spec_file(VALID, "base.yaml")), str(spec_file(ELSEWHERE, "head.yaml"))
    delta = json.loads(command("cost", base, head, "--format", "json").out)["estimates"][0]["delta"]
    assert (delta["total"]["difference"], delta["total"]["certainty"]) == (None, "unknown")
    assert any("machine/g4dn.metal in af-south-1" in reason for reason in delta["total"]["unknown"])
    assert delta["by_capability"]["Training"]["difference"] is None
    risk = command("risk", str(spec_file(SMALL, "small.yaml")), head)
    assert "Nobody can tell what the change costs: no price for machine/" in risk.flat
    assert "pool big (T4:8)" in risk.flat
    assert risk.code == 1
    heading = next(line for line in command("comment", head, "--base", base).out.splitlines() if line.startswith("## "))
    assert "unknown" in heading
    assert "USD a month" not in heading


def test_the_nearest_region_stands_in_with_a_mark_unless_only_exact_prices_count(
    command: Command, spec_file: SpecFile
) -> None:
    pool = "training:\n  pools:\n    - {name: small, accelerator: 'L4:1', max_nodes: 1}\n"
    file = str(spec_file(VALID.replace("us-east-1", "eu-central-2") + pool))
    text = command("cost", file)
    assert "~ rests on prices that stand in for missing ones" in text.out
    assert "of eu-central-1 stand in for eu-central-2's (the nearest region of the same continent" in text.flat
    lines = [
        line
        for resource in json.loads(command("cost", file, "--format", "json").out)["estimates"][0]["resources"]
        for line in resource["lines"]
    ]
    (machine,) = (line for line in lines if line["sku"] == "machine/g6.xlarge")
    assert machine["region"] == "eu-central-1"
    assert "the price of eu-central-1" in machine["estimate"]
    exact = command("cost", file, "--exact", "--budget=1_000_000")
    assert exact.code == 3
    assert "machine/g6.xlarge" in exact.flat


def test_a_price_that_is_accepted_as_missing_is_named(command: Command, spec_file: SpecFile) -> None:
    file = str(spec_file(VALID))
    refused = command("cost", file, "--accept-unpriced", "machine/*")
    assert refused.code == 2
    assert "--budget" in refused.flat
    unused = command("cost", file, "--budget=1_000_000", "--accept-unpriced", "machine/x1.large")
    assert unused.code == 0
    assert "no price is missing for machine/x1.large" in unused.err


def test_a_change_is_what_the_second_costs_more_than_the_first(command: Command, spec_file: SpecFile) -> None:
    small = str(spec_file(VALID, "small.yaml"))
    large = str(spec_file(VALID + "registry:\n  models: [fraud]\nnetwork:\n  zones: 3\n", "large.yaml"))
    result = command("cost", small, large, "--format", "json")
    assert result.code == 0, result.err
    delta = json.loads(result.out)["estimates"][0]["delta"]
    assert delta["total"]["difference"]["expected"] > 0
    assert set(delta["by_capability"]) >= {"Network"}
    assert json.loads(command("cost", small, small, "--format", "json").out)["estimates"][0]["delta"]["resources"] == {}


def test_every_problem_of_a_usage_file_is_reported_at_once(command: Command, spec_file: SpecFile) -> None:
    usage = spec_file("network:\n  nat_gib: -1\n  nat_gb: 3\npools:\n  gpu: {utilisation: 2}\n", "usage.yaml")
    result = command("cost", str(spec_file(VALID)), "--usage", str(usage))
    assert result.code == 2
    for message in ("usage.yaml:2", "network.nat_gib", "nat_gb", "pools", "utilisation", "3 problems"):
        assert message in result.flat, message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--prices", "spec.yaml"), "--prices:"),
        (("--budget=much",), "--budget: got 'much'"),
        (("--usage", "missing.yaml"), "missing.yaml"),
        (("--target", "gcp"), "gcp"),
    ],
)
def test_bad_options_are_refused(command: Command, spec_file: SpecFile, options: tuple[str, ...], message: str) -> None:
    result = command("cost", str(spec_file(VALID)), *options)
    assert result.code == 2
    assert message in result.flat
    assert "Traceback" not in result.flat


def test_refresh_without_a_network_writes_nothing(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlplatform.plan.cost.refresh.fetch.ATTEMPTS", 1)
    file = tmp_path / "prices.toml"
    result = command("cost", "refresh", "--cloud", "azure", "--url", "http://127.0.0.1:9", "-o", str(file))
    assert result.code == 2
    assert "cannot be reached" in result.flat
    assert not file.exists()
    assert "Price file to write" in command("cost", "refresh", "--help").flat
