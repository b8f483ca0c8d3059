"""Files for other tools, made from a spec by templates."""
