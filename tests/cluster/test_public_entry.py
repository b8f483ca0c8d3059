"""Public entry of endpoints on the cluster: a load balancer, a name and certificate, and the tokens of inside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from mlplatform import EndpointSpec
from mlplatform.cluster.serving.entry import certificate_script
from mlplatform.cluster.serving_facts import SecretCommands
from mlplatform.cluster.tokens import type_token
from mlplatform.components.imagined_releases import as_released
from mlplatform.plan.cost import estimate
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.record import record
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.risk.engine import assess
from mlplatform.risk.evidence import Evidence
from mlplatform.spec.endpoints import PublicEntrySpec

from ..conftest import CLOUDS
from .test_endpoints import KEYS, body, endpoint, items, platform, pod, refusals, router

ENTRY: dict[str, Any] = {"host": "llm.example.org", "certificate": "llm-entry"}
PEM = (
    "-----BEGIN CERTIFICATE-----\nMII{}\n-----END CERTIFICATE-----\n"
    "-----BEGIN PRIVATE KEY-----\nMC\n-----END PRIVATE KEY-----"
)


def public(**changes: object) -> EndpointSpec:
    """An endpoint that the internet reaches."""
    return endpoint(**{"exposure": "public", "entry": ENTRY, **changes})


def listeners(cloud: str, given: EndpointSpec) -> dict[str, dict[str, Any]]:
    """The router's ports by name."""
    return {each["name"]: each for each in router(items(platform(cloud, given), cloud))["listeners"]}


def manager(port: dict[str, Any]) -> dict[str, Any]:
    """Settings of a port's connections."""
    return port["filter_chains"][0]["filters"][0]["typed_config"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_api_server_takes_the_load_balancer_and_the_router(cloud: str) -> None:
    spec = platform(cloud, public())
    assert not refusals(spec, cloud)
    found = items(spec, cloud)
    for role in ("endpoint-entry-llm", "endpoint-router-llm", "account-endpoints-entry-llm", "endpoint-network-llm"):
        sent = body(found, role)
        assert not check_kubernetes_object(type_token(sent["apiVersion"], sent["kind"]), sent), role
    service = body(found, "endpoint-entry-llm")["spec"]
    assert service["type"] == "LoadBalancer"
    assert service["selector"] == body(found, "endpoint-service-llm")["spec"]["selector"]
    # what is not public stays where it was
    assert "type" not in body(found, "endpoint-service-llm")["spec"]
    assert [each["port"] for each in service["ports"]] == [443]
    assert pod(found, "endpoint-router-llm")["serviceAccountName"] == "entry-llm"


def test_a_router_that_reads_a_certificate_has_a_name() -> None:
    """Envoy ends at its start otherwise: `node 'id' and 'cluster' are required`."""
    config = json.loads(pod(items(platform("aws", public()), "aws"), "endpoint-router-llm")["containers"][0]["args"][1])
    assert config["node"] == {"id": "llm", "cluster": "endpoints"}


def test_a_private_endpoint_has_none_of_it() -> None:
    found = items(platform("aws", endpoint()), "aws")
    assert not [role for role in found if "entry" in role]
    assert "entry" not in listeners("aws", endpoint())
    assert "serviceAccountName" not in pod(found, "endpoint-router-llm")


def test_callers_from_outside_need_the_same_tokens_and_tls() -> None:
    ports = listeners("aws", public())
    outside, inside = manager(ports["entry"]), manager(ports["front"])
    for each in (outside, inside):
        tokens = each["http_filters"][0]["typed_config"]["providers"]["cluster"]
        assert tokens["audiences"] == ["llm.endpoints.svc.cluster.local", "llm.example.org"]
        # the output of the cloud's stack, at each port
        assert tokens["remote_jwks"]["http_uri"]["uri"] == KEYS
    # no path is open
    rules = outside["http_filters"][0]["typed_config"]["rules"]
    assert [rule["requires"] for rule in rules] == [{"provider_name": "cluster"}]
    assert outside["request_headers_timeout"]
    assert outside["stat_prefix"] == inside["stat_prefix"]
    tls = ports["entry"]["filter_chains"][0]["transport_socket"]["typed_config"]["common_tls_context"]
    assert tls["tls_params"]["tls_minimum_protocol_version"] == "TLSv1_2"
    assert "transport_socket" not in ports["front"]["filter_chains"][0]


def test_captures_of_both_ways_have_one_identity() -> None:
    ports = listeners("gcp", public(capture_percent=10))
    for name in ("front", "entry"):
        assert [each["name"] for each in manager(ports[name])["http_filters"]][1] == "capture"
    found = items(platform("gcp", public(capture_percent=10)), "gcp")
    spec = pod(found, "endpoint-router-llm")
    assert spec["serviceAccountName"] == "capture-llm"
    assert [each["name"] for each in spec["initContainers"]] == ["certificate", "renewal", "capture"]


@pytest.mark.parametrize(("cidrs", "ranges"), [([], ["0.0.0.0/0"]), (["198.51.100.0/24"], ["198.51.100.0/24"])])
def test_named_ranges_alone_reach_it(cidrs: list[str], ranges: list[str]) -> None:
    found = items(platform("azure", public(entry={**ENTRY, "cidrs": cidrs})), "azure")
    assert body(found, "endpoint-entry-llm")["spec"].get("loadBalancerSourceRanges", []) == cidrs
    rules = body(found, "endpoint-network-llm")["spec"]["ingress"]
    (opened,) = [rule for rule in rules if rule["ports"][0]["port"] == 8443]
    assert [each["ipBlock"]["cidr"] for each in opened["from"]] == ranges


def test_nothing_opens_before_a_model_is_there() -> None:
    found = items(platform("aws", public()), "aws", released=False)
    assert not [role for role in found if "entry" in role]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"entry": None}, "entry"),
        ({"exposure": "private"}, "entry"),
        ({"on": "managed", "pool": None}, "entry"),
        ({"secrets": {"KEY": "llm-entry"}}, "entry.certificate"),
        ({"entry": {**ENTRY, "host": "localhost"}}, "entry.host"),
        ({"entry": {**ENTRY, "host": "https://a.example.org"}}, "entry.host"),
        ({"entry": {**ENTRY, "cidrs": ["198.51.100.1/24"]}}, "entry.cidrs"),
    ],
)
def test_an_entry_that_leads_nowhere_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        public(**changes)


