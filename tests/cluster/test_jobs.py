"""Jobs of each kind on pools of each kind: right for the pool, or refused with place and fix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import pytest
from click.testing import CliRunner

from mlplatform import (
    AwsTarget,
    CapacityBlock,
    ClusterSpec,
    GpuPoolSpec,
    Mig,
    NetworkSpec,
    ReservationBinding,
    TeamSpec,
    TrainingSpec,
)
from mlplatform.cli.app import cli
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.jobs.kinds import job_objects
from mlplatform.cluster.jobs.problems import job_problems
from mlplatform.cluster.jobs.request import JOB_KINDS, JobKind, JobRequest
from mlplatform.cluster.objects.base import KubeObject
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.providers.kubernetes.check import check_kubernetes_object

from ..conftest import CLOUDS, ROOT
from .conftest import POOLS, small_spec

BLOCK = CapacityBlock(
    name="block", count=2, starts=datetime(2027, 1, 1, 12, tzinfo=UTC), ends=datetime(2027, 1, 3, 12, tzinfo=UTC)
)
JOB = JobRequest(name="llm", pool="big", image="acme.example/train:1.4", command=("torchrun", "train.py"))


@cache
def _layer(cloud: str) -> LayerContext:
    pools = (*POOLS, GpuPoolSpec(name="parts", accelerator="A100-80GB:8", max_nodes=2, sharing=Mig(profile="3g.40gb")))
    engines = ClusterSpec(engines=("trainer", "ray"))
    return layer_context(small_spec(cloud, training=TrainingSpec(pools=pools), cluster=engines), cloud)


@cache
def _aws_layer() -> LayerContext:
    target = AwsTarget(
        account_id="123456789012",
        region="us-east-1",
        reservations={"block": ReservationBinding(id="cr-0123456789abcdef0", zone="us-east-1a")},
    )
    pools = (
        GpuPoolSpec(name="block", accelerator="H100:8", max_nodes=2, capacity=BLOCK),
        GpuPoolSpec(name="trn", accelerator="Trainium1:16", max_nodes=2, fabric=True),
    )
    spec = small_spec("aws", training=TrainingSpec(pools=pools), network=NetworkSpec(nat="none"))
    return layer_context(spec.overlay(targets=(target,)), "aws")


def _wire(layer: LayerContext, request: JobRequest) -> list[dict[str, Any]]:
    return [cast("dict[str, Any]", wire_object(each)) for each in job_objects(layer, request)]


def rendered(cloud: str) -> list[dict[str, Any]]:
    """The objects of a job of every kind on every pool of the small platform that takes it."""
    layer, found = _layer(cloud), list[dict[str, Any]]()
    for nodes in layer.pools:
        for kind in JOB_KINDS:
            request = replace(JOB, kind=kind, pool=nodes.pool.name, nodes=1 if nodes.pool.sharing else 2)
            found += [] if job_problems(layer, request) else _wire(layer, request)
    return found


def _token(body: Mapping[str, Any]) -> str:
    api = body["apiVersion"]
    return f"kubernetes:{api if '/' in api else f'core/{api}'}:{body['kind']}"


def _pod(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The pod of a runtime, a set, a job, or of Ray's workers."""
    match body["kind"]:
        case "ClusterTrainingRuntime":
            jobs = body["spec"]["template"]["spec"]["replicatedJobs"]
            return jobs[0]["template"]["spec"]["template"]
        case "JobSet":
            return body["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]
        case "Job":
            return body["spec"]["template"]
        case _:
            return body["spec"]["rayClusterSpec"]["workerGroupSpecs"][0]["template"]


def _runtimes(layer: LayerContext) -> dict[str, dict[str, Any]]:
    found = [item.body for item in layer_items(layer) if item.role.startswith(("runtime-", "claim-"))]
    return {body["metadata"]["name"]: body for body in (cast("dict[str, Any]", wire_object(each)) for each in found)}  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("kind", JOB_KINDS)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_kind_is_accepted_by_the_tables_on_every_pool(cloud: str, kind: JobKind) -> None:
    layer = _layer(cloud)
    seen = 0
    for nodes in layer.pools:
        request = replace(JOB, kind=kind, pool=nodes.pool.name, nodes=1 if nodes.pool.sharing else 2)
        if problems := job_problems(layer, request):
            # Ray cannot be told the settings of GKE's fabrics; nothing else is refused here
            assert (cloud, kind, nodes.pool.name) == ("gcp", "ray", "big"), problems
            continue
        for body in _wire(layer, request):
            assert not check_kubernetes_object(_token(body), body), body
            assert body["metadata"]["namespace"] == "training"
            seen += 1
        labels = _wire(layer, request)[0]["metadata"]["labels"]
        assert labels["kueue.x-k8s.io/queue-name"] == "default"
        assert labels["kueue.x-k8s.io/max-exec-time-seconds"] == str(168 * 3600)
    assert seen >= 4


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_runtime_is_accepted_and_has_what_its_pool_needs(cloud: str) -> None:
    layer = _layer(cloud)
    runtimes = _runtimes(layer)
    for nodes in layer.pools:
        for framework in ("torch", "tensorflow"):
            body = runtimes[f"{framework}-{nodes.pool.name}"]
            assert not check_kubernetes_object(_token(body), body)
            assert body["metadata"]["labels"]["trainer.kubeflow.org/framework"] == framework
            pod = _pod(body)["spec"]
            container = pod["containers"][0]
            # by these names Trainer finds what it fills in
            assert (container["name"], body["spec"]["template"]["spec"]["replicatedJobs"][0]["name"]) == (
                "node",
                "node",
            )
            assert container["resources"]["limits"]["nvidia.com/gpu"] == str(1 if nodes.pool.sharing else nodes.devices)
            assert pod["nodeSelector"]["mlplatform.dev/pool"] == nodes.pool.name
            assert pod["serviceAccountName"] == "training"
            assert {"name": "shm", "mountPath": "/dev/shm"} in container["volumeMounts"]
            asked = [mount["name"] for mount in container["volumeMounts"]]
            asked += [mount["name"] for each in pod.get("initContainers", ()) for mount in each["volumeMounts"]]
            assert set(asked) == {volume["name"] for volume in pod["volumes"]}
            # requests of what cannot be shared in part equal their limits
            for name, amount in container["resources"]["limits"].items():
                assert container["resources"]["requests"][name] == amount


@pytest.mark.parametrize(
    ("cloud", "expected"),
    [
        ("aws", {"vpc.amazonaws.com/efa": "32", "hugepages-2Mi": "5Gi"}),
        ("azure", {"rdma/ib": "8"}),
    ],
)
def test_a_fabric_is_asked_for_with_the_machines_own_count(cloud: str, expected: Mapping[str, str]) -> None:
    layer = _layer(cloud)
    runtimes = _runtimes(layer)
    nodes = next(each for each in layer.pools if each.pool.name == "big")
    assert nodes.choice.machine.fabric is not None
    fabric = next(name for name in expected if not name.startswith("hugepages"))
    limits = _pod(runtimes["torch-big"])["spec"]["containers"][0]["resources"]["limits"]
    assert {name: limits[name] for name in expected} == {
        **expected,
        fabric: str(nodes.choice.machine.fabric.interfaces),
    }
    assert not set(expected) & set(_pod(runtimes["torch-spot"])["spec"]["containers"][0]["resources"]["limits"])


@pytest.mark.parametrize(
    ("accelerator", "capacity", "wanted"),
    [("H100:8", "on-demand", "interfaces"), ("H200:8", "spot", "claim"), ("B200:8", "spot", "claim")],
)
def test_each_fabric_of_gke_is_wired(accelerator: str, capacity: str, wanted: str) -> None:
    pool = GpuPoolSpec(name="big", accelerator=accelerator, max_nodes=2, fabric=True, capacity=cast("Any", capacity))
    layer = layer_context(small_spec("gcp", training=TrainingSpec(pools=(pool,))), "gcp")
    fabric = layer.pools[0].choice.machine.fabric
    assert fabric is not None
    runtimes = _runtimes(layer)
    pod = _pod(runtimes["torch-big"])
    if wanted == "claim":
        claim = runtimes["fabric-big"]
        assert not check_kubernetes_object(_token(claim), claim)
        exactly = claim["spec"]["spec"]["devices"]["requests"][0]["exactly"]
        assert (exactly["deviceClassName"], exactly["count"]) == ("mrdma.google.com", fabric.interfaces)
        assert pod["spec"]["resourceClaims"][0]["resourceClaimTemplateName"] == "fabric-big"
        assert pod["spec"]["containers"][0]["resources"]["claims"] == [
            {"name": pod["spec"]["resourceClaims"][0]["name"]}
        ]
    else:
        asked = pod["metadata"]["annotations"]["networking.gke.io/interfaces"]
        assert asked.count("interfaceName") == fabric.interfaces + 1
        sidecar = pod["spec"]["initContainers"][0]
        assert sidecar["restartPolicy"] == "Always"
        assert f"devices.gke.io/container.{sidecar['name']}" in pod["metadata"]["annotations"]
    command = _wire(layer, replace(JOB, nodes=2))[0]["spec"]["trainer"]["command"]
    if fabric.kind in ("roce", "tcpxo"):
        assert (command[:2], command[-2:]) == (["bash", "-c"], ["torchrun", "train.py"])


@pytest.mark.parametrize(("cloud", "seconds"), [("aws", 110), ("gcp", 15), ("azure", 25)])
def test_a_pod_may_save_for_as_long_as_the_clouds_notice_allows(cloud: str, seconds: int) -> None:
    runtimes = _runtimes(_layer(cloud))
    assert _pod(runtimes["torch-spot"])["spec"]["terminationGracePeriodSeconds"] == seconds
    assert _pod(runtimes["torch-big"])["spec"]["terminationGracePeriodSeconds"] == 600


def test_a_budget_holds_nodes_only_where_no_notice_is_short() -> None:
    def kinds(layer: LayerContext, pool: str, nodes: int = 2) -> list[str]:
        return [body["kind"] for body in _wire(layer, replace(JOB, pool=pool, nodes=nodes))]

    assert kinds(_layer("aws"), "big") == ["TrainJob", "PodDisruptionBudget"]
    # it would stop the drain, and with it the signal to save
    assert kinds(_layer("aws"), "spot") == ["TrainJob"]
    assert kinds(_aws_layer(), "block") == ["TrainJob"]
    budget = _wire(_layer("aws"), replace(JOB, nodes=3))[1]["spec"]
    # of pods of jobs Kubernetes counts no maxUnavailable
    assert budget == {"minAvailable": 3, "selector": {"matchLabels": {"jobset.sigs.k8s.io/jobset-name": "llm"}}}


def test_interruptions_restart_the_whole_gang_and_are_not_counted() -> None:
    spec = _wire(_layer("gcp"), replace(JOB, kind="jobset", nodes=2))[0]["spec"]
    policy, job = spec["failurePolicy"], spec["replicatedJobs"][0]["template"]["spec"]
    assert (policy["maxRestarts"], policy["restartStrategy"]) == (3, "BlockingRecreate")
    assert policy["rules"][0]["action"] == "RestartJobSetAndIgnoreMaxRestarts"
    rule = job["podFailurePolicy"]["rules"][0]
    assert (rule["action"], rule["onPodConditions"]) == ("FailJob", [{"type": "DisruptionTarget"}])
    assert (job["backoffLimit"], job["podReplacementPolicy"], job["completions"]) == (0, "Failed", 2)


def test_a_job_on_part_of_a_node_asks_for_that_part() -> None:
    trainer = _wire(_layer("aws"), replace(JOB, pool="spot", devices=2))[0]["spec"]["trainer"]
    assert trainer["numProcPerNode"] == 2
    own = trainer["resourcesPerNode"]
    assert own["limits"] == {"nvidia.com/gpu": "2"}
    whole = _pod(_runtimes(_layer("aws"))["torch-spot"])["spec"]["containers"][0]["resources"]["requests"]
    assert int(own["requests"]["cpu"][:-1]) * 4 == pytest.approx(int(whole["cpu"][:-1]), abs=4)


def test_a_sweep_runs_its_trials_a_few_at_a_time() -> None:
    spec = _wire(_layer("azure"), replace(JOB, kind="sweep", pool="shared", nodes=3, trials=12))[0]["spec"]
    assert (spec["completions"], spec["parallelism"], spec["completionMode"]) == (12, 3, "Indexed")
    assert spec["podFailurePolicy"]["rules"][0]["action"] == "Ignore"


def test_the_head_of_ray_needs_no_gpu() -> None:
    cluster = _wire(_layer("aws"), replace(JOB, kind="ray", nodes=2))[0]["spec"]["rayClusterSpec"]
    head = cluster["headGroupSpec"]["template"]["spec"]
    assert "nodeSelector" not in head
    assert "nvidia.com/gpu" not in str(head)
    assert cluster["workerGroupSpecs"][0]["replicas"] == 2


def test_pods_on_aks_get_a_token_of_the_identity() -> None:
    for kind in ("jobset", "sweep", "ray"):
        pod = _pod(_wire(_layer("azure"), replace(JOB, kind=kind))[0])
        assert pod["metadata"]["labels"]["azure.workload.identity/use"] == "true"


REFUSED: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("pool-unknown", {"pool": "bigg"}, "--pool", "use big"),
    ("too-many-nodes", {"nodes": 5}, "--nodes", "lower it to 4"),
    ("no-nodes", {"nodes": 0}, "--nodes", "raise it"),
    ("more-devices-than-a-node", {"pool": "spot", "devices": 9}, "--devices", "raise --nodes"),
    ("part-of-a-fabric-node", {"devices": 4}, "--devices", "choose a pool without fabric"),
    ("fabric-without-fabric", {"pool": "spot", "fabric": True}, "--fabric", "use --pool big"),
    ("time-slices-of-two-nodes", {"pool": "shared", "nodes": 2}, "--nodes", "--kind sweep"),
    ("two-slices", {"pool": "shared", "devices": 2}, "--devices", "leave it out"),
    ("two-instances", {"pool": "parts", "devices": 2}, "--devices", "leave it out"),
    ("name-with-dots", {"name": "llm.v1"}, "NAME", "rename"),
    ("name-with-a-digit-first", {"name": "1llm"}, "NAME", "rename"),
    ("name-too-long", {"name": "l" * 41}, "NAME", "rename"),
    ("no-tag", {"image": "acme.example/train"}, "--image", "write the version"),
    ("latest", {"image": "acme.example/train:latest"}, "--image", "write the version"),
    ("no-image", {"image": "ACME train"}, "--image", "write the address"),
    ("image-for-amd", {"image": "docker.io/rocm/pytorch:rocm7.0"}, "--image", "build it for this accelerator"),
    ("image-for-neuron", {"image": "public.ecr.aws/neuron/pytorch:2.9"}, "--image", "build it for this accelerator"),
    ("image-for-cpus", {"image": "acme.example/train:1.4-cpu"}, "--image", "use the build for this accelerator"),
    ("hours", {"max_hours": 0}, "--max-hours", "choose a number"),
    ("too-many-hours", {"max_hours": 5000}, "--max-hours", "choose a number"),
    ("trials-of-one-program", {"trials": 4}, "--trials", "--kind sweep"),
    ("no-command", {"command": ()}, "COMMAND", "train.py"),
    ("a-line-in-one-word", {"command": ("python t.py", "--fast")}, "COMMAND", "write `-- python t.py --fast`"),
    ("no-program", {"command": ("", "t.py")}, "COMMAND", "name the program first"),
)


