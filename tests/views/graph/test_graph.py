"""Graphs: what is drawn where, and that no name breaks a format."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from mlplatform.plan.diff import diff
from mlplatform.plan.drawing import draw_change, draw_graph
from mlplatform.plan.graph import Graph, GraphEdge, GraphGroup, GraphNode, reduce_edges
from mlplatform.plan.model import Plan, Step
from mlplatform.views.graph.document import FORMATS, graph_document
from mlplatform.views.graph.layout import lay_out

HOSTILE = 'a"]; <script>alert(1)</script> & \\" --> b %% `x` \u202e end\x00'
ROOT = "urn:pulumi:s::p::mlplatform:index:Platform::acme"


def _titles(drawn: Graph, kind: str) -> list[str]:
    groups = {group.id: group for group in drawn.groups}

    def boundary(group: str) -> str:
        while group and groups[group].kind == "capability":
            group = groups[group].parent
        return groups[group].kind if group else ""

    return sorted(node.title for node in drawn.nodes if boundary(node.group) == kind)


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_machines_stand_in_private_subnets_and_stores_outside(stack_plan: Callable[..., Plan], cloud: str) -> None:
    drawn = draw_graph(stack_plan("prod", cloud, resolve=True))
    inside = _titles(drawn, "private")
    assert {"cluster", "pool-batch", "pool-finetune", "pool-pretrain", "pool-vision"} <= set(inside)
    assert "network" in _titles(drawn, "network")
    assert {"store", "images", "keys", "monitoring"} <= set(_titles(drawn, ""))
    everything = sorted(urn for node in drawn.nodes for urn in node.urns)
    assert everything == sorted(step.urn for step in stack_plan("prod", cloud, resolve=True).resources())


def test_a_subnet_is_public_where_it_has_a_route_to_the_internet(stack_plan: Callable[..., Plan]) -> None:
    drawn = draw_graph(stack_plan("prod", "aws", resolve=True), "resource")
    groups = {group.id: group for group in drawn.groups}

    def kinds(group: str) -> Iterable[str]:
        while group:
            yield groups[group].kind
            group = groups[group].parent

    subnets = {
        node.title: set(kinds(node.group)) & {"public", "private"} for node in drawn.nodes if node.kind == "Subnet"
    }
    assert subnets
    assert all(found == {"public" if title.startswith("public") else "private"} for title, found in subnets.items())


def test_a_change_is_drawn_with_both_of_its_sides() -> None:
    plan = _hostile()
    store = replace(plan.steps[2], urn=f"{ROOT}-new", name="new")
    after = replace(plan, steps=(plan.steps[0], replace(plan.steps[1], urn=f"{ROOT}-store2", name="s2"), store))
    store = replace(store, parent=f"{ROOT}-store2")
    after = replace(after, steps=(*after.steps[:2], store))
    drawn = draw_change(diff(plan, after))
    assert [(node.change, dict(node.changes)) for node in drawn.nodes] == [
        ("delete", {"delete": 2}),
        ("create", {"create": 1}),
    ]
    assert drawn.changed
    assert not draw_change(diff(plan, plan)).changed


def test_around_changes_are_the_nodes_beside_them() -> None:
    nodes = [
        GraphNode(name, name, "component", "g", (name,), 0, {"update": 1} if name == "b" else {}) for name in "abcd"
    ]
    edges = (GraphEdge("a", "b", 1), GraphEdge("b", "c", 1), GraphEdge("c", "d", 1))
    groups = (GraphGroup("g", "g", "capability"), GraphGroup("h", "h", "capability"))
    part = Graph("aws", "s", "component", groups, tuple(nodes), edges).around_changes()
    assert [node.id for node in part.nodes] == ["a", "b", "c"]
    assert [(edge.source, edge.target) for edge in part.edges] == [("a", "b"), ("b", "c")]
    assert [group.id for group in part.groups] == ["g"]


def test_reduction_keeps_what_can_be_reached() -> None:
    edges = [
        GraphEdge("a", "b", 2),
        GraphEdge("b", "c", 2),
        GraphEdge("a", "c", 1),
        GraphEdge("c", "b", 1),
        GraphEdge("a", "d", 5),
    ]
    assert [(edge.source, edge.target) for edge in reduce_edges(edges)] == [
        ("a", "b"),
        ("a", "d"),
        ("b", "c"),
        ("c", "b"),
    ]


@pytest.mark.parametrize("detail", ["capability", "component", "resource"])
def test_boxes_do_not_overlap(stack_plan: Callable[..., Plan], detail: str) -> None:
    drawn = lay_out(draw_graph(stack_plan("prod", "aws", resolve=True), detail))
    for box in drawn.root.walk():
        for child in box.children:
            assert box.x <= child.x
            assert box.y <= child.y
            assert child.x + child.w <= box.x + box.w + 0.01
            assert child.y + child.h <= box.y + box.h + 0.01
        for one, other in ((a, b) for i, a in enumerate(box.children) for b in box.children[i + 1 :]):
            apart = one.x + one.w <= other.x or other.x + other.w <= one.x
            assert apart or one.y + one.h <= other.y or other.y + other.h <= one.y, (one.key, other.key)


def _hostile() -> Plan:
    platform = Step("create", ROOT, "mlplatform:index:Platform", "acme", False, {})
    store = Step("create", f"{ROOT}-store", "mlplatform:index:ArtifactStore", f"acme-{HOSTILE}", False, {}, parent=ROOT)
    bucket = Step("create", f"{ROOT}-b", "aws:s3/bucket:Bucket", HOSTILE, True, {}, parent=store.urn)
    return Plan(
        "aws", "p", HOSTILE, (platform, store, bucket, replace(bucket, urn=f"{ROOT}-c", dependencies=(bucket.urn,)))
    )


@pytest.mark.parametrize("detail", ["capability", "component", "resource"])
def test_hostile_names_stay_text(detail: str) -> None:
    drawn = [draw_graph(_hostile(), detail), draw_graph(_hostile(), detail)]
    svg = graph_document(drawn, "svg")
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert tags <= {"svg", "title", "style", "defs", "marker", "path", "rect", "text", "g"}
    assert "\u202e" not in svg
    for line in graph_document(drawn, "mermaid").splitlines():
        assert re.fullmatch(
            r'\s*((subgraph )?s\dg?n?\d*\["[\w .,/:+?-]*"\](:::data)?|s\dn\d --> s\dn\d|end|flowchart LR|'
            r"classDef data [\w:-]+)",
            line,
        ), line
    dot = graph_document(drawn, "dot")
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", dot)
    assert "script" not in outside
    assert outside.count("{") == outside.count("}")


def test_the_same_plan_gives_the_same_bytes_and_two_thousand_resources_are_drawn_fast() -> None:
    platform = Step("create", ROOT, "mlplatform:index:Platform", "acme", False, {})
    owners = [
        Step("create", f"{ROOT}{n}", "mlplatform:index:Endpoint", f"e{n}", False, {}, parent=ROOT) for n in range(50)
    ]
    steps = [
        Step("create", f"{ROOT}:{n}", "aws:s3/bucket:Bucket", f"b{n}", True, {}, parent=owners[n % 50].urn,
             dependencies=(f"{ROOT}:{n - 7}",) if n > 7 else ())
        for n in range(2000)
    ]  # fmt: skip
    plan = Plan("aws", "p", "s", (platform, *owners, *steps))
    start = time.process_time()
    found = [graph_document([draw_graph(plan, "resource")], form) for form in FORMATS]
    assert time.process_time() - start < 2
    assert all(text.count("Bucket") >= 2000 for text in found)
    assert found == [graph_document([draw_graph(plan, "resource")], form) for form in FORMATS]