@pytest.fixture(scope="module", params=CLOUDS)
def plan(request: pytest.FixtureRequest) -> Plan:
    """A plan of both layers."""
    cloud = str(request.param)
    return record(as_released(platform(cloud, public())), cloud, resolve=True)


def test_the_router_reads_its_certificate_alone_and_the_plan_names_the_steps(plan: Plan) -> None:
    rights = [step for step in plan.resources() if "llm-entry" in str(step.inputs)]
    # the right to the secret itself; the others are the identity and what it is bound to, which have its name
    types = ("RolePolicy", "SecretIamMember", "RoleAssignment")
    assert len([step for step in rights if step.type.endswith(types) and "secret" in step.urn]) == 1
    notes = " ".join(str(note) for note in plan.notes)
    assert "llm.example.org" in notes
    assert "llm--entry" in notes


def with_entry(plan: Plan, given: EndpointSpec) -> Plan:
    """The same plan, with another entry of its endpoint."""
    layer = items(platform(plan.cloud, given), plan.cloud)
    ends = {f"-layer-{role}": body(layer, role) for role in ("endpoint-entry-llm", "endpoint-network-llm")}

    def changed(step: Step) -> Step:
        found = next((new for end, new in ends.items() if step.urn.endswith(end)), None)
        return replace(step, inputs={**step.inputs, **found}) if found else step

    return replace(plan, steps=tuple(map(changed, plan.steps)))


RISKS: dict[str, tuple[dict[str, Any], dict[str, Any], set[tuple[str, str]]]] = {
    "more ranges": ({"cidrs": ["10.0.0.0/16"]}, {"cidrs": ["10.0.0.0/16", "8.8.0.0/16"]}, {("high", "network-opened")}),
    "any address": ({"cidrs": ["10.0.0.0/16"]}, {}, {("high", "network-opened")}),
    "another certificate": ({}, {"certificate": "other"}, {("medium", "guard-removed")}),
    "another name": ({}, {"host": "other.example.org"}, {("medium", "guard-removed")}),
    "fewer ranges": ({"cidrs": ["10.0.0.0/16", "8.8.0.0/16"]}, {"cidrs": ["10.0.0.0/16"]}, set()),
}


@pytest.mark.parametrize("case", RISKS)
def test_a_review_tells_when_an_entry_opens_or_proves_itself_by_something_else(plan: Plan, case: str) -> None:
    before, after, wanted = RISKS[case]
    old, new = (with_entry(plan, public(entry={**ENTRY, **each})) for each in (before, after))
    change = diff(old, new)
    found = assess(Evidence(change)).findings
    assert {(each.level, each.rule) for each in found if each.urn.endswith("endpoint-entry-llm")} == wanted


def test_a_review_tells_when_an_endpoint_becomes_public(plan: Plan) -> None:
    private = replace(plan, steps=tuple(step for step in plan.steps if not step.urn.endswith("endpoint-entry-llm")))
    opened = assess(Evidence(diff(private, plan))).findings
    assert ("high", "made-public") in {(each.level, each.rule) for each in opened}
    closed = assess(Evidence(diff(plan, private))).findings
    assert ("high", "service-deleted") in {(each.level, each.rule) for each in closed}