@pytest.mark.parametrize(("change", "where", "fix"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_job_that_could_not_run_is_refused(cloud: str, change: dict[str, Any], where: str, fix: str) -> None:
    assert not job_problems(_layer(cloud), JOB)
    (problem,) = job_problems(_layer(cloud), replace(JOB, **change))
    assert problem.where == where
    assert fix in problem.fix
    assert problem.got
    assert problem.expected


def test_an_engine_that_the_layer_lacks_is_refused() -> None:
    layer = layer_context(small_spec("aws", cluster=ClusterSpec(engines=())), "aws")
    for kind, refused in (("torch", True), ("tensorflow", True), ("ray", True), ("sweep", False), ("jobset", False)):
        assert bool(job_problems(layer, replace(JOB, kind=cast("JobKind", kind)))) is refused


def test_an_image_that_a_private_network_does_not_reach_is_refused() -> None:
    layer = _aws_layer()
    for image in ("acme.example/train:1", "pytorch/pytorch:2.0.0-runtime"):
        (problem,) = job_problems(layer, replace(JOB, pool="block", image=image, max_hours=40))
        assert problem.where == "--image"
        assert "123456789012.dkr.ecr.us-east-1.amazonaws.com" in problem.expected


def test_a_job_starts_on_a_capacity_block_only_while_its_nodes_are_there() -> None:
    layer = _aws_layer()
    made: dict[str, Any] = {
        item.role: wire_object(item.body) for item in layer_items(layer) if isinstance(item.body, KubeObject)
    }
    flavors = [role for role in made if role.startswith("flavor-")]
    assert [role for role in flavors if "topologyName" in made[role]["spec"]] == ["flavor-block"]
    assert made["topology-nodes"]["spec"] == {"levels": [{"nodeLabel": "kubernetes.io/hostname"}]}
    for pool, asks in (("block", True), ("trn", False)):
        text = str(wire_object(job_objects(layer, replace(JOB, pool=pool, kind="jobset", max_hours=2))[0]))
        assert ("'kueue.x-k8s.io/podset-unconstrained-topology': 'true'" in text) is asks
    assert "topology-nodes" not in {item.role for item in layer_items(_layer("aws"))}


def test_a_job_longer_than_its_capacity_block_is_refused() -> None:
    own = "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme/training:1"
    (problem,) = job_problems(_aws_layer(), replace(JOB, pool="block", image=own))
    assert problem.where == "--max-hours"
    assert "--max-hours 47" in problem.fix
    assert not job_problems(_aws_layer(), replace(JOB, pool="block", image=own, max_hours=47))


@cache
def _teams_layer() -> LayerContext:
    teams = (
        TeamSpec("fraud", quota={"big": 8, "shared": 2}, borrow={"big": 8}),
        TeamSpec("vision", quota={"big": 16}, lend={"big": 4}),
    )
    return layer_context(small_spec("aws", cluster=ClusterSpec(teams=teams)), "aws")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        # 8 of its own and 8 borrowed, of 12 that others lend
        ({"team": "fraud", "nodes": 2}, None),
        ({"team": "fraud", "nodes": 3}, "--nodes"),
        # 16 of its own, 8 of fraud and 8 of nobody
        ({"team": "vision", "nodes": 4}, None),
        # 8 of nobody, 8 of fraud and 4 of vision
        ({"nodes": 2}, None),
        ({"nodes": 3}, "--nodes"),
        ({"team": "frauds"}, "--team"),
        ({"team": "vision", "pool": "shared"}, "--team"),
    ],
)
def test_a_teams_job_fits_into_its_queue(change: dict[str, Any], where: str | None) -> None:
    assert [problem.where for problem in job_problems(_teams_layer(), replace(JOB, **change))] == (
        [where] if where else []
    )


