"""Existing resources that a target names: what the models of all clouds share."""

from collections.abc import Iterator

from mlplatform.spec.base import SpecModel
from mlplatform.spec.references import References


class AdoptedPart(SpecModel):
    """An existing part of a platform, by the cloud's ids. Its owner keeps its settings, service rights and alarms."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        return iter(())


class Adopted(SpecModel):
    """Existing parts of a platform; those that are omitted are created."""

    def parts(self) -> dict[str, AdoptedPart]:
        """The parts that are named, by field."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: part for name, part in fields.items() if isinstance(part, AdoptedPart)}
