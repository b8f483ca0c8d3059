"""The commands that a waiting endpoint tells are typed as they stand there, and release it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.told import filled

from mlplatform import discovery
from mlplatform.components.releases import awaiting_releases
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec

from .conftest import GATED, Promote, Store
from .targets import HEAD, TARGET, TARGETS

KINDS = """\
registry: {repositories: [training, serving], models: [fraud, m, g]}
endpoints:
  - {name: pinned, model: m/7}
  - {name: named, model: m}
  - {name: open}
  - {name: gated, model: fraud}
  - {name: shadowed, model: m/1, shadow: {model: fraud/8, sample_percent: 50}}
  - name: split
    variants: [{name: a, model: m/1, traffic_percent: 60}, {name: b, model: m/2, traffic_percent: 40}]
  - {name: guarded, model: g, secrets: {TOKEN: token}}
"""
OWN = """\
  - {name: ours, server: custom, image: IMAGE}
  - {name: both, server: custom, image: IMAGE, model: m}
  - {name: secretive, server: custom, image: docker.io/acme/scorer:1, secrets: {TOKEN: token}}
"""
WORDS = {
    "MODEL": "any",
    "VERSION": "9",
    "FOLDER": "fraud",
    "NAME": "ana",
    "DIGEST": f"sha256:{'a' * 64}",
}
"""What a person writes for the words in capitals."""


def spec_of(file: Path) -> PlatformSpec:
    loaded = load(file)
    assert loaded.spec is not None, [str(problem) for problem in loaded.problems]
    return loaded.spec


def waiting(spec: PlatformSpec, cloud: str) -> list[tuple[str, str, str]]:
    return [
        (each.endpoint, each.variant, each.command)
        for each in awaiting_releases(spec.on(cloud), discovery.backend(cloud))
    ]


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_each_command_releases_what_waits(
    cloud: str, promote: Promote, store: Store, project: Path, candidate: Callable[..., Path]
) -> None:
    file = project / "stacks/dev.yaml"
    words = {**WORDS, "FILE": str(candidate(sign_off=["domain-expert"]))}
    store.secrets.add("token")
    file.write_text(HEAD + TARGET[cloud] + KINDS, encoding="utf-8")
    own = next(each for each in discovery.backend(cloud).own_images(spec_of(file).on(cloud)) if "serving" in each)
    # one target with images of its own registry, and all of them with a pipeline that gates a model on one
    for text in (HEAD + TARGET[cloud] + KINDS + OWN.replace("IMAGE", f"{own}:1"), TARGETS + KINDS + GATED):
        file.write_text(text, encoding="utf-8")
        told = waiting(spec_of(file), cloud)
        assert len(told) == text.count("{name: ") + text.count("shadow: {")
        for endpoint, variant, command in told:
            assert ("--candidate" in command) == (text.endswith(GATED) and endpoint == "gated")
            code, said = promote(*shlex.split(filled(command, words))[2:])
            assert code == 0, f"{command}\n{said}"
            assert (endpoint, variant) not in {(name, which) for name, which, _ in waiting(spec_of(file), cloud)}
        assert not waiting(spec_of(file), cloud)
        (project / "stacks/models/dev.json").unlink()
