"""`mlplatform releases`: record, store and live traffic, with the answers that the clouds' command lines print."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import pytest

from mlplatform.cluster.serving.live import read_cluster
from mlplatform.post import proposal
from mlplatform.post.http import ApiRefused, ApiResponse
from mlplatform.post.proposal import Proposal
from mlplatform.promote.carry_out import CommandFailed
from mlplatform.promote.standing import Standing, standings
from mlplatform.promote.taken_back import reverted
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec

from .released import SPEC

BUCKET = "s3://acme-dev-models-123456789012-us-east-1-an/fraud"

Answers = Mapping[str, object]
"""What a command prints, by words that it has; None where it fails."""


def says(answers: Answers, files: str = "m.bin") -> Callable[[Sequence[str]], str]:
    """Command lines that print what is in a table, and list the files of an artefact."""

    def run(command: Sequence[str]) -> str:
        words = " ".join(command) + " "
        if "s3 ls" in words or "storage ls" in words or "storage blob list" in words:
            return files
        for key, answer in answers.items():
            if key in words:
                if answer is None:
                    raise CommandFailed("not found")
                return json.dumps(answer)
        raise AssertionError(words)

    return run


def _aws(serves: str, *there: str, status: str = "InService") -> Answers:
    """A SageMaker endpoint: what serves, and the models that exist."""
    models = {version: f"acme-dev-scorer-main-{version * 8}" for version in there}
    config = {"ProductionVariants": [{"VariantName": "main", "ModelName": models[serves], "InitialVariantWeight": 1.0}]}
    described = {
        f"describe-model --model-name {name}": {
            "ModelName": name,
            "PrimaryContainer": {
                "ModelDataSource": {"S3DataSource": {"S3Uri": f"{BUCKET}/{version}/", "S3DataType": "S3Prefix"}}
            },
        }
        for version, name in models.items()
    }
    # a model of an endpoint whose name begins alike
    other = "acme-dev-scorer-main-two-88888888"
    return {
        "describe-endpoint-config": config,
        "describe-endpoint ": {"EndpointStatus": status, "EndpointConfigName": "acme-dev-scorer-1"},
        "list-models": {"Models": [{"ModelName": name} for name in (*models.values(), other)]},
        **described,
    }


def gcp_answers(serves: str, newest: str, *, moves: bool = False) -> Answers:
    """A service of Cloud Run in the form that gcloud prints, with its revisions."""
    status = {
        "latestCreatedRevisionName": f"scorer-{newest}",
        "traffic": [{"revisionName": f"scorer-{serves}", "percent": 100}, {"revisionName": "scorer-6", "tag": "old"}],
    }
    revisions = {
        f"revisions describe scorer-{version}": {
            "spec": {
                "volumes": [
                    {
                        "name": "model",
                        "csi": {
                            "driver": "gcsfuse.run.googleapis.com",
                            "volumeAttributes": {"mountOptions": f"implicit-dirs,only-dir=fraud/{version}"},
                        },
                    }
                ]
            }
        }
        for version in {serves, newest}
    }
    runs = [{"name": "e1", "state": "ACTIVE"}] if moves else []
    return {"services describe": {"status": status}, "executions list": runs, **revisions}


def _azure(serves: str, *there: str, release: str = "r8", refused: str = "", state: str = "Succeeded") -> Answers:
    """A managed online endpoint, its deployments and their models."""
    models = {
        f"versions/{version}?": {"properties": {"modelUri": f"azureml://datastores/models/paths/fraud/{version}/"}}
        for version in there
    }
    deployments = [
        {"name": f"main-{version}", "properties": {"model": f"/workspaces/ml/models/scorer-main/versions/{version}"}}
        for version in there
    ]
    tags = {"release": release, **({"taken-back": refused} if refused else {})}
    endpoint = {"tags": tags, "properties": {"provisioningState": state, "traffic": {f"main-{serves}": 100}}}
    return {**models, "/deployments?": {"value": deployments}, "onlineEndpoints": endpoint}


CASES: dict[str, tuple[str, Answers, str, tuple[str, ...]]] = {
    "aws serves": ("aws", _aws("8", "8"), "serves", ("fraud/8",)),
    "aws took it back": ("aws", _aws("7", "7", "8"), "taken back", ("fraud/7",)),
    "aws waits for up": ("aws", _aws("7", "7"), "not deployed", ("fraud/7",)),
    "aws moves": ("aws", _aws("7", "7", "8", status="Updating"), "moving", ("fraud/7",)),
    "aws rolls back": ("aws", _aws("7", "7", "8", status="RollingBack"), "moving", ("fraud/7",)),
    "aws failed": ("aws", _aws("8", "8", status="UpdateRollbackFailed"), "unknown", ()),
    "aws has none": ("aws", {"describe-endpoint ": None}, "unknown", ()),
    "gcp serves": ("gcp", gcp_answers("8", "8"), "serves", ("fraud/8",)),
    "gcp took it back": ("gcp", gcp_answers("7", "8"), "taken back", ("fraud/7",)),
    "gcp waits for up": ("gcp", gcp_answers("7", "7"), "not deployed", ("fraud/7",)),
    "gcp moves": ("gcp", gcp_answers("7", "8", moves=True), "moving", ("fraud/7",)),
    "azure serves": ("azure", _azure("8", "8"), "serves", ("fraud/8",)),
    "azure took it back": ("azure", _azure("7", "7", "8", refused="r8"), "taken back", ("fraud/7",)),
    "azure will move": ("azure", _azure("7", "7", "8", refused="r5"), "moving", ("fraud/7",)),
    "azure keeps a former one": ("azure", _azure("8", "7", "8"), "moving", ("fraud/8",)),
    "azure waits for up": ("azure", _azure("7", "7"), "not deployed", ("fraud/7",)),
}


@pytest.mark.parametrize("case", CASES)
def test_how_a_release_stands(spec: PlatformSpec, case: str) -> None:
    target, answers, word, answering = CASES[case]
    (found,) = standings(spec.on(target), says(answers))
    assert (found.word, found.answers, found.released) == (word, answering, "fraud/8"), found


@pytest.mark.parametrize("target", ["aws", "gcp", "azure"])
def test_what_serves_without_its_files_is_told(spec: PlatformSpec, target: str) -> None:
    answers = {"aws": _aws("8", "8"), "gcp": gcp_answers("8", "8"), "azure": _azure("8", "8")}[target]
    (found,) = standings(spec.on(target), says(answers, files="other.bin"))
    assert (found.word, "no m.bin below" in found.reason) == ("files missing", True)


SLEEPING = SPEC.replace("model: fraud}", "model: fraud, replicas: [0, 2]}")
H100 = 'server: triton, accelerator: ["H100:1"], autoscaling: {metric: gpu, target: 70}'
VERTEX = SPEC.replace("model: fraud}", f"model: fraud, {H100}}}")


def _with(spec: PlatformSpec, text: str, tmp_path_factory: pytest.TempPathFactory) -> PlatformSpec:
    file = tmp_path_factory.mktemp("kind") / "dev.yaml"
    file.write_text(text, encoding="utf-8")
    loaded = load(file).spec
    assert loaded is not None, load(file).problems
    return loaded.with_record(spec.record)


@pytest.mark.parametrize(("serves", "word"), [("8", "serves"), ("7", "taken back")])
def test_an_endpoint_that_sleeps(
    spec: PlatformSpec, tmp_path_factory: pytest.TempPathFactory, serves: str, word: str
) -> None:
    sleeping = _with(spec, SLEEPING, tmp_path_factory)
    models = _aws(serves, "7", "8")
    component = {
        "InferenceComponentStatus": "InService",
        "Specification": {"ModelName": f"acme-dev-scorer-main-{serves * 8}"},
    }
    (found,) = standings(sleeping.on("aws"), says({"describe-inference-component": component, **models}))
    assert found.word == word
    app = {"latestReadyRevisionName": f"r{serves}", "latestRevisionName": "r8", "template": _server("8")}
    revision = {"properties": {"template": _server(serves)}}
    answers = {"/revisions/": revision, "containerApps": {"properties": {"provisioningState": "Succeeded", **app}}}
    (found,) = standings(sleeping.on("azure"), says(answers))
    assert found.word == word


def _server(version: str) -> dict[str, object]:
    return {"containers": [{"name": "server", "env": [{"name": "MODEL_DIR", "value": f"/models/fraud/{version}"}]}]}


@pytest.mark.parametrize(
    ("serves", "verdict", "word"),
    [("8", "", "serves"), ("7", "taken-back", "taken back"), ("7", "failed", "taken back"), ("7", "", "not deployed")],
)
def test_an_endpoint_of_vertex(
    spec: PlatformSpec, tmp_path_factory: pytest.TempPathFactory, serves: str, verdict: str, word: str
) -> None:
    def version(number: str) -> dict[str, object]:
        model: dict[str, object] = {
            "versionId": number,
            "containerSpec": {"env": [{"value": f"gs://acme-dev-models/fraud/{number}"}]},
        }
        return {**model, "labels": {"mlplatform-verdict": verdict}} if verdict and number == "8" else model

    own = "projects/1/locations/us-central1/models/acme-dev-scorer-main"
    answers = {
        "ai endpoints describe": {
            "trafficSplit": {"d1": 100},
            "deployedModels": [{"id": "d1", "model": own, "modelVersionId": serves}, {"id": "d2", "model": own}],
        },
        f"describe acme-dev-scorer-main@{serves}": version(serves),
        "list-version": [version("7"), version("8")],
        "executions list": [],
    }
    (found,) = standings(_with(spec, VERTEX, tmp_path_factory).on("gcp"), says(answers))
    assert found.word == word, found


def _pods(version: str) -> dict[str, object]:
    labels = {"mlplatform.dev/endpoint": "scorer", "mlplatform.dev/variant": "main"}
    copy = {"args": ["copy", f"models:acme/fraud/{version}", "/models"]}
    return {"metadata": {"labels": labels}, "spec": {"initContainers": [copy]}}


def _cluster(stable: str, wanted: str, *, abort: bool = False) -> Answers:
    sets = [
        {
            "kind": "ReplicaSet",
            "metadata": {"labels": {"rollouts-pod-template-hash": f"h{version}"}},
            "spec": {"template": _pods(version)},
        }
        for version in {stable, wanted}
    ]
    status = {"stableRS": f"h{stable}", "currentPodHash": f"h{wanted}", **({"abort": True} if abort else {})}
    return {"kubectl": {"items": [*sets, {"kind": "Rollout", "spec": {"template": _pods(wanted)}, "status": status}]}}


@pytest.mark.parametrize(
    ("answers", "state", "serves", "tried"),
    [
        (_cluster("8", "8"), "steady", "8", None),
        (_cluster("7", "8"), "moving", "7", None),
        (_cluster("7", "8", abort=True), "steady", "7", "8"),
    ],
)
def test_an_endpoint_on_the_cluster(
    spec: PlatformSpec, answers: Answers, state: str, serves: str, tried: str | None
) -> None:
    found = read_cluster(spec.endpoints[0], lambda command: json.loads(says(answers)(command)))
    assert found.state == state
    assert f"fraud/{serves}" in repr(found.serving["main"])
    assert (f"fraud/{tried}" in repr(found.tried["main"])) if tried else not found.tried["main"]


def _back(target: str) -> Standing:
    return Standing(
        target=target, endpoint="scorer", variant="main", released="fraud/8", word="taken back", answers=("fraud/7",)
    )


def test_the_record_returns_to_what_serves(spec: PlatformSpec) -> None:
    change = reverted(spec, [_back("aws")])
    assert change is not None
    versions = {name: change.record.of(name, "scorer")["main"].version for name in ("aws", "gcp", "azure")}
    assert versions == {"aws": "7", "gcp": "8", "azure": "8"}
    assert "`scorer`, `main` on aws: `fraud/8` was taken back, and `fraud/7` answers" in change.body
    assert change.branch.startswith("mlplatform/taken-back-dev-")
    again = reverted(spec, [_back("aws")])
    assert again is not None
    assert again.branch == change.branch, "the same change is proposed once"
    both = reverted(spec, [_back("aws"), _back("gcp")])
    assert both is not None
    assert both.record.of("gcp", "scorer")["main"].version == "7"
    assert reverted(spec, []) is None


def test_a_first_release_has_nothing_to_return_to(spec: PlatformSpec) -> None:
    assert spec.record is not None
    first = spec.record.of("aws", "scorer")["main"].overlay(previous=None)
    alone = spec.with_record(spec.record.overlay(targets={"aws": {"scorer": {"main": first}}}))
    change = reverted(alone, [_back("aws")])
    assert change is not None
    assert not change.reverted
    assert "--back" in {problem.path for problem in change.problems}


class Host:
    """Stands in for the API of GitHub or GitLab."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, object]]] = []
        self.refuses: tuple[str, int] | None = None

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> ApiResponse:
        self.calls.append((method, path, dict(body or {})))
        if self.refuses and path.endswith(self.refuses[0]) and method == "POST":
            raise ApiRefused(self.refuses[1], "A branch already exists")
        answer = {"object": {"sha": "c0"}, "sha": "b0", "html_url": "https://h/1", "web_url": "https://l/1"}
        return ApiResponse(answer, {})


