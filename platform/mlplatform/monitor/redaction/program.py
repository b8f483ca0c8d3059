"""`mlplatform-redact SOURCE TARGET`: moves captured files of the platform's router, without what the rules name.

It stands beside the router, between the memory that the router writes to and what moves files into the store. The
variable MLPLATFORM_REDACTION has the rules. What cannot be redacted is not handed on: of such an exchange stay the
headers that say which it was, so that whoever reads captures can tell how many are missing.

Exit codes: 0, it was told to end; 2, the rules or the folders are missing or wrong.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import cast

from pydantic import ValidationError

from mlplatform.monitor.capture import WITHHELD_MARK
from mlplatform.monitor.redaction.bodies import Redactor, Side, Withheld
from mlplatform.spec.redaction_job import RedactionJob

RULES = "MLPLATFORM_REDACTION"
"""Variable with the rules, JSON."""

KEPT_HEADERS = frozenset({":status", "x-request-id", "x-inference-id", "x-mlplatform-variant", "date", "content-type"})
"""What is kept of headers. Cookies, keys and the addresses of callers are among the others, and names of people in
paths."""

LEAST_AGE = 5
"""Seconds after which the router has written a file to its end."""

MOST_SECONDS = 10
"""Seconds for one file: an expression of the rules can take hours for some texts."""

PAUSE, TOLD_EVERY = 2, 60

_BAD = 2
_SIDES: Sequence[tuple[str, Side]] = (("request", "request"), ("response", "answer"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Move files until the process is told to end."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments, os.environ))


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Move files until the process is told to end.

    Args:
        arguments: the two folders.
        environment: of the process, with the rules.

    Returns:
        The exit code.
    """
    try:
        source, target = (Path(each) for each in arguments)
    except ValueError:
        return _refuse(f"expected two folders, got {len(arguments)}: mlplatform-redact SOURCE TARGET")
    for folder in (source, target):
        if not folder.is_dir():
            return _refuse(f"{folder}: expected a folder")
    text = environment.get(RULES, "").strip()
    if not text:
        return _refuse(f"{RULES} is not set: expected the rules")
    try:
        job = RedactionJob.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        return _refuse(f"{RULES}: {'.'.join(map(str, first['loc'])) or 'the document'}: {first['msg']}")
    ends: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ends.append(number))
    mover = FileMover(Redactor(job), source, target)
    told = time.monotonic()
    while not ends:
        mover.move(time.time() - LEAST_AGE)
        if time.monotonic() - told >= TOLD_EVERY:
            mover.tell()
            told = time.monotonic()
        time.sleep(PAUSE)
    # the router has ended: all its files are whole
    mover.move(float("inf"))
    mover.tell()
    return 0


class FileMover:
    """Moves files without what the rules name.

    Args:
        redactor: the rules.
        source: folder that the router writes to.
        target: folder that files are moved from into the store.
    """

    def __init__(self, redactor: Redactor, source: Path, target: Path) -> None:
        self._redactor = redactor
        self._source, self._target = source, target
        self._withheld: Counter[str] = Counter()

    def move(self, older_than: float) -> None:
        """Move the files that were written last before a time, in seconds since 1970."""
        for file in sorted(self._source.glob("*.json")):
            try:
                if file.stat().st_mtime < older_than:
                    self._move_one(file)
            except OSError as error:
                # a full target: the router's files wait, and are lost when their memory is full
                self._withheld[f"files that cannot be moved: {error.strerror}"] += 1

    def tell(self) -> None:
        """Write into the log how many exchanges or bodies were not handed on, and why. No word of them is told."""
        for reason, count in sorted(self._withheld.items()):
            print(json.dumps({"redaction": "withheld", "reason": reason, "count": count}), flush=True)
        self._withheld.clear()

    def _move_one(self, file: Path) -> None:
        try:
            text: str | None = within(MOST_SECONDS, lambda: self._redacted(file.read_bytes()))
        except Withheld as error:
            self._withheld[str(error)] += 1
            text = None
        except OSError:
            raise
        except Exception as error:
            # whatever it is: what was not redacted is not handed on, and the next file is another one
            self._withheld[type(error).__name__] += 1
            text = None
        if text is None:
            file.unlink(missing_ok=True)
            return
        # whole at once: what moves files on may look at any time
        part = self._target / f".{file.name}.part"
        try:
            part.write_text(text, "utf-8")
            # before it is handed on: one that cannot be deleted would be handed on again and again
            file.unlink()
        except OSError:
            part.unlink(missing_ok=True)
            raise
        part.rename(self._target / file.name)

    def _redacted(self, given: bytes) -> str:
        """A file of the router without what the rules name; only parts that are known are handed on."""
        try:
            document: object = json.loads(given)
        except (ValueError, RecursionError) as error:
            raise Withheld("files that are cut off, or no JSON") from error
        trace = _object(_object(document).get("http_buffered_trace"))
        if not trace:
            raise Withheld("files of another form")
        made = {name: self._side(_object(trace.get(name)), side) for name, side in _SIDES if trace.get(name)}
        return json.dumps({"http_buffered_trace": made})

    def _side(self, given: dict[str, object], side: Side) -> dict[str, object]:
        listed = given.get("headers")
        pairs = [_object(each) for each in (cast("list[object]", listed) if isinstance(listed, list) else [])]
        headers = {str(each.get("key", "")).lower(): str(each.get("value", "")) for each in pairs}
        made: dict[str, object] = {
            "headers": [
                {"key": name, "value": self._redactor.text(value)}
                for name, value in headers.items()
                if name in KEPT_HEADERS
            ]
        }
        if "headers_received_time" in given:
            made["headers_received_time"] = str(given["headers_received_time"])
        body = given.get("body")
        if body is not None:
            made["body"] = self._body(_object(body), headers, side)
        return made

    def _body(self, given: dict[str, object], headers: Mapping[str, str], side: Side) -> dict[str, object]:
        try:
            if given.get("truncated"):
                raise Withheld("bodies that the capture cut off")
            if headers.get("content-encoding", "identity").lower() != "identity":
                raise Withheld("bodies that are compressed")
            text = _text(given)
            made = self._redactor.body(text, headers.get("content-type", ""), side)
        except Withheld as error:
            self._withheld[str(error)] += 1
            return {"truncated": bool(given.get("truncated")), WITHHELD_MARK: True}
        return {"truncated": False, "as_bytes": base64.b64encode(made.encode("utf-8", "replace")).decode()}


def within(seconds: float, done: Callable[[], str]) -> str:
    """What is done in so many seconds.

    Raises:
        Withheld: it takes longer. Python asks for signals in an expression that takes long too.
    """

    def late(_number: int, _frame: FrameType | None) -> None:
        raise Withheld("exchanges that took too long: a pattern that does not end")

    before = signal.signal(signal.SIGALRM, late)
    # again and again: the answer of a request that took too long may take too long as well
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
    try:
        return done()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _text(body: dict[str, object]) -> str:
    if isinstance(found := body.get("as_string"), str):
        return found
    try:
        return base64.b64decode(str(body.get("as_bytes", "")), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Withheld("bodies that are no text") from error


def _object(given: object) -> dict[str, object]:
    return cast("dict[str, object]", given) if isinstance(given, dict) else {}


def _refuse(problem: str) -> int:
    print(f"mlplatform-redact: {problem}", file=sys.stderr)
    return _BAD
