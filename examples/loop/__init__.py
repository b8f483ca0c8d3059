"""The closed loop on one machine: a model decays, is noticed, explained and replaced. `make loop` runs it."""
