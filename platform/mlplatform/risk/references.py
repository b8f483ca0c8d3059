"""References to images and models: where they come from, and whether they can be exchanged."""

from __future__ import annotations

import re

from mlplatform.cluster.images.address import ImageAddress, parse_image

_SHARED = re.compile(
    r"(^|\.)(docker\.io|quay\.io|ghcr\.io|pkg\.dev|gcr\.io|public\.ecr\.aws|mcr\.microsoft\.com|nvcr\.io|registry\.gitlab\.com)$"
)
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
_MODEL = re.compile(
    r"(?P<scheme>s3|gs|https?|abfss?|wasbs?|hf|azureml|oci)://(?P<store>[^/?]+)(?P<path>[^?]*)", re.IGNORECASE
)


def image_reference(text: str) -> ImageAddress | None:
    """Read a reference as an input has it, with or without a scheme and in any case; None where it is none."""
    name, at, digest = _SCHEME.sub("", text.strip()).partition("@")
    folder, slash, last = name.rpartition("/")
    repository, colon, tag = last.partition(":")
    try:
        # names are in lower case, and registries answer in any
        return parse_image(f"{folder}{slash}{repository}".lower() + f"{colon}{tag}{at}{digest.lower()}")
    except ValueError:
        return None


def source_of(image: ImageAddress) -> str:
    """Who owns an image: the registry, with the project or the name below which somebody publishes in a shared one."""
    parts = image.path.split("/")
    if _SHARED.search(image.host) and len(parts) > 1:
        # https://cloud.google.com/artifact-registry/docs/docker/names: PROJECT/REPOSITORY/IMAGE
        depth = 2 if image.host.endswith("pkg.dev") and len(parts) > 2 else 1
        return "/".join((image.host, *parts[:depth]))
    return image.host


def store_of(url: str) -> str:
    """Scheme and store of a model's address: the bucket, the container of an account, or the host; empty for none."""
    found = _MODEL.match(url)
    if found is None:
        return ""
    scheme, store = found["scheme"].lower(), found["store"].lower()
    first = found["path"].strip("/").partition("/")[0]
    if store.endswith((".blob.core.windows.net", ".dfs.core.windows.net", "storage.googleapis.com")) and first:
        return f"{store}/{first}"
    if scheme in ("hf", "azureml") or store == "huggingface.co":
        return f"{scheme}://{store}/{first}" if first else f"{scheme}://{store}"
    return f"{scheme}://{store}" if scheme in ("s3", "gs") else store
