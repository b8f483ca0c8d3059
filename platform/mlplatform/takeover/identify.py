"""The id of each planned resource, as far as it follows from the spec and from ids that are known."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mlplatform.catalog.import_ids import MADE, fill_form, import_form, properties_of
from mlplatform.plan.model import Plan, Step
from mlplatform.providers.accounts import Account
from mlplatform.providers.wire import is_unknown, value_at_path
from mlplatform.takeover.made_up import made_up_texts


class Identifier:
    """Fills in the forms of ids with what a resolved plan knows.

    Args:
        plan: the resolved plan.
        account: the target's account.
    """

    def __init__(self, plan: Plan, account: Account) -> None:
        self._account = account
        self._made = made_up_texts(plan, account)
        self._regions = {
            step.urn: account.under(step.inputs).region
            for step in plan.steps
            if step.type.startswith("pulumi:providers:")
        }
        self._known: dict[str, str] = {}

    def know(self, step: Step, id_: str) -> None:
        """Note the real id of a resource: ids of others that contain it follow from it."""
        self._known[step.urn] = id_

    def id_of(self, step: Step) -> str | None:
        """The id, with `<id>` for what only the cloud knows; None where the form has no value or is not known."""
        form = import_form(step.type)
        return self.fill(step, form.form) if form is not None and form.form else None

    def fill(self, step: Step, form: str) -> str | None:
        """Any form over a planned resource."""
        return fill_form(form, lambda name: self._value(step, name))

    def waits(self, step: Step) -> frozenset[str]:
        """URNs of the resources whose ids are a part of this one's id and not known yet."""
        form = import_form(step.type)
        texts = (self._raw(step, name) for name in properties_of(form.form)) if form else ()
        found = (self._made[made] for text in texts if text for made in self._made if made in text)
        return frozenset(urn for urn, is_id in found if is_id and urn != step.urn and urn not in self._known)

    def _value(self, step: Step, name: str) -> str | None:
        facts: Mapping[str, str] = {
            "@account": self._account.account,
            "@number": self._account.number,
            "@region": self._regions.get(step.provider.rpartition("::")[0], self._account.region),
        }
        if name.startswith("@"):
            return facts[name]
        found = self._raw(step, name)
        return self._real(found) or None if found is not None else None

    def _raw(self, step: Step, name: str) -> str | None:
        """A property as the plan has it, with sample values."""
        found = step.id if name == "id" else value_at_path(step.inputs, name)
        if found is None or is_unknown(found):
            found = value_at_path(step.outputs, name)
        if isinstance(found, bool) or not isinstance(found, str | int | float):
            return None
        return str(found)

    def _real(self, text: str) -> str:
        """A text with real ids for sample ones, and `<id>` for what only the cloud knows."""
        for made in sorted((made for made in self._made if made in text), key=len, reverse=True):
            urn, is_id = self._made[made]
            real = self._known.get(urn, MADE) if is_id else MADE
            text = text.replace(made, real)
        return re.sub(rf"({MADE}){{2,}}", MADE, text)
