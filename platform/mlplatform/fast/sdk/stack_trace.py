"""The stack trace that goes with a registration, without reading source files.

Pulumi takes it with `traceback.extract_stack`, which stats and reads the source of every file on the stack
(an SDK file has up to 10,000 lines) for text that is then thrown away: only file and line are sent.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import functools
import pathlib
import sys
from types import FrameType

from pulumi.runtime import resource as registration
from pulumi.runtime.proto import source_pb2

plain_stack_trace = registration._get_stack_trace

_CONSTRUCTORS = 3
"""`__init__` of Resource, of CustomResource or ComponentResource, and of the class itself."""


def stack_trace() -> source_pb2.StackTrace:
    """Stands in for `pulumi.runtime.resource._get_stack_trace`: the frames that constructed the resource."""
    seen = 0
    frame = sys._getframe(1)
    while (caller := frame.f_back) is not None:
        seen += frame.f_code.co_name == "__init__"
        if seen == _CONSTRUCTORS:
            return source_pb2.StackTrace(frames=_outwards(caller))
        frame = caller
    return source_pb2.StackTrace()


def _outwards(frame: FrameType | None) -> list[source_pb2.StackFrame]:
    frames: list[source_pb2.StackFrame] = []
    while frame is not None:
        uri, line = _uri(frame.f_code.co_filename), frame.f_lineno
        known = source_pb2.SourcePosition(uri=uri, line=line) if uri and line is not None else None
        frames.append(source_pb2.StackFrame(pc=known))
        frame = frame.f_back
    return frames


@functools.cache
def _uri(filename: str) -> str:
    """The file as a URI; empty for a relative or made-up name, such as `<string>`."""
    try:
        return pathlib.Path(filename).as_uri() if filename else ""
    except ValueError:
        return ""
