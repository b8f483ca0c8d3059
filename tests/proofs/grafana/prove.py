"""What `mlplatform dashboards apply` asks, held against the clients that the owners of the interfaces publish.

Grafana's client is made of the description of its interface: each request of the cases must be the one that it sends,
each field one that it knows, and each answer one that it reads. The commands of AWS' command line are held against
botocore, of whose models it is made; the request for Azure's instance against that of Azure's own package.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from azure.core.pipeline.transport import RequestsTransport
from azure.mgmt.dashboard import DashboardManagementClient
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape
from botocore.validate import ParamValidator

ROOT = Path(__file__).parent.parent.parent.parent
GLOBAL = {"region", "output"}
"""Options that every command of AWS' command line has."""


def ask(exchanges: list[dict[str, Any]]) -> list[str]:
    """What Grafana's client says of each exchange; empty where nothing is wrong."""
    done = subprocess.run(["asked"], input=json.dumps(exchanges), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def planted(exchanges: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Faults that the client must find."""
    saved = next(each for each in exchanges if each["path"] == "/api/dashboards/db")
    read = next(each for each in exchanges if each["path"].startswith("/api/dashboards/uid/"))
    yield "another path", {**saved, "path": "/api/dashboards"}
    yield "another method", {**saved, "method": "PUT"}
    yield "a field that it does not have", {**saved, "body": {**saved["body"], "folder": "x"}}
    yield "a field of another type", {**saved, "body": {**saved["body"], "overwrite": "yes"}}
    yield "an answer that lacks something", {**saved, "answer": {"status": "success"}}
    yield "a status that it does not know", {**read, "status": 418}
    yield "a query", {**read, "path": read["path"] + "?version=1"}


def of_grafana(cloud: str, exchanges: list[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with the exchanges of one cloud."""
    for told, said in zip(exchanges, ask(exchanges), strict=True):
        if said:
            yield f"{cloud} {told['method']} {told['path']} {told['status']}: {said}"
    faults = list(planted(exchanges))
    for (what, _), said in zip(faults, ask([each for _, each in faults]), strict=True):
        if not said:
            yield f"the client does not find {what}"


def of_aws(words: list[str], answer: Any) -> Iterator[str]:  # noqa: ANN401
    """What is wrong with a command of AWS' command line and its answer."""
    _, name, verb, *rest = words
    service = ServiceModel(Loader().load_service_model(name, "service-2"), name)
    known = {xform_name(each, "-"): each for each in service.operation_names}
    if verb not in known:
        yield f"{' '.join(words)}: no such operation"
        return
    operation = service.operation_model(known[verb])
    members = operation.input_shape.members if operation.input_shape else {}
    options = {xform_name(each, "-"): (each, shape) for each, shape in members.items()}
    given: dict[str, Any] = {}
    for option, value in zip(rest[::2], rest[1::2], strict=True):
        key = option.removeprefix("--")
        if key in options:
            member, shape = options[key]
            given[member] = int(value) if shape.type_name in ("integer", "long") else value
            yield from _enums(verb, shape, given[member])
        elif key not in GLOBAL:
            yield f"{verb}: no option {option}"
    for what, shape, value in (
        ("request", operation.input_shape, given),
        ("answer", operation.output_shape, answer),
    ):
        if shape is None:
            continue
        report = ParamValidator().validate(value, shape)
        if report.has_errors():
            yield f"{verb}: {what}: {report.generate_report()}"
        unknown = set(value) - set(shape.members)
        if unknown:
            yield f"{verb}: {what}: no field {sorted(unknown)}"


def _enums(verb: str, shape: Shape, value: Any) -> Iterator[str]:  # noqa: ANN401
    allowed = getattr(shape, "enum", None)
    if allowed and value not in allowed:
        yield f"{verb}: {value} is none of {allowed}"


class _Asked(Exception):
    """What Azure's package would send."""


class _Transport(RequestsTransport):
    def send(self, request: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        raise _Asked(request.method, request.url)


class _Login:
    def get_token(self, *scopes: str, **kwargs: Any) -> Any:  # noqa: ANN401
        from azure.core.credentials import AccessToken

        return AccessToken("x", 4102444800)


def of_azure(words: list[str], answer: Any) -> Iterator[str]:  # noqa: ANN401
    """What is wrong with the request for the instance, and with its answer."""
    if words[:2] != ["az", "rest"]:
        return
    url = words[words.index("--url") + 1]
    parts = url.partition("?")[0].split("/")
    client = DashboardManagementClient(_Login(), parts[parts.index("subscriptions") + 1], transport=_Transport())
    try:
        client.grafana.get(parts[parts.index("resourceGroups") + 1], parts[-1])
    except _Asked as asked:
        method, theirs = asked.args
        if (method.lower(), theirs.lower()) != (words[words.index("--method") + 1], url.lower()):
            yield f"az rest {url}: the package asks {method} {theirs}"
    from azure.mgmt.dashboard.models import ManagedGrafana

    if not ManagedGrafana(answer).properties.endpoint:
        yield "az rest: the package reads no endpoint in the answer"


def main() -> int:
    """Play the cases, and hold them; the exit code is not zero if anything is otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "exchanges.json"
        command = [os.environ["MLPLATFORM_PYTHON"], "-m", "tests.render.exchanges", str(file)]
        subprocess.run(command, cwd=ROOT, check=True)
        played = json.loads(file.read_text(encoding="utf-8"))
    failures: list[str] = []
    kinds: Counter[str] = Counter()
    for cloud, said in played.items():
        kinds[f"requests to Grafana of {cloud}"] = len(said["requests"])
        failures += of_grafana(cloud, said["requests"])
        for each in said["commands"]:
            kinds[f"commands of {cloud}"] += 1
            failures += {"aws": of_aws, "az": of_azure}[each["words"][0]](each["words"], each["answer"])
    print("\n".join(dict.fromkeys(failures)))
    print(", ".join(f"{number} {what}" for what, number in kinds.items()))
    return 1 if failures or len(kinds) != 4 or not all(kinds.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