CHANGE = Proposal(branch="mlplatform/x", base="main", path="stacks/models/dev.json", text="{}\n", title="T", body="B")
GITHUB = {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "acme/ml"}
GITLAB = {"GITLAB_TOKEN": "t", "CI_API_V4_URL": "https://gitlab.example/api/v4", "CI_PROJECT_ID": "12"}


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    host = Host()

    def api(*_: object) -> Host:
        return host

    monkeypatch.setattr(proposal, "Api", api)
    return host


def test_a_pull_request_is_a_branch_with_one_commit(host: Host) -> None:
    assert proposal.propose("github", CHANGE, GITHUB) == "https://h/1"
    assert [(method, path) for method, path, _ in host.calls] == [
        ("GET", "/repos/acme/ml/git/ref/heads/main"),
        ("POST", "/repos/acme/ml/git/refs"),
        ("GET", "/repos/acme/ml/contents/stacks/models/dev.json?ref=main"),
        ("PUT", "/repos/acme/ml/contents/stacks/models/dev.json"),
        ("POST", "/repos/acme/ml/pulls"),
    ]
    assert host.calls[1][2] == {"ref": "refs/heads/mlplatform/x", "sha": "c0"}
    assert (host.calls[3][2]["sha"], host.calls[3][2]["branch"]) == ("b0", "mlplatform/x")


def test_a_merge_request_likewise(host: Host) -> None:
    assert proposal.propose("gitlab", CHANGE, GITLAB) == "https://l/1"
    (_, path, commit), (_, request, opened) = host.calls
    assert (path, request) == ("/projects/12/repository/commits", "/projects/12/merge_requests")
    assert commit["start_branch"] == opened["target_branch"] == "main"
    (action,) = cast("list[dict[str, object]]", commit["actions"])
    assert action == {"action": "update", "file_path": "stacks/models/dev.json", "content": "{}\n"}


@pytest.mark.parametrize(
    ("name", "environment", "refuses"),
    [("github", GITHUB, ("/git/refs", 422)), ("gitlab", GITLAB, ("/commits", 400))],
)
def test_what_was_proposed_before_is_not_proposed_again(
    host: Host, name: proposal.Host, environment: dict[str, str], refuses: tuple[str, int]
) -> None:
    host.refuses = refuses
    assert proposal.propose(name, CHANGE, environment) == ""
    assert not [path for _, path, _ in host.calls if path.endswith(("/pulls", "/merge_requests"))]
