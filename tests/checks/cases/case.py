"""One rule and one resource type: what complies, what does not, and what the rule does not speak of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from mlplatform.plan.model import Step

ROOT = "urn:pulumi:prod-test::mlplatform::"
TAGS = {"owner": "ml", "environment": "prod", "cost-center": "1", "data-class": "internal"}
DEV = {**TAGS, "environment": "dev"}


@dataclass(frozen=True)
class Around:
    """A resource, and others around it."""

    inputs: Mapping[str, object]
    others: tuple[tuple[str, str, Mapping[str, object]], ...] = ()
    """Type, the property that comes from the resource, inputs. A leading `<` turns the reference round, a leading
    `^` takes it from the other before."""

    protect: bool = False

    outputs: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Outputs in the state: of `it`, of `other0` and so on."""

    def steps(self, token: str) -> tuple[Step, ...]:
        """The steps, the resource itself first."""
        urn = f"{ROOT}{token}::it"
        deps: dict[str, tuple[str, ...]] = {}
        steps: list[Step] = []
        for number, (other, prop, inputs) in enumerate(self.others):
            other_urn = f"{ROOT}{other}::other{number}"
            own: dict[str, tuple[str, ...]] = {}
            if prop.startswith("<"):
                deps[prop[1:]] = (*deps.get(prop[1:], ()), other_urn)
            elif prop.startswith("^"):
                own[prop[1:]] = (steps[-1].urn,)
            elif prop:
                own[prop] = (urn,)
            name = f"other{number}"
            held = self.outputs.get(name, {})
            steps.append(Step("create", other_urn, other, name, True, inputs, property_dependencies=own, outputs=held))
        provider = "".join(f"{found}::id" for found in deps.pop("provider", ()))
        custom = not token.startswith("mlplatform:")
        it = Step(
            "create",
            urn,
            token,
            "it",
            custom,
            self.inputs,
            property_dependencies=deps,
            protect=self.protect,
            provider=provider,
            outputs=self.outputs.get("it", {}),
        )
        return (it, *steps)


@dataclass(frozen=True)
class Case:
    """One rule and one type."""

    rule: str
    token: str
    good: tuple[Around, ...]
    bad: tuple[Around, ...]
    apart: tuple[Around, ...] = field(default=())


def _many(value: object) -> tuple[Around, ...]:
    if value is None:
        return ()
    values = value if isinstance(value, list) else [value]
    return tuple(one if isinstance(one, Around) else Around(one) for one in values)


def case(rule: str, token: str, good: object, bad: object, apart: object = None) -> Case:
    """A case; each of the three is inputs, an `Around`, or a list of them."""
    return Case(rule, token, _many(good), _many(bad), _many(apart))


def around(
    inputs: Mapping[str, object],
    *others: tuple[str, str, Mapping[str, object]],
    protect: bool = False,
    outputs: Mapping[str, Mapping[str, object]] | None = None,
) -> Around:
    """A resource, and others around it."""
    return Around(inputs, others, protect, outputs or {})


def policy(**statement: object) -> str:
    """A policy document of one statement."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
