"""The rules, one per file: the file is named after the rule's id."""
