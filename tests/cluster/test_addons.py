"""The add-ons of the layer: what each brings, and what is refused."""

from __future__ import annotations

import json
from typing import Any, cast, get_args

import pytest

from mlplatform import ClusterSpec, GpuPoolSpec, NotebooksSpec, TeamSpec, TrainingSpec, discovery
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import STAGES, ChartRelease, LayerItem
from mlplatform.cluster.objects.core import ResourceQuota
from mlplatform.cluster.objects.network import NetworkPolicy
from mlplatform.cluster.objects.rbac import ClusterRole, Role, RoleBinding
from mlplatform.spec.cluster import AddOn

from ..conftest import CLOUDS
from ..planned import least_platform
from .conftest import CPU_POOLS, FLEX, LOGIN, POOLS, TARGETS, small_spec


def _items(cloud: str, cluster: ClusterSpec) -> dict[str, LayerItem]:
    return {item.role: item for item in layer_items(layer_context(small_spec(cloud, cluster=cluster), cloud))}


def _release(items: dict[str, LayerItem], role: str) -> ChartRelease:
    body = items[role].body
    assert isinstance(body, ChartRelease)
    return body


@pytest.mark.parametrize("cloud", CLOUDS)
def test_cert_manager_comes_with_its_kinds_before_every_chart_that_needs_it(cloud: str) -> None:
    assert "release-cert-manager" not in _items(cloud, ClusterSpec())
    items = _items(cloud, ClusterSpec(addons=("cert-manager",)))
    release = _release(items, "release-cert-manager")
    # the chart's own default leaves them out, and every Certificate would be refused
    assert release.values["crds"] == {"enabled": True, "keep": True}
    assert STAGES.index(items["release-cert-manager"].stage) < STAGES.index("engines")
    assert f"namespace-{release.namespace}" in items
    assert release.namespace not in str(_release(items, "release-kueue").values), "Kueue would hold its pods up"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_argo_keeps_artefacts_in_the_store_by_identity(cloud: str) -> None:
    items = _items(cloud, ClusterSpec(addons=("argo-workflows",)))
    values = cast("Any", _release(items, "release-argo-workflows").values)
    text = json.dumps(values["artifactRepository"])
    assert "Secret" not in text, "no key of the store in the cluster"
    kind = {"aws": "s3", "gcp": "gcs", "azure": "azure"}[cloud]
    store = values["artifactRepository"][kind]
    key = store["blobNameFormat" if cloud == "azure" else "keyFormat"]
    # the chart evaluates the values of two of them as templates, where Argo's own variables are no functions
    assert key.startswith("workflows/" if cloud == "aws" else '{{ "workflows/')
    assert "pipelines" in (store["container"] if cloud == "azure" else store["bucket"])
    defaults = values["controller"]["workflowDefaults"]["spec"]
    assert defaults["serviceAccountName"] == "training"
    assert defaults["podMetadata"]["labels"] == ({"azure.workload.identity/use": "true"} if cloud == "azure" else {})


def test_nobody_uses_argo_with_the_servers_own_rights() -> None:
    teams = (TeamSpec("fraud", quota={"spot": 8}),)
    items = _items("gcp", ClusterSpec(addons=("argo-workflows",), teams=teams))
    values = cast("Any", _release(items, "release-argo-workflows").values)
    assert values["server"]["authModes"] == ["client"]
    # the chart's roles read every secret of the cluster
    assert values["server"]["rbac"] == {"create": False}
    assert values["createAggregateRoles"] is False
    role = cast("ClusterRole", items["role-argo-server"].body)
    assert {verb for rule in role.rules for verb in rule.verbs} == {"get", "list", "watch"}
    assert all("secrets" not in rule.resources for rule in role.rules)
    # otherwise a job with rights over all kinds fetches them from the internet
    assert values["crds"]["full"] is False
    # each namespace of jobs has its own rights of steps, and in none may a step change rights or read secrets
    for namespace in ("training", "team-fraud"):
        steps = cast("Role", items[f"role-steps-{namespace}"].body)
        assert steps.metadata.namespace == namespace
        assert {rule.api_groups[0] for rule in steps.rules} == {
            "argoproj.io", "batch", "jobset.x-k8s.io", "trainer.kubeflow.org",
        }  # fmt: skip
    hard = cast("ResourceQuota", items["limits-team-fraud"].body).spec.hard
    assert "count/workflows.argoproj.io" in hard
    member = cast("ClusterRole", items["role-mlplatform-team"].body)
    assert any("workflows" in rule.resources and "create" in rule.verbs for rule in member.rules)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_only_an_add_ons_own_pods_and_webhooks_are_reached(cloud: str) -> None:
    items = _items(cloud, ClusterSpec(addons=get_args(AddOn)))
    releases = [item.body for item in items.values() if isinstance(item.body, ChartRelease) and item.stage == "addons"]
    walls = {release.namespace: items[f"wall-{release.namespace}"].body for release in releases}
    assert walls
    for body in walls.values():
        policy = cast("NetworkPolicy", body).spec
        assert policy.policy_types == ("Ingress",)
        assert all(rule.from_ or {port.port for port in rule.ports or ()} <= {10250} for rule in policy.ingress)


