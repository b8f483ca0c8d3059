"""Pulumi's entry: makes the platform of the stack's spec on the stack's target."""

from pathlib import Path

import pulumi

from mlplatform.entry import configured_target, run_stack

config = pulumi.Config("mlplatform")
run_stack(Path(pulumi.get_root_directory()) / "stacks", config.require("spec"), configured_target(config))
