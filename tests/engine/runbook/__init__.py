"""The run book docs/operations.md, read and followed line by line."""
