"""One module per form of a pipeline; each has an emitter, and a reader that tests hold against the meaning."""
