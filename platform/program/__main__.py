"""Pulumi's entry: makes what the stack's configuration names: a spec, a target, a layer."""

from pathlib import Path

import pulumi

from mlplatform.entry import run_configured

run_configured(Path(pulumi.get_root_directory()) / "stacks")
