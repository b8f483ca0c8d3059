"""What records of releases say: the chain of a model, and the inventory of all."""
