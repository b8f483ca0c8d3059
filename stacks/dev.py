"""Development: the base without changes; stateful resources are not protected."""

from base import platform as base

platform = base.overlay(environment="dev")
