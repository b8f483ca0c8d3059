"""Files made from a spec by templates: what other tools run."""
