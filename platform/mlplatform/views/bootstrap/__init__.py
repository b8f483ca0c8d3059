"""The bootstrap of a stack: a script for people, a document for tools."""
