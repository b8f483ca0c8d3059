"""The arguments of commands: specs, plan files, git revisions, and pairs of them to compare."""
