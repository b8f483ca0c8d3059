"""The rule tables of GCP."""

from __future__ import annotations

from mlplatform.providers.rules.base import RuleTables
from mlplatform.providers.rules.gcp.always_named import ALWAYS_NAMED
from mlplatform.providers.rules.gcp.documents import DOCUMENTS
from mlplatform.providers.rules.gcp.names import NAMES
from mlplatform.providers.rules.gcp.relations import CONFLICTS, PRODUCTS, WHEN
from mlplatform.providers.rules.gcp.tags import MAPS
from mlplatform.providers.rules.gcp.unique import UNIQUE
from mlplatform.providers.rules.gcp.values import VALUES

RULES = RuleTables(
    names=NAMES,
    always_named=ALWAYS_NAMED,
    values=(*DOCUMENTS, *VALUES),
    conflicts=CONFLICTS,
    when=WHEN,
    products=PRODUCTS,
    maps=MAPS,
    unique=UNIQUE,
)
