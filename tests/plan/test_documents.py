"""The readers of documents take whatever a real preview holds, and say what they cannot read."""

from __future__ import annotations

import json

import pytest

from mlplatform.plan.documents import TEMPLATE, UnknownInput, document_in, is_known, template_resources
from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, UNKNOWN, Step

SECRET = {SIGNATURE: SECRET_SIGNATURE}
SCORER = {"type": "Microsoft.MachineLearningServices/workspaces", "name": "scorer"}


def deployment(template: object) -> Step:
    return Step("create", "urn:pulumi:s::p::t::n", TEMPLATE, "n", True, {"properties": {"template": template}})


TEMPLATES: dict[str, tuple[object, list[str]]] = {
    "a list": ({"resources": [SCORER]}, ["properties.template.resources[0]"]),
    "an object of version 2.0": (
        {"languageVersion": "2.0", "resources": {"scorer": SCORER}},
        ["properties.template.resources.scorer"],
    ),
    "JSON in a text": (json.dumps({"resources": {"scorer": SCORER}}), ["properties.template.resources.scorer"]),
    "a nested deployment": (
        {
            "resources": [
                {
                    "type": "Microsoft.Resources/deployments",
                    "properties": {"template": {"resources": {"inner": SCORER}}},
                }
            ]
        },
        ["properties.template.resources[0]", "properties.template.resources[0].properties.template.resources.inner"],
    ),
    "a child in its parent": (
        {"resources": [{**SCORER, "resources": [SCORER]}]},
        ["properties.template.resources[0]", "properties.template.resources[0].resources[0]"],
    ),
    "nothing": (None, []),
    "another type": ({"resources": 7}, []),
}


@pytest.mark.parametrize("case", TEMPLATES)
def test_resources_of_a_template(case: str):
    template, paths = TEMPLATES[case]
    assert [path for path, _ in template_resources(deployment(template))] == paths


@pytest.mark.parametrize("unread", [UNKNOWN, "[secret]", SECRET, "{not json", '{"a": NaN}'])
def test_what_cannot_be_read_is_said_at_any_depth(unread: object):
    with pytest.raises(UnknownInput):
        document_in(unread, "policy")
    for template in (unread, {"resources": unread}, {"resources": [unread]}, {"resources": {"a": unread}}):
        with pytest.raises(UnknownInput):
            list(template_resources(deployment(template)))


def test_known_means_everything_in_it():
    assert is_known({"a": [1, {"b": "text"}]})
    assert not is_known({"a": [1, {"b": UNKNOWN}]})
    assert not is_known([SECRET])