def test_an_add_on_is_named_once() -> None:
    with pytest.raises(ValueError, match="no other add-on has"):
        ClusterSpec(addons=("cert-manager", "cert-manager"))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_notebook_has_the_queue_the_identity_and_the_nodes_of_jobs(cloud: str) -> None:
    teams = (TeamSpec("fraud", quota={"spot": 8, "shared": 0}),)
    notebooks = NotebooksSpec(login=LOGIN, pools=("spot", "prep", "shared"), team="fraud")
    items = _items(cloud, ClusterSpec(notebooks=notebooks, teams=teams))
    values = cast("Any", _release(items, "release-jupyterhub").values)
    # Kueue holds the pods of that namespace, so that a GPU of a notebook counts in the team's quota
    assert values["hub"]["config"]["KubeSpawner"]["namespace"] == "team-fraud"
    kueue = cast("Any", _release(items, "release-kueue").values)["managerConfig"]["controllerManagerConfigYaml"]
    assert "team-fraud" in kueue
    assert '"notebooks"' not in kueue, "the hub itself waits in no queue"
    servers = values["singleuser"]
    assert servers["serviceAccountName"] == "training"
    # by order of the spec, the first one is chosen where nobody chooses
    assert [(each["slug"], each["default"]) for each in servers["profileList"]] == [
        ("spot", True), ("prep", False), ("shared", False),
    ]  # fmt: skip
    context = layer_context(small_spec(cloud), cloud)
    taints = {nodes.pool.name: {taint.key for taint in nodes.taints} for nodes in context.all_pools}
    for profile in servers["profileList"]:
        override = profile["kubespawner_override"]
        assert override["node_selector"]["mlplatform.dev/pool"] == profile["slug"]
        assert {each["key"] for each in override["tolerations"]} == taints[profile["slug"]]
        gpus = override.get("extra_resource_limits", {})
        assert gpus == ({} if profile["slug"] == "prep" else {"nvidia.com/gpu": "1"})
    if cloud == "gcp":
        shared = servers["profileList"][2]["kubespawner_override"]["node_selector"]
        assert "cloud.google.com/gke-max-shared-clients-per-gpu" in shared, "GKE counts no client without it"
    assert ("azure.workload.identity/use" in servers["extraLabels"]) == (cloud == "azure")


def test_an_idle_gpu_is_free_after_an_hour_and_every_notebook_ends() -> None:
    notebooks = NotebooksSpec(login=LOGIN, pools=("spot",), idle_minutes=30, max_hours=12)
    values = cast("Any", _release(_items("aws", ClusterSpec(notebooks=notebooks)), "release-jupyterhub").values)
    assert (values["cull"]["timeout"], values["cull"]["maxAge"]) == (1800, 12 * 3600)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_notebook_keeps_its_identity_and_gets_no_other(cloud: str) -> None:
    items = _items(cloud, ClusterSpec(notebooks=NotebooksSpec(login=LOGIN, pools=("prep",))))
    values = cast("Any", _release(items, "release-jupyterhub").values)
    # a privileged container of the chart shuts the address from which pods on GKE have their identity
    assert values["singleuser"]["cloudMetadata"] == {"blockWithIptables": False}
    policy = cast("NetworkPolicy", items["network-notebooks"].body)
    assert policy.metadata.namespace == "training"
    open_to = {
        (peer.ip_block.cidr, port.port)
        for rule in policy.spec.egress
        for peer in rule.to or ()
        if peer.ip_block
        for port in rule.ports or ()
    }
    metadata = {address for address, _ in open_to if address == "169.254.169.254/32"}
    assert bool(metadata) == (cloud == "gcp"), "elsewhere that address gives a pod the rights of its node"
    everywhere = [rule for rule in policy.spec.egress if rule.to is None]
    assert {port.port for rule in everywhere for port in rule.ports or ()} == {53, 443}


