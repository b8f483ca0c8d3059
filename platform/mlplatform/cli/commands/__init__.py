"""One module per command, imported when the command is called.

Imports inside functions keep start-up short: `--help` loads neither pydantic nor Pulumi, and a command loads only what
its options ask for.
"""
