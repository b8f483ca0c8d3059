"""Removes from captured requests and answers what a spec's `redact` names, before they are stored."""
