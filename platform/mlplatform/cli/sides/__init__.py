"""What a command's arguments name: specs, plan files, git revisions, and pairs of them to compare."""
