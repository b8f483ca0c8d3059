"""Packages of one's own: a cloud, a capability, a check, a risk rule."""
