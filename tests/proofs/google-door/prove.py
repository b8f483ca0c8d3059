"""What door and steps send and are answered on GCP, held against what Google publishes of its services.

The cases are played by this project's own Python, which writes down every request and answer. Each must be of a method
of the description, with its parameters and its body; the answers of the services in memory too, so that the cases prove
something.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

import yaml
from googleapiclient import discovery_cache

ROOT = Path(__file__).parent.parent.parent.parent
EXAMPLE = ROOT / "examples" / "pipelines" / "fraud.yaml"
NAME = "fraud-retrain"
Part: TypeAlias = Any
"""Any value of JSON."""


def described(service: str, version: str) -> Part:
    """A description."""
    folder = Path(discovery_cache.__file__).parent / "documents"
    return json.loads((folder / f"{service}.{version}.json").read_text("utf-8"))


SERVICES = {
    "pubsub.googleapis.com": described("pubsub", "v1"),
    "storage.googleapis.com": described("storage", "v1"),
    "aiplatform.googleapis.com": described("aiplatform", "v1"),
}


def methods(part: Part) -> Iterator[Part]:
    """Every method of a description."""
    yield from part.get("methods", {}).values()
    for each in part.get("resources", {}).values():
        yield from methods(each)


def method_of(service: Part, verb: str, path: str) -> Part | None:
    """The method that a request is of; an upload's has a path of its own."""
    for method in methods(service):
        uploads = method.get("mediaUpload", {}).get("protocols", {}).values()
        paths = ["/" + service["servicePath"] + method["path"], *(each["path"] for each in uploads)]
        if "flatPath" in method:
            paths[0] = "/" + service["servicePath"] + method["flatPath"]
        if method["httpMethod"] == verb and any(re.fullmatch(_flat(each), path) for each in paths):
            return method
    return None


def _flat(path: str) -> str:
    """Variables of a flat path are one part of it."""
    return "".join(
        "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\+?\w+\})", path) if part
    )


def outside(service: Part, schema: Part, value: Part, at: str) -> Iterator[str]:
    """What a description does not have."""
    if "$ref" in schema:
        schema = service["schemas"][schema["$ref"]]
    kind = schema.get("type", "any")
    match kind, value:
        case "object", dict():
            known, other = schema.get("properties"), schema.get("additionalProperties")
            for key, each in value.items():
                if known and key in known:
                    yield from outside(service, known[key], each, f"{at}.{key}")
                elif other is not None:
                    yield from outside(service, other, each, f"{at}.{key}")
                elif known is not None:
                    yield f"{at}.{key}: not in the description"
        case "array", list():
            for index, each in enumerate(value):
                yield from outside(service, schema["items"], each, f"{at}[{index}]")
        case "string", str():
            if "enum" in schema and value not in schema["enum"]:
                yield f"{at}: {value} is none of {schema['enum']}"
            if schema.get("format") == "byte":
                base64.b64decode(value, validate=True)
            if schema.get("format") == "google-datetime" and not re.fullmatch(
                r"\d{4}(-\d\d){2}T(\d\d:){2}\d\d(\.\d+)?Z", value
            ):
                yield f"{at}: {value} is no time"
        case ("integer", int()) | ("number", int() | float()) | ("boolean", bool()) | ("any", _):
            pass
        case _:
            yield f"{at}: {kind}, got {value!r}"[:200]


def problems(verb: str, url: str, body: Part, status: int, answer: Part) -> Iterator[str]:
    """What is wrong with a request, or with the answer that it got."""
    parts = urlsplit(url)
    host = re.sub(r"^[a-z]+-[a-z]+\d-aiplatform", "aiplatform", parts.netloc)
    service = SERVICES[host]
    method = method_of(service, verb, parts.path)
    if method is None:
        yield f"{verb} {parts.path}: no method"
        return
    where = method["id"]
    known = {**service["parameters"], **method.get("parameters", {})}
    for name, values in parse_qs(parts.query).items():
        if name not in known and name != "uploadType":
            yield f"{where}: no parameter {name}"
        elif name in known and known[name]["type"] == "integer" and not values[0].isdigit():
            yield f"{where}: {name} is no number"
    upload = "uploadType" in parse_qs(parts.query)
    if isinstance(body, dict) and not upload:
        yield from outside(service, method.get("request", {"type": "any"}), body, where)
    if status == 200 and isinstance(answer, dict) and "alt=media" not in parts.query:
        yield from outside(service, method.get("response", {"type": "any"}), answer, f"answer of {where}")


def example() -> Part:
    """The run of the example, as the command writes it."""
    spec = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    spec["targets"] = [
        {"cloud": "gcp", "project": "acme-ml-dev", "project_number": "123456789012", "region": "us-central1"}
    ]
    image = "us-central1-docker.pkg.dev/acme-ml-dev/acme-ml-dev-training/fraud:7"
    spec["pipelines"][0] |= {"image": image, "programs_image": image}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "platform.yaml"
        file.write_text(yaml.safe_dump(spec), encoding="utf-8")
        run(["-m", "mlplatform", "render", "pipeline", NAME, str(file), "--out", folder])
        return json.loads((Path(folder) / f"{NAME}.run.json").read_text("utf-8"))


def run(arguments: list[str]) -> str:
    """This project's own Python."""
    done = subprocess.run([os.environ["MLPLATFORM_PYTHON"], *arguments], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def main() -> int:
    """Prove it."""
    talk = [json.loads(line) for line in run(["-m", "tests.steps.door.gcp_talk"]).splitlines()]
    talk += [json.loads(line) for line in run(["-m", "tests.steps.vertex_talk"]).splitlines()]
    jobs = "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/pipelineJobs"
    talk.append(["POST", f"{jobs}?pipelineJobId=x", example(), 200, {}])
    found = sorted({each for one in talk for each in problems(*one)})
    planted = [
        ["POST", f"{jobs}?pipelineJobid=x", {}, 200, {}],
        ["POST", f"{jobs}?pipelineJobId=x", {"service_account": "x"}, 200, {}],
        ["GET", jobs, None, 200, {"pipelineJobs": [{"state": "RUNNING"}]}],
        ["PATCH", jobs, None, 200, {}],
        [
            "POST",
            jobs.replace("pipelineJobs", "customJobs"),
            {"jobSpec": {"scheduling": {"strategy": "CHEAP"}}},
            200,
            {},
        ],
    ]
    missed = [one for one in planted if not list(problems(*one))]
    if found or missed:
        raise SystemExit("\n".join([*found, *(f"not found: {one}" for one in missed)]))
    seen = {method["id"] for one in talk if (method := _method(one)) is not None}
    revisions = ", ".join(f"{each['name']} {each['revision']}" for each in SERVICES.values())
    print(f"{len(talk)} requests and answers of {len(seen)} methods: {', '.join(sorted(seen))} ({revisions})")
    return 0


def _method(one: Part) -> Part | None:
    parts = urlsplit(one[1])
    host = re.sub(r"^[a-z]+-[a-z]+\d-aiplatform", "aiplatform", parts.netloc)
    return method_of(SERVICES[host], one[0], parts.path)


if __name__ == "__main__":
    sys.exit(main())