def test_people_log_in_at_their_own_provider_and_reach_the_hub_by_a_forwarded_port() -> None:
    items = _items("azure", ClusterSpec(notebooks=NotebooksSpec(login=LOGIN, pools=("prep",))))
    values = cast("Any", _release(items, "release-jupyterhub").values)
    config = values["hub"]["config"]
    # the chart's own lets everybody in, as whoever they say
    assert config["JupyterHub"]["authenticator_class"] == "generic-oauth"
    assert config["JupyterHub"]["admin_access"] is False
    login = config["GenericOAuthenticator"]
    assert login["allow_all"] is False
    assert login["allowed_groups"] == ["data-science"]
    assert login["oauth_callback_url"] == "http://localhost:8000/hub/oauth_callback"
    assert "client_secret" not in json.dumps(values)
    assert values["proxy"]["service"] == {"type": "ClusterIP"}
    assert values["proxy"]["chp"]["networkPolicy"]["allowedIngressPorts"] == []
    # hub and proxy get no identity of their node
    for part in (values["hub"], values["proxy"]["chp"]):
        assert part["networkPolicy"]["egressAllowRules"] == {"cloudMetadataServer": False}
    hub = cast("Role", items["role-notebooks"].body)
    assert all("secrets" not in rule.resources for rule in hub.rules)
    nobody = NotebooksSpec(login=LOGIN.overlay(groups=()), pools=("prep",))
    with pytest.raises(ValueError, match="neither groups nor people"):
        small_spec("azure", cluster=ClusterSpec(notebooks=nobody))


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(
    ("change", "pools", "words"),
    [
        ({"pools": ("prep", "big")}, POOLS, "with a fabric"),
        ({"vcpus": 3.5}, POOLS, "server would wait for ever"),
        ({"memory_gib": 15}, POOLS, "server would wait for ever"),
        ({"pools": ("prep", "one")}, (GpuPoolSpec(name="one", accelerator="T4:1", max_nodes=1, zones=(2,)),), "zone"),
    ],
)
def test_a_server_that_could_never_start_is_refused(
    cloud: str, change: dict[str, Any], pools: tuple[GpuPoolSpec, ...], words: str
) -> None:
    notebooks = NotebooksSpec.model_validate({"login": LOGIN, "pools": ("prep",), **change})
    cpu = tuple(pool.overlay(capacity="on-demand") for pool in CPU_POOLS)
    training = TrainingSpec(pools=pools, cpu_pools=cpu)
    spec = small_spec(cloud, cluster=ClusterSpec(notebooks=notebooks), training=training)
    found = [str(problem) for problem in discovery.backend(cloud).problems(spec.on(cloud))]
    assert any(words in each for each in found), found


@pytest.mark.parametrize("cloud", CLOUDS)
def test_steps_without_any_pool_are_refused(cloud: str) -> None:
    spec = small_spec(cloud, cluster=ClusterSpec(addons=("argo-workflows",)), training=TrainingSpec())
    found = [str(problem) for problem in discovery.backend(cloud).problems(spec.on(cloud))]
    assert any("every step would wait for ever" in each for each in found), found


def test_a_person_does_not_wait_for_flex_start() -> None:
    training = TrainingSpec(pools=(FLEX,), cpu_pools=CPU_POOLS)
    cluster = ClusterSpec(notebooks=NotebooksSpec(login=LOGIN, pools=("prep", "flex")))
    spec = small_spec("gcp", cluster=cluster, training=training)
    found = [str(problem) for problem in discovery.backend("gcp").problems(spec.on("gcp"))]
    assert any("the hub gives up before" in each for each in found), found


@pytest.mark.parametrize(
    ("notebooks", "words"),
    [
        ({"pools": ("nope",)}, "one of the pools"),
        ({"pools": ("prep",), "team": "nope"}, "one of the teams: fraud"),
        ({"pools": ("shared",), "team": "fraud"}, "admits no server"),
        ({"pools": ("prep", "prep")}, "no other profile has"),
        ({"pools": ("prep",), "image": "docker.io/acme/notebook"}, "image"),
        ({"pools": ("prep",), "address": "http://notebooks.acme.example"}, "address"),
    ],
)
def test_notebooks_that_do_not_fit_the_spec_are_refused(notebooks: dict[str, Any], words: str) -> None:
    teams = (TeamSpec("fraud", quota={"spot": 8}),)
    with pytest.raises(ValueError, match=words):
        small_spec(
            "aws",
            cluster=ClusterSpec(teams=teams, notebooks=NotebooksSpec.model_validate({"login": LOGIN, **notebooks})),
        )


def test_a_target_without_any_of_the_notebooks_pools_is_refused() -> None:
    target = TARGETS["gcp"].overlay(pools={"prep": {"enabled": False}})
    with pytest.raises(ValueError, match="has no notebooks"):
        least_platform(
            target,
            training=TrainingSpec(pools=POOLS, cpu_pools=CPU_POOLS),
            cluster=ClusterSpec(notebooks=NotebooksSpec(login=LOGIN, pools=("prep",))),
        )


def test_those_who_run_jobs_forward_a_port_and_of_a_teams_notebooks_its_members_alone() -> None:
    target = TARGETS["azure"].overlay(
        people={"data-scientist": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee1",)},
        members={"fraud": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee2",)},
    )
    notebooks = NotebooksSpec(login=LOGIN, pools=("prep",), team="fraud")
    cluster = ClusterSpec(
        addons=("argo-workflows",), notebooks=notebooks, teams=(TeamSpec("fraud", quota={"spot": 8}),)
    )
    spec = small_spec("azure", targets=(target,), cluster=cluster)
    items = {item.role: item.body for item in layer_items(layer_context(spec, "azure"))}
    argo, hub = (cast("RoleBinding", items[f"binding-{name}-port-forward"]) for name in ("argo", "notebooks"))
    assert [each.name[-1] for each in argo.subjects] == ["1", "2"]
    assert [each.name[-1] for each in hub.subjects] == ["2"]
