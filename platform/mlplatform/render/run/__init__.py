"""A second run of a training as a shell script, or as a request for tools."""
