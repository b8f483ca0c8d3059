"""The feature store as a repository of Feast: configuration, definitions, and how they are asked."""