def test_the_estimate_has_the_load_balancer(plan: Plan) -> None:
    result = estimate(plan)
    (entry,) = [each for each in result.resources if each.urn.endswith("endpoint-entry-llm")]
    paid = {line.sku: line for line in entry.lines}
    assert {"load-balancer", "load-balancer-data"} <= paid.keys()
    assert paid["load-balancer"].quantity.expected == 730
    # dev has one zone with public subnets
    addresses = {"aws": 730, "azure": 730}.get(plan.cloud)
    assert (paid["public-ipv4"].quantity.expected if "public-ipv4" in paid else None) == addresses
    # the service that jobs call is an object, and costs nothing
    assert not [each for each in result.resources if each.urn.endswith("endpoint-service-llm")]
    assert not [each for each in result.missing if each.type == "kubernetes:core/v1:Service"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_one_name_leads_to_one_endpoint(cloud: str) -> None:
    """It is also what tokens are for: those for one endpoint would open the other."""
    with pytest.raises(ValidationError, match=r"endpoints\[1\]\.entry\.host"):
        platform(cloud, public(), public(name="other"))
    inside = {**ENTRY, "host": "other.endpoints.svc.cluster.local"}
    with pytest.raises(ValidationError, match=r"endpoints\[0\]\.entry\.host.*a public name"):
        platform(cloud, public(entry=inside))


def test_ranges_that_a_security_group_has_no_room_for_are_refused() -> None:
    ranges = [f"198.51.{index}.0/24" for index in range(41)]
    many = platform("aws", public(entry={**ENTRY, "cidrs": ranges}))
    assert "endpoints[0].entry.cidrs" in refusals(many, "aws")
    two = (public(name=name, entry={**ENTRY, "host": f"{name}.example.org", "cidrs": ranges[:21]}) for name in "ab")
    assert [path for path in refusals(platform("aws", *two), "aws") if "cidrs" in path] == ["endpoints[1].entry.cidrs"]
    assert not refusals(platform("aws", public(entry={**ENTRY, "cidrs": ranges[:40]})), "aws")


class Watched:
    """The folder of a certificate, and its scripts as their shell runs them."""

    def __init__(self, path: Path) -> None:
        self.path, self.folder = path, path / "certificate"
        self.folder.mkdir()
        tool = path / "tool"
        tool.write_text(f"#!/bin/sh\ncat {path}/value\n")
        tool.chmod(0o755)

    def put(self, value: str) -> None:
        """Put a secret into the store."""
        (self.path / "value").write_text(value)

    def start(self, *, again: bool) -> subprocess.Popen[str]:
        """Start one of the containers."""
        entry = PublicEntrySpec.model_validate(ENTRY)
        reader = SecretCommands(image="x", read="tool {secret}")
        script = certificate_script(entry, reader, again=again, folder=str(self.folder), seconds=0)
        env = {"PATH": f"{self.path}:{os.environ['PATH']}"}
        return subprocess.Popen(["/bin/sh", "-c", script], env=env, stderr=subprocess.PIPE, text=True)

    def served(self) -> str:
        """What Envoy reads."""
        found = json.loads((self.folder / "entry.json").read_text())["resources"][0]["tls_certificate"]
        assert found["certificate_chain"] == found["private_key"]
        return Path(found["private_key"]["filename"]).read_text()


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """An empty folder."""
    return Watched(tmp_path)


def test_the_certificate_is_there_before_the_router_and_others_are_refused(watched: Watched) -> None:
    watched.put(PEM.format(1))
    assert watched.start(again=False).wait(5) == 0
    assert watched.served() == PEM.format(1) + "\n"
    for wrong in ("", "-----BEGIN CERTIFICATE-----"):
        watched.put(wrong)
        running = watched.start(again=False)
        _, told = running.communicate(timeout=5)
        assert running.returncode == 1
        assert "llm-entry" in told


def test_a_renewed_certificate_is_served_and_a_failed_read_changes_nothing(watched: Watched) -> None:
    watched.put(PEM.format(1))
    assert watched.start(again=False).wait(5) == 0
    watched.put("")
    with watched.start(again=True) as running:
        time.sleep(0.1)
        assert watched.served() == PEM.format(1) + "\n"
        watched.put(PEM.format(2))
        for _ in range(100):
            if "MII2" in watched.served():
                break
            time.sleep(0.05)
        running.send_signal(signal.SIGTERM)
        assert running.wait(5) == 0
    assert watched.served() == PEM.format(2) + "\n"