def test_a_teams_job_has_its_namespace_and_folder() -> None:
    job = _wire(_teams_layer(), replace(JOB, team="fraud"))[0]
    assert job["metadata"]["namespace"] == "team-fraud"
    folder = next(each["value"] for each in job["spec"]["trainer"]["env"] if each["name"] == "CHECKPOINT_DIR")
    assert folder.endswith("/checkpoints/team-fraud/llm")


def test_a_team_has_the_claims_of_its_pools() -> None:
    pools = (GpuPoolSpec(name="big", accelerator="H200:8", max_nodes=2, fabric=True, capacity="spot"),)
    cluster = ClusterSpec(teams=(TeamSpec("fraud", quota={"big": 8}),))
    layer = layer_context(small_spec("gcp", training=TrainingSpec(pools=pools), cluster=cluster), "gcp")
    roles = {item.role for item in layer_items(layer)}
    assert {"claim-training-big", "claim-team-fraud-big"} <= roles


def test_claimed_interfaces_are_in_the_queues_that_share_them() -> None:
    pools = (
        GpuPoolSpec(name="big", accelerator="H200:8", max_nodes=4, fabric=True, capacity="spot"),
        GpuPoolSpec(name="small", accelerator="T4:1", max_nodes=2),
    )
    cluster = ClusterSpec(teams=(TeamSpec("fraud", quota={"big": 8, "small": 1}, borrow={"big": 16}),))
    layer = layer_context(small_spec("gcp", training=TrainingSpec(pools=pools), cluster=cluster), "gcp")
    items = {item.role: item.body for item in layer_items(layer)}
    queue = cast("dict[str, Any]", wire_object(cast("KubeObject", items["queue-team-fraud"])))
    (group,) = queue["spec"]["resourceGroups"]
    assert not check_kubernetes_object(_token(queue), queue)
    assert group["coveredResources"] == ["nvidia.com/gpu", "mlplatform.dev/fabric"]
    quotas = {flavor["name"].partition("-")[0]: flavor["resources"][1] for flavor in group["flavors"]}
    assert quotas["big"] == {"name": "mlplatform.dev/fabric", "nominalQuota": "8", "borrowingLimit": "16"}
    assert quotas["small"] == {"name": "mlplatform.dev/fabric", "nominalQuota": "0"}
    # without a name for the class Kueue never admits the claim
    assert "mrdma.google.com" in str(items["release-kueue"])
    assert "mrdma.google.com" not in str(layer_items(_layer("gcp")))


def test_the_command_tells_all_problems_at_once_and_exits_with_two() -> None:
    spec = str(ROOT / "stacks" / "prod.py")
    words = [
        "render",
        "job",
        "Llm",
        spec,
        "--target",
        "aws",
        "--pool",
        "pretrain",
        "--nodes",
        "99",
        "--image",
        "a:latest",
    ]
    refused = CliRunner().invoke(cli, [*words, "--", "torchrun", "train.py"])
    assert refused.exit_code == 2
    assert [line.partition(":")[0] for line in refused.stderr.splitlines()] == ["NAME", "--image", "--nodes"]
