"""The forms of ids, held against the sections "Import" of the installed SDKs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest

from mlplatform import discovery
from mlplatform.catalog.import_ids import MADE, fill_form, import_form, matches
from mlplatform.plan.inside import RELEASE, without_charts
from mlplatform.plan.model import Plan
from mlplatform.providers.accounts import Account
from mlplatform.providers.schema import resource_class
from mlplatform.providers.sdk import SdkFunction, source_text
from mlplatform.takeover.identify import Identifier
from mlplatform.takeover.survey import takes_over

from ..conftest import CLOUDS

EXAMPLE = re.compile(r"\$ pulumi import (\S+) \S+ '?([^'\n]+?)'?$", re.MULTILINE)
LOCATED = re.compile(r"\* `([^`]*\{\{[^`]*)`")


def _types(cloud: str, root: Path) -> Iterator[str]:
    """Every type that a backend makes: each has its row of rights."""
    text = (root / f"platform/mlplatform/backends/{cloud}/bootstrap/rights.toml").read_text("utf-8")
    yield from (token for token in tomllib.loads(text)["types"] if ":" in token and "::" not in token)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_type_that_is_made_has_a_form_or_a_reason(cloud: str, root: Path) -> None:
    types = [token for token in _types(cloud, root) if not token.startswith("kubernetes:")]
    assert len(types) > 50
    assert [token for token in types if import_form(token) is None and not takes_over(token)] == []


def _documented(token: str) -> tuple[str, ...]:
    """The ids in the section "Import" of a type's class: examples, or forms with `{{…}}`."""
    cls = resource_class(token)
    if cls is None and token.startswith("kubernetes:"):
        return ()  # a kind of a chart's definitions
    assert cls is not None, token
    text = source_text(cast("SdkFunction", cls.__init__).__code__.co_filename)
    part = text[text.find("## Import") :] if "## Import" in text else ""
    examples = [id_ for type_, id_ in EXAMPLE.findall(part) if type_ == token]
    # Helm's has the names of properties in < >
    found = (*LOCATED.findall(part[:4000]), *examples)
    return tuple(dict.fromkeys(re.sub(r"<(\w+)>", r"{{\1}}", each) for each in found))


def _pattern(documented: str) -> re.Pattern[str]:
    """What a documented id matches: its properties are any text, and so are the words of an example."""
    if "{{" in documented:
        return re.compile(".+".join(map(re.escape, re.split(r"\{\{[^}]+\}\}", documented))))
    return re.compile(r"[\w./-]+".join(map(re.escape, re.split(r"[\w.-]+", documented))))


DIFFER = {
    "aws:appautoscaling/policy:Policy": "the id and the dimension of a resource have slashes and colons",
    "aws:appautoscaling/target:Target": "the id and the dimension of a resource have slashes and colons",
    "aws:secretsmanager/secretVersion:SecretVersion": "the whole id of the secret is made up",
    "aws:autoscaling/tag:Tag": "the key of a tag may have slashes",
    "aws:cloudwatch/eventRule:EventRule": "of the default bus: only the rule's name",
    "aws:cloudwatch/eventTarget:EventTarget": "of the default bus: without its name",
}
"""Types whose ids differ from the example, with the reason."""


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_ids_have_the_form_that_the_provider_documents(cloud: str, stack_plan: Callable[..., Plan]) -> None:
    """Azure documents none: every resource is imported by its resource id."""
    plan = stack_plan("dev", cloud, resolve=True)
    identifier = Identifier(plan, Account.sample(cloud))
    wrong: list[tuple[str, str, tuple[str, ...]]] = []
    looked = 0
    for step in {step.type: step for step in plan.resources()}.values():
        id_ = identifier.id_of(step)
        documented = () if id_ is None or step.type in DIFFER else _documented(step.type)
        if id_ is None or not documented:
            continue
        looked += 1
        shown = id_.replace(MADE, "made")
        if not any(_pattern(each).fullmatch(shown) for each in documented):
            wrong.append((step.type, id_, documented))
    assert wrong == []
    assert looked > 30


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_id_is_whole_or_says_what_only_the_cloud_knows(cloud: str, stack_plan: Callable[..., Plan]) -> None:
    """No sample value of the plan is ever part of an id that somebody could import."""
    plan = stack_plan("dev", cloud, resolve=True)
    identifier = Identifier(plan, Account.sample(cloud))
    for step in plan.resources():
        form, id_ = import_form(step.type), identifier.id_of(step)
        if form is None or not form.form:
            assert id_ is None
            continue
        assert id_, (step.type, form.form)
        assert not re.search(r"[0-9a-f]{17}|[0-9]{19}", id_), (step.type, id_)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_everything_in_the_cluster_is_imported_by_its_namespace_and_name(
    cloud: str, stack_plan: Callable[..., Plan]
) -> None:
    """Held against Helm's section "Import", and against the names with which objects are sent."""
    plan = without_charts(stack_plan("prod", cloud, resolve=True))
    identifier = Identifier(plan, Account.sample(cloud))
    ids: dict[str, str | None] = {}
    for step in plan.resources():
        if step.package != "kubernetes":
            continue
        place = step.inputs if step.type == RELEASE else cast("Mapping[str, object]", step.inputs["metadata"])
        named = [str(place[key]) for key in ("namespace", "name") if key in place]
        ids[step.urn] = identifier.id_of(step)
        assert ids[step.urn] == "/".join(named), step.urn
    assert len(ids) > 40
    assert _documented(RELEASE) == ("{{namespace}}/{{releaseName}}",)
    # one id is one thing: no two resources of a type would take over the same object
    assert len({(step.type, ids[step.urn]) for step in plan.resources() if step.urn in ids}) == len(ids)


def test_a_form_is_filled_or_has_no_value() -> None:
    values = {"a": "1", "b": "2", "@account": "3"}
    assert fill_form("x-{a}[/{c}]/{c|b}:{@account}-<id>", values.get) == "x-1/2:3-<id>"
    assert fill_form("[{b}/]{a}", values.get) == "2/1"
    assert fill_form("{c}", values.get) is None
    assert matches("vpc-<id>", "vpc-0a1b")
    assert not matches("vpc-<id>", "subnet-0a1b")
    assert matches("/subscriptions/A/x", "/subscriptions/a/X"), "Azure compares ids without case"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_forms_have_pages_and_a_date(cloud: str, root: Path) -> None:
    text = (root / f"platform/mlplatform/catalog/data/imports/{cloud}.toml").read_text("utf-8")
    table = tomllib.loads(text)
    assert table["as_of"]
    assert str(table["page"]).startswith("https://www.pulumi.com/registry/packages/")
    assert f"pulumi_{str(table['package']).replace('-', '_')}" in discovery.backend(cloud).sdks
