"""A grammar of Jenkins' declarative pipelines, as far as the templates use it.

https://www.jenkins.io/doc/book/pipeline/syntax/ : what may stand in which section, how often, and what excludes what.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

WHEN = {
    "allOf", "anyOf", "beforeAgent", "beforeInput", "beforeOptions", "branch", "buildingTag", "changeRequest",
    "changelog", "changeset", "environment", "equals", "expression", "not", "tag", "triggeredBy",
}  # fmt: skip
POST = {
    "aborted", "always", "changed", "cleanup", "failure", "fixed", "notBuilt", "regression", "success", "unstable",
    "unsuccessful",
}  # fmt: skip
SECTIONS: dict[str, set[str]] = {
    "": {"pipeline"},
    "pipeline": {"agent", "environment", "libraries", "options", "parameters", "post", "stages", "tools", "triggers"},
    "stages": {"stage"},
    "parallel": {"stage"},
    "stage": {
        "agent", "environment", "failFast", "input", "matrix", "options", "parallel", "post", "stages", "steps",
        "tools", "when",
    },
    "agent": {"any", "docker", "dockerfile", "kubernetes", "label", "node", "none"},
    "docker": {"alwaysPull", "args", "customWorkspace", "image", "label", "registryUrl", "reuseNode"},
    "input": {"id", "message", "ok", "parameters", "submitter", "submitterParameter"},
    "triggers": {"cron", "pollSCM", "upstream"},
    "when": WHEN,
    "not": WHEN,
    "anyOf": WHEN,
    "allOf": WHEN,
    "post": POST,
}  # fmt: skip
NEEDED = {"pipeline": ("agent", "stages"), "stages": ("stage",), "input": ("message",), "docker": ("image",)}
ONE_OF = {"steps", "stages", "parallel", "matrix"}

_TOKEN = re.compile(r"//[^\n]*|'(?:\\.|[^'\\\n])*'|[{}\n]|[^{}\n'/]+|/")


@dataclass
class Block:
    """A directive, with what stands in its braces."""

    word: str
    rest: str
    blocks: list[Block] = field(default_factory=list)


def problems(text: str) -> list[str]:
    """Everything that the grammar refuses."""
    root = Block("", "")
    stack, line = [root], ""
    for token in _TOKEN.findall(text):
        if token.startswith("//"):
            continue
        if token in "{}\n":
            word, _, rest = line.strip().partition(" ")
            if word:
                name = word.split("(")[0]
                stack[-1].blocks.append(Block(name, (word + rest).removeprefix(name)))
            elif token == "{":
                return ["a block without a name"]
            if token == "{":
                stack.append(stack[-1].blocks[-1])
            elif token == "}":
                stack.pop()
                if not stack:
                    return ["a closing brace too many"]
            line = ""
        else:
            line += token
    if len(stack) > 1:
        return [f"{stack[-1].word}: a closing brace is missing"]
    found: list[str] = []
    _check(root, found)
    return found


def _check(block: Block, found: list[str]) -> None:
    allowed = SECTIONS.get(block.word)
    if allowed is None:  # steps, options and expressions are calls
        return
    words = Counter(inner.word for inner in block.blocks)
    found += [f"{block.word}: {word} is not allowed" for word in words if word not in allowed]
    found += [f"{block.word}: {word} is missing" for word in NEEDED.get(block.word, ()) if not words[word]]
    if block.word in ("pipeline", "stage"):
        found += [f"{block.word}: {word} stands there {count} times" for word, count in words.items() if count > 1]
    if block.word == "stage":
        if sum(words[word] for word in ONE_OF) != 1:
            found.append(f"stage {block.rest}: one of {', '.join(sorted(ONE_OF))} is needed")
        if words["parallel"] and (words["agent"] or words["tools"]):
            found.append(f"stage {block.rest}: parallel stages bring their own agents")
        if not re.fullmatch(r"\('[^']+'\)", block.rest):
            found.append(f"stage {block.rest}: needs a name")
    for inner in block.blocks:
        _check(inner, found)
