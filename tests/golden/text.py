"""Steps of a plan as short text that a person can review, and that changes with everything that is in them.

    eks.NodeGroup acme-ml-pool-vision-group (protect)
      after: acme-ml-cluster-cni
      nodeRoleArn: ?  <- acme-ml-cluster-node-role
      scalingConfig: {desiredSize: 0, maxSize: 8, minSize: 0}
      tags: {<<: tags, capability: training}

A step says its type, its name, its options and its inputs. It does not say what is so for every step or follows from
its place: the heading says the parent, the head of the file the provider and the tags that most resources have. `?` is
a value that only the cloud knows, `<-` names the resources that an input takes it from, and `after` the resources
that a step waits for besides.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mlplatform.plan.model import Plan, Step
from mlplatform.providers.wire import UNKNOWN

Document = dict[str, Any]
WIDTH = 112
PLAIN = re.compile(r"[A-Za-z0-9_/.*@%~$(+](?:(?!: |:$|  | $)[^\t-\r{}\[\],#\"'\\?])*")
"""Texts that need no quotes: in one line, with none of the characters that mean something here."""
MERGE = "<<\0"
"""Stands for the key under which a mapping takes the common tags; no key of a resource has such a name."""
ITEM = "- json"
"""What stands in place of a key where an item of a list is a text that holds a document."""
WORDS = frozenset(("true", "false", "null", "json", "nan", "inf", "infinity"))
MANY = 4
"""A longer list of what a step waits for is said once in a file."""


class Text:
    """The text of some steps of one plan."""

    def __init__(self, plan: Plan, steps: Sequence[Step]) -> None:
        self._plan = plan
        self._labels = _labels(plan)
        self._documents = [step.document() for step in steps]
        self._provider = _most(str(d["newState"]["provider"]) for d in self._documents if "provider" in d["newState"])
        self._tags = _common_tags(d["newState"].get("inputs") for d in self._documents)

    def lines(self) -> Iterator[str]:
        """The head of the file, then every step below its parent."""
        yield f"{self._plan.stack} of {self._plan.project} on {self._plan.cloud}"
        if self._provider:
            yield f"provider: {self._label(self._provider)}"
        if self._tags:
            yield f"tags: {self._flow(self._tags, whole=True)}"
        yield from self.body(self._documents)

    def body(self, documents: Iterable[Document]) -> Iterator[str]:
        """Steps as `pulumi preview --json` writes them, each below its parent."""
        parent: object = None
        lists: dict[tuple[str, ...], str] = {}
        for document in documents:
            below = document["newState"].get("parent")
            if below != parent:
                parent = below
                yield ""
                yield f"== {self._label(str(below)) if below else 'the stack'}"
            yield ""
            yield from self._step(document, lists)

    def _step(self, document: Document, lists: dict[tuple[str, ...], str]) -> Iterator[str]:
        """One step: its first line, then what it waits for, its options and its inputs.

        Args:
            document: the step.
            lists: long lists of what a step waits for, with the first step that has them; this step's is added.
        """
        state: Document = dict(document["newState"])
        urn, token, parent = str(state.pop("urn")), str(state.pop("type")), state.pop("parent", None)
        name = urn.rpartition("::")[2]
        inputs: Mapping[str, object] = state.pop("inputs", {})
        sources: Mapping[str, list[str]] = state.pop("propertyDependencies", {})
        waits: list[str] = state.pop("dependencies", [])
        provider = str(state.pop("provider", ""))
        custom = bool(state.pop("custom"))
        marks = [key for key in ("protect", "retainOnDelete") if state.pop(key, False) is True]
        yield f"{self._type(token)} {_scalar(name)}" + (f" ({', '.join(marks)})" if marks else "")
        rest = {key: value for key, value in document.items() if key not in ("newState", "urn", "provider")}
        for key, expected in (("op", "create"), ("detailedDiff", None)):
            if rest.get(key, "") == expected:
                del rest[key]
        if urn != self._urn(parent, token, name):
            rest["urn"] = urn
        if document["urn"] != urn:
            rest["step urn"] = document["urn"]
        if str(document.get("provider", "")) != provider:
            rest["step provider"] = document.get("provider")
        if custom == token.startswith("mlplatform:"):
            rest["custom"] = custom
        if custom and provider != self._provider:
            rest["provider"] = self._label(provider) if provider else None
        taken = {urn for urns in sources.values() for urn in urns}
        if taken - set(waits) or waits != sorted(waits):
            rest["dependencies"] = waits
        elif after := [self._label(urn) for urn in waits if urn not in taken]:
            first = lists.setdefault(tuple(after), name) if len(after) > MANY else name
            rest["after"] = after if first == name else f"the same as {first}"
        if odd := sorted(set(inputs) ^ set(sources)) if custom else sorted(sources):
            rest["inputs without sources, sources without inputs"] = odd
        for key, value in (*rest.items(), *state.items()):
            yield from self.entry(key, value)
        for key, value in inputs.items():
            names = [self._label(urn) for urn in sources.get(key, ())]
            yield from self.entry(key, value, f"  <- {', '.join(names)}" if names else "")

    def _type(self, token: str) -> str:
        """`s3.Bucket` of `aws:s3/bucket:Bucket`, `Cluster` of `mlplatform:index:Cluster`; others as they are."""
        package, _, rest = token.partition(":")
        module, _, name = rest.rpartition(":")
        folder, slash, file = module.partition("/")
        if package == "mlplatform" and module == "index":
            return name
        if package in ("aws", "gcp") and slash and file == name[:1].lower() + name[1:]:
            return f"{folder}.{name}"
        return f"{module}.{name}" if package == "azure-native" and not slash else token

    def _urn(self, parent: object, token: str, name: str) -> str:
        """The URN of a step with this parent, type and name."""
        above = str(parent).rpartition("::")[0].rpartition("::")[2]
        kinds = token if above in ("", "pulumi:pulumi:Stack") or not parent else f"{above}${token}"
        return f"urn:pulumi:{self._plan.stack}::{self._plan.project}::{kinds}::{name}"

    def _label(self, urn: str) -> str:
        found = self._labels.get(urn.removesuffix(f"::{UNKNOWN}"))
        return found or urn

    def entry(self, key: str, value: object, after: str = "", indent: str = "  ") -> Iterator[str]:
        """One key with its value: on one line where it fits, as a block where not."""
        label = f"{indent}{key if key == ITEM else f'{_scalar(key)}:'}"
        document = _document(value)
        if document is not None:
            label, value = f"{label} json", document
        line = f"{label} {self._flow(value)}{after}"
        if isinstance(value, str) and "\n" in value and _is_block(value):
            yield f"{label} |{'' if value.endswith(chr(10)) else '-'}{after}"
            yield from (f"{indent}  {text}" if text else "" for text in value.removesuffix("\n").split("\n"))
        elif not isinstance(value, dict | list) or not value or len(line) <= WIDTH:
            yield line
        elif isinstance(value, dict):
            yield f"{label}{after}"
            for inner, item in self._items(value):
                yield from self.entry(inner, item, "", f"{indent}  ")
        else:
            yield f"{label}{after}"
            for item in value:
                yield from self._item(item, f"{indent}  ")

    def _item(self, value: object, indent: str) -> Iterator[str]:
        """One item of a list."""
        document = _document(value)
        if document is not None:
            yield from self.entry(ITEM, document, "", indent)
            return
        line = f"{indent}- {self._flow(value)}"
        if not isinstance(value, dict | list) or not value or len(line) <= WIDTH:
            yield line
            return
        if isinstance(value, list):
            yield f"{indent}-"
            for item in value:
                yield from self._item(item, f"{indent}  ")
            return
        for index, (key, item) in enumerate(self._items(value)):
            block = list(self.entry(key, item, "", f"{indent}  "))
            yield (f"{indent}- " if not index else f"{indent}  ") + block[0][len(indent) + 2 :]
            yield from block[1:]

    def _items(self, value: Mapping[str, object], *, whole: bool = False) -> list[tuple[str, object]]:
        """The items of a mapping; the common tags as one of them."""
        if self._tags and not whole and self._tags.items() <= value.items():
            rest = {key: item for key, item in value.items() if key not in self._tags}
            return [(MERGE, "tags"), *rest.items()]
        return list(value.items())

    def _flow(self, value: object, *, whole: bool = False) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{_scalar(k)}: {self._flow(v)}" for k, v in self._items(value, whole=whole)) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self._flow, value)) + "]"
        return _scalar(value)


def _scalar(value: object) -> str:
    """A scalar so that another value, or one of another type, is another text."""
    if value == UNKNOWN:
        return "?"
    if isinstance(value, str):
        plain = PLAIN.fullmatch(value) and value.lower() not in WORDS and not _is_number(value)
        if plain or value == MERGE:
            return value.rstrip("\0")
        return f"'{value}'" if "'" not in value and value.isprintable() else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _document(value: object) -> object:
    """The document that a text of JSON holds, where its usual form is that text; None where not."""
    if not (isinstance(value, str) and value[:1] in ("{", "[") and len(value) > 2):
        return None
    try:
        document = json.loads(value)
    except ValueError:
        return None
    for separators in ((",", ":"), (", ", ": ")):
        if json.dumps(document, sort_keys=True, separators=separators) == value:
            return document
    return None


def _is_block(text: str) -> bool:
    """Whether lines show a text exactly: no other control characters, no blanks at an end of a line or at its end."""
    body = text.removesuffix("\n")
    return not body.endswith("\n") and all(line == line.rstrip() and line.isprintable() for line in body.split("\n"))


def _labels(plan: Plan) -> dict[str, str]:
    """A name for every URN of a plan: the shortest that means no other."""
    names = Counter(step.name for step in plan.steps)
    typed = Counter((step.type, step.name) for step in plan.steps)
    labels: dict[str, str] = {}
    for step in plan.steps:
        if names[step.name] == 1:
            labels[step.urn] = step.name
        elif typed[step.type, step.name] == 1:
            labels[step.urn] = f"{step.type} {step.name}"
    return labels


def _most(values: Iterable[str]) -> str:
    """The most frequent of some texts; an empty one where there is none."""
    return next((value for value, _ in Counter(values).most_common(1)), "")


def _common_tags(inputs: Iterable[object]) -> Mapping[str, object]:
    """The tags or labels that most resources have."""
    counts: Counter[str] = Counter()
    for values in inputs:
        for key, value in values.items() if isinstance(values, dict) else ():
            if isinstance(value, dict) and key.lower().endswith(("tags", "labels")) and len(value) > 2:
                counts[json.dumps(value, sort_keys=True)] += 1
    (best, times), *_ = counts.most_common(1) or [("{}", 0)]
    return json.loads(best) if times > 2 else {}
