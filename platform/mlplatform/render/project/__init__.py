"""The files of a new project: `mlplatform init`."""
