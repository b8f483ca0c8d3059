"""The ids by which resources are imported."""

from __future__ import annotations

from mlplatform.catalog.import_ids import fill_form, import_form, matches
from mlplatform.mock_cloud.held import Held
from mlplatform.providers.accounts import Account
from mlplatform.providers.wire import value_at_path


def is_imported_as(held: Held, id_: str, account: Account) -> bool:
    """Whether an id is the one that the provider takes in an import of a resource.

    A type whose form is not known, or that has no import, is imported by no id.
    """
    form = import_form(held.token)
    if form is None or not form.form:
        return False
    facts = {"@account": account.account, "@number": account.number, "@region": account.region}

    def value_of(name: str) -> str | None:
        if name.startswith("@"):
            return facts[name]
        found = held.id if name == "id" else value_at_path(held.inputs, name)
        if found is None:
            found = value_at_path(held.outputs, name)
        return str(found) if isinstance(found, str | int | float) and found != "" else None

    filled = fill_form(form.form, value_of)
    # what the cloud made up stands in the resource's own id
    return filled is not None and (filled == id_ or (matches(filled, id_) and id_.endswith(held.id)))
