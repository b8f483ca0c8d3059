"""Where a candidate comes from: what the training program wrote, what the pipeline knows, and where they differ."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mlplatform.steps.stamp import KnownOfRun, stamp_of, typed_parameters

IMAGE = f"registry.example/train@sha256:{'a' * 64}"
KNOWN = KnownOfRun(pipeline="retrain", definition=f"sha256:{'b' * 64}", image=IMAGE, parameters={"rounds": 10})


def test_a_program_that_says_nothing_has_what_the_pipeline_knows(tmp_path: Path) -> None:
    stamp = stamp_of(tmp_path, KNOWN)
    assert (stamp.commit, stamp.data_version, stamp.image) == (None, None, IMAGE)
    said = stamp.training.model_dump(exclude_unset=True)
    assert said == {"pipeline": "retrain", "definition": KNOWN.definition, "image": IMAGE, "parameters": {"rounds": 10}}


def test_an_image_without_a_digest_is_not_the_one_that_trained(tmp_path: Path) -> None:
    stamp = stamp_of(tmp_path, KnownOfRun(pipeline="retrain", image="train:1", parameters={}))
    assert (stamp.image, stamp.training.image) == ("train:1", None)


def test_both_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrote = {
        "commit": "abc",
        "data_version": "md5:1",
        "parameters": {"rounds": 10, "seed": 7},
        "metrics": {"loss": 1.5},
    }
    (tmp_path / "training.json").write_text(json.dumps(wrote))
    monkeypatch.setenv("MLPLATFORM_COMMIT", "abc")
    stamp = stamp_of(tmp_path, KNOWN)
    assert (stamp.commit, stamp.data_version) == ("abc", "md5:1")
    assert stamp.training.parameters == {"rounds": 10, "seed": 7}
    assert stamp.training.metrics == {"loss": 1.5}


@pytest.mark.parametrize(
    ("wrote", "words"),
    [
        ({"commit": "abc"}, "commit: training.json says abc, MLPLATFORM_COMMIT says def"),
        ({"parameters": {"rounds": 11}}, "training.json says 11, the run was given 10"),
        ({"pipeline": "other"}, "pipeline: training.json says other"),
        ({"definition": f"sha256:{'c' * 64}"}, "definition: training.json says"),
        ({"comand": ["x"]}, "comand"),
        ({"repository": "git+https://u:secret@h/a"}, "without a password"),
        ([], "is no object"),
        ("{", "cannot be read"),
    ],
)
def test_what_contradicts_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrote: object, words: str
) -> None:
    monkeypatch.setenv("MLPLATFORM_COMMIT", "def")
    (tmp_path / "training.json").write_text(wrote if isinstance(wrote, str) else json.dumps(wrote))
    with pytest.raises(ValueError, match=re.escape(words)) as refused:
        stamp_of(tmp_path, KNOWN)
    assert "secret@" not in str(refused.value)


def test_parameters_are_read_as_each_engine_writes_them() -> None:
    given = ["a:integer=10", "b:integer=10.0", "c:float=1e-3", "d:boolean=True", "e:boolean=false", "f:string=x=y:z"]
    assert typed_parameters(given) == {"a": 10, "b": 10, "c": 0.001, "d": True, "e": False, "f": "x=y:z"}
    for wrong in ("a:integer=1.5", "a:integer=inf", "a:boolean=yes", "a=1", "a:number=1", ":integer=1", "a:float=x"):
        with pytest.raises(ValueError, match="--parameter"):
            typed_parameters([wrong])
