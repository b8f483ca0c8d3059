"""What is wrong with a request to release a model version, and the targets and variants that it means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mlplatform.components.backend import Backend
from mlplatform.components.releases import own_image
from mlplatform.promote.request import PromotionRequest
from mlplatform.spec.command_words import NO_PROGRAM, is_program, meant_words
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_names import split_model
from mlplatform.spec.moving_names import EXPECTED_VERSION, moves
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.variants import ShadowSpec, VariantSpec

_PART = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._/-]*/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")


def request_problems(spec: PlatformSpec, request: PromotionRequest) -> Iterator[Problem]:
    if not (request.approver or "").strip():
        yield Problem("--by", "nothing", "the name of the person who releases it", "add --by NAME")
    if request.variant and request.shadow:
        yield Problem("--shadow", f"--variant {request.variant} too", "one of the two", "leave one out")
    for name in request.targets:
        if name not in {target.name for target in spec.targets}:
            known = ", ".join(target.name for target in spec.targets)
            yield Problem("--target", name, f"one of the spec's targets: {known}", "use one of these names")
    if request.endpoint not in {endpoint.name for endpoint in spec.endpoints}:
        known = ", ".join(endpoint.name for endpoint in spec.endpoints) or "none"
        yield Problem("--endpoint", request.endpoint, f"one of the spec's endpoints: {known}", "use one of these names")
    if request.back:
        given = [name for name in ("model", "artifact", "image", "image_digest") if getattr(request, name)]
        if given:
            named = ", ".join(given)
            yield Problem("--back", f"{named} too", "nothing else: the record has the former release", f"omit {named}")
        return
    if request.model is not None and not _PART.match(request.model):
        yield Problem("MODEL/VERSION", request.model, "a model and its version", _with_version(request.model))
    elif request.model is not None and moves(split_model(request.model)[1] or ""):
        name = split_model(request.model)[0]
        yield Problem(
            "MODEL/VERSION", f"'{request.model}'", EXPECTED_VERSION, f"give it a version of its own, such as {name}/7"
        )
    if request.candidate is None:
        yield from _origin_problems(request)
    if request.artifact and not request.artifact.exists():
        yield Problem("--artifact", str(request.artifact), "a file or folder that exists", "check the path")
    elif request.artifact and request.artifact.is_dir() and not any(p.is_file() for p in request.artifact.rglob("*")):
        yield Problem("--artifact", f"{request.artifact}, which has no files", "the model's files", "check the path")
    if request.model and not request.artifact and not request.digests and not request.source:
        yield Problem(
            "--artifact",
            "nothing",
            "the model's files, of which the record keeps the digests",
            "add --artifact PATH, or --from TARGET where another target has them; if they are in the store already, "
            "add --check too, or --check --digests FILE with the output of sha256sum",
        )
    if request.digests and not request.check and not request.source:
        yield Problem("--digests", "no --check", "--check: without it the files are copied", "add --check")


def _origin_problems(request: PromotionRequest) -> Iterator[Problem]:
    """What a person says of the training, and what nobody could train again from."""
    for option, said, example in (
        ("--commit", request.commit, "the commit, as `git rev-parse HEAD` prints it"),
        ("--data-version", request.data_version, "what the data's own tool calls this state of it, or its day"),
    ):
        if said and moves(said.strip()):
            yield Problem(option, f"'{said}'", "a name that stays what it is: the record is kept", f"write {example}")
    command = request.training.command if request.training else ()
    if command and not is_program(command[0]):
        meant = meant_words(command)
        yield Problem(
            "--training: command",
            repr(command[0][:80]),
            NO_PROGRAM,
            f"write {json.dumps(meant)}" if meant else "name the program first",
        )


def chosen_variants(
    spec: PlatformSpec, request: PromotionRequest
) -> tuple[list[tuple[PlatformSpec, EndpointSpec, VariantSpec | ShadowSpec]], list[Problem]]:
    """The targets of a request with their specs, endpoints and variants."""
    chosen: list[tuple[PlatformSpec, EndpointSpec, VariantSpec | ShadowSpec]] = []
    problems: list[Problem] = []
    for target in spec.targets:
        if request.targets and target.name not in request.targets:
            continue
        narrowed = spec.on(target.name)
        endpoint = next((each for each in narrowed.endpoints if each.name == request.endpoint), None)
        if endpoint is None:
            if request.targets and request.endpoint in {each.name for each in spec.endpoints}:
                got = f"{target.name}, which leaves '{request.endpoint}' out"
                problems.append(Problem("--target", got, "a target with the endpoint", "leave this target out"))
            continue
        variant = _variant(endpoint, request)
        if isinstance(variant, Problem):
            problems.append(variant)
        else:
            chosen.append((narrowed, endpoint, variant))
    return chosen, problems


def _variant(endpoint: EndpointSpec, request: PromotionRequest) -> VariantSpec | ShadowSpec | Problem:
    variants = endpoint.all_variants()
    names = ", ".join(variant.name for variant in variants)
    if request.shadow:
        if endpoint.shadow is None:
            return Problem("--shadow", f"{endpoint.name}, which has none", "an endpoint with a shadow", "omit --shadow")
        return endpoint.shadow
    if request.variant is None:
        if len(variants) == 1:
            return variants[0]
        return Problem("--variant", "nothing", f"one of the endpoint's variants: {names}", "add --variant NAME")
    for variant in variants:
        if variant.name == request.variant:
            return variant
    if endpoint.shadow and endpoint.shadow.name == request.variant:
        return endpoint.shadow
    return Problem("--variant", request.variant, f"one of the endpoint's variants: {names}", "use one of these names")


def model_problems(
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    variant: VariantSpec | ShadowSpec,
    request: PromotionRequest,
    backend: Backend,
) -> Iterator[Problem]:
    """What is wrong with the model or image of a new release."""
    where = f"variant '{variant.name}' of {endpoint.name}"
    if request.model is None:
        if variant.model or endpoint.server != "custom":
            named = variant.model or "any model"
            yield Problem("MODEL/VERSION", "nothing", f"{where} serves {named}", "name the model and its version")
    elif variant.model:
        name, version = split_model(variant.model)
        given, wanted = split_model(request.model)
        if given != name:
            yield Problem(
                "MODEL/VERSION",
                request.model,
                f"a version of {name}: that is the model of {where}",
                f"write {name}/VERSION, or name {given} in the spec first",
            )
        elif version and wanted != version:
            yield Problem(
                "MODEL/VERSION",
                request.model,
                f"{variant.model}, which the spec pins for {where}",
                f"write {request.model} in the spec first, or {name} alone: then the record decides the version",
            )
    own = request.image or own_image(spec, endpoint, variant, backend)
    if own and not request.image_digest and not (variant.image or endpoint.image or "").partition("@")[2]:
        yield Problem(
            "--image-digest",
            "nothing",
            f"the digest of {own}, so that what runs is what was tested",
            "add --image-digest sha256:…, as the push printed it",
        )
    if request.image_digest and not re.fullmatch(r"sha256:[0-9a-f]{64}", request.image_digest):
        yield Problem("--image-digest", request.image_digest[:80], "sha256: and 64 digits", "copy it from the push")
    if request.image and not re.fullmatch(r"[a-z0-9][a-z0-9._:/-]*[a-z0-9]", request.image):
        yield Problem(
            "--image", request.image[:80], "an image without tag and digest", "put the digest in --image-digest"
        )
    if request.model and not backend.models_uri(spec):
        yield Problem(
            "--target", spec.targets[0].name, f"a store that {backend.title} can name", "write the record by hand"
        )


def _with_version(written: str) -> str:
    from mlplatform.reading.refusals.instead import reference_instead

    meant = reference_instead(written)
    name = written if re.fullmatch(r"[a-z]([-a-z0-9]{0,30}[a-z0-9])?", written) else "fraud"
    return f"write {meant}" if meant and "/" in meant else f"write for example {name}/7"
