"""Puts a comment on a pull or merge request, and finds it again."""
